"""A test set on its way through the networks: few files at a time, so ten thousand take no more memory than ten."""

from __future__ import annotations

import time
import uuid
from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from lightbox.core.errors import UserFacingError
from lightbox.jobs.request import Work
from lightbox.metrics.predictions import Predictions
from lightbox.testsets.item import Remark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lightbox.jobs import Engine, Job
    from lightbox.networks.card import Card
    from lightbox.provenance.training_files import TrainingFiles
    from lightbox.testsets.item import Brought, Item
    from lightbox.testsets.labels import Sorted
    from lightbox.testsets.verdict import Verdict

BATCH_FILES = 8
BATCH_BYTES = 8 * 1024 * 1024
# Batches at the engine at once: enough for two lanes to have the next one at hand, few enough for other users.
AHEAD = 3
BROKE_OFF = "Judging it broke off."
KILLER = "Reading it, or judging it, ended a worker process, probably because memory ran out."


class Evaluation:
    """One evaluation. It moves only when `advance` is called, from one thread; dropping it forgets everything.

    The work has keys that nobody else can ask for, and its results are held by no cache.

    Args:
        brought: gives the content of each file.
        chosen: the files with their classes.
        cards: of the networks, by key, all of one task.
        seen: what is known of the files that each of them was trained on.
    """

    def __init__(
        self,
        brought: Brought,
        chosen: Sorted,
        cards: Mapping[str, Card],
        seen: Mapping[str, TrainingFiles] | None = None,
    ) -> None:
        self.cards = dict(cards)
        self.seen = dict(seen or {})
        self.problems: list[Remark] = [*brought.problems, *chosen.left_out]
        self.total = len(chosen.labelled)
        self.waiting_for = ""
        self._brought = brought
        self._labels = dict(chosen.labelled)
        self._waiting: deque[tuple[Item, ...]] = deque(_batches([item for item, _ in chosen.labelled]))
        self._under_way: list[tuple[tuple[Item, ...], Job]] = []
        self._verdicts: dict[Item, Verdict] = {}
        self._refused = 0
        self._name = uuid.uuid4().hex
        self._sent = 0
        self._begun_at = time.monotonic()

    @property
    def done(self) -> int:
        """Files judged or refused."""
        return len(self._verdicts) + self._refused

    @property
    def finished(self) -> bool:
        return not self._waiting and not self._under_way

    @property
    def progress(self) -> float:
        """0 to 1, with what is known of the batches under way."""
        partly = sum(job.progress * len(batch) for batch, job in self._under_way)
        return min(1.0, (self.done + partly) / self.total) if self.total else 1.0

    @property
    def seconds_left(self) -> float | None:
        """By the pace so far; None at the beginning."""
        if self.done == 0 or self.finished:
            return None
        return (time.monotonic() - self._begun_at) * (self.total - self.done) / self.done

    @property
    def jobs(self) -> list[Job]:
        """What is at the engine now."""
        return [job for _, job in self._under_way]

    def judges(self, chosen: Sorted) -> bool:
        """Whether these are the files that it was begun with, each of the class that it had then."""
        return dict(chosen.labelled) == self._labels

    def advance(self, engine: Engine, owner: str) -> None:
        """Take what has ended, send what comes next. Returns at once."""
        still = []
        for batch, job in self._under_way:
            if job.ended:
                engine.release(job, owner)
                self._take(batch, job)
            else:
                still.append((batch, job))
        self._under_way = still
        self.waiting_for = ""
        while self._waiting and len(self._under_way) < AHEAD:
            if not self._send(self._waiting.popleft(), engine, owner):
                return

    def cancel(self, engine: Engine, owner: str) -> None:
        """Stop; what is judged already stays."""
        for _, job in self._under_way:
            engine.release(job, owner)
        left = [*(batch for batch, _ in self._under_way), *self._waiting]
        self.problems += [Remark(item.name, "Not judged: it was stopped before.") for batch in left for item in batch]
        self._refused += sum(len(batch) for batch in left)
        self._under_way, self._waiting = [], deque()

    def predictions(self) -> dict[str, Predictions]:
        """What each network said of the files judged so far, in the order in which they were brought."""
        judged = [(item, self._verdicts[item]) for item in self._labels if item in self._verdicts]
        return {
            network: Predictions(
                task=card.task,
                network=network,
                classes=card.classes,
                names=tuple(item.name for item, _ in judged),
                sha256=tuple(verdict.sha256 for _, verdict in judged),
                labels=np.array([card.classes.index(self._labels[item]) for item, _ in judged], dtype=np.int64),
                probabilities=np.array(
                    [verdict.probabilities[network] for _, verdict in judged], dtype=np.float32
                ).reshape(-1, len(card.classes)),
                leaked=np.array([self._is_known(network, verdict) for _, verdict in judged], dtype=np.bool_),
            )
            for network, card in self.cards.items()
        }

    def _is_known(self, network: str, verdict: Verdict) -> bool:
        return network in self.seen and self.seen[network].knows(verdict.sha256)

    def concerns(self) -> list[Remark]:
        """Files that were judged and may be no upright scan of the kind, each with the reason."""
        judged = ((item, self._verdicts[item]) for item in self._labels if item in self._verdicts)
        return [Remark(item.name, verdict.concern) for item, verdict in judged if verdict.concern]

    def read(self, name: str, sha256: str) -> bytes:
        """The content of a judged file, by what `Predictions` calls it.

        Raises:
            UserFacingError: there is no such file, or its source has changed.
        """
        import hashlib

        item = next((item for item in self._verdicts if item.name == name), None)
        content = None if item is None else self._brought.read(item)
        if content is None or hashlib.sha256(content).hexdigest() != sha256:
            raise UserFacingError("This file is no longer what was judged.", "Bring the test set again.")
        return content

    def _send(self, batch: tuple[Item, ...], engine: Engine, owner: str) -> bool:
        """Whether the next batch may follow."""
        readable: list[Item] = []
        contents: list[bytes] = []
        for item in batch:
            try:
                contents.append(self._brought.read(item))
                readable.append(item)
            except UserFacingError as error:
                self._refuse(item, error.message)
        if not readable:
            return True
        self._sent += 1
        work = Work(
            f"{self._name}/{self._sent}",
            "lightbox.testsets.worker:judge",
            {"cards": tuple(self.cards.values()), "files": contents},
            kept=False,
        )
        try:
            self._under_way.append((tuple(readable), engine.submit(work, owner)))
        except UserFacingError as error:
            self.waiting_for = error.message
            self._waiting.appendleft(tuple(readable))
            return False
        return True

    def _take(self, batch: tuple[Item, ...], job: Job) -> None:
        if job.state == "done":
            for item, verdict in zip(batch, job.result, strict=True):
                if verdict.error:
                    self._refuse(item, verdict.error)
                else:
                    self._verdicts[item] = verdict
        elif job.state == "cancelled":
            # Another page was open for a while, and let go of what it did not know.
            self._waiting.appendleft(batch)
        elif len(batch) > 1:
            # One of these is at fault: each by itself, and the others are judged.
            self._waiting.extendleft((item,) for item in reversed(batch))
        else:
            self._refuse(batch[0], KILLER if job.killed else job.error.message if job.error else BROKE_OFF)

    def _refuse(self, item: Item, reason: str) -> None:
        self.problems.append(Remark(item.name, reason))
        self._refused += 1


def _batches(items: Sequence[Item]) -> list[tuple[Item, ...]]:
    """A few files each, and not many bytes; a large file is a batch of its own."""
    batches: list[tuple[Item, ...]] = []
    batch: list[Item] = []
    size = 0
    for item in items:
        if batch and (len(batch) == BATCH_FILES or size + item.size > BATCH_BYTES):
            batches.append(tuple(batch))
            batch, size = [], 0
        batch.append(item)
        size += item.size
    return [*batches, tuple(batch)] if batch else batches
