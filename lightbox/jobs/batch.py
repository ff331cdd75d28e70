"""A folder explained by the engine: resumable, one shard of images a job."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lightbox.core.errors import UserFacingError
from lightbox.explainers import METHODS, complete_params
from lightbox.jobs.batch_plan import hold_alone, look_through, nothing_found, plan_shards, write_left_out
from lightbox.jobs.request import Work, fingerprint, make_key
from lightbox.jobs.shard_files import forget_deaths, is_done
from lightbox.networks import NETWORKS, get_card

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from lightbox.explainers.base import ParamValue
    from lightbox.jobs.engine import Engine
    from lightbox.jobs.job import Job
    from lightbox.networks import Card

OWNER = "batch"
# In the worker itself: a child process per image took as long as its maps. A file that takes its decoder down costs
# its worker; the shard goes on where it was, and after three deaths the file is a row that says so.
READER = "lightbox.imaging.read_local:read_scan"
SHARD_SIZE = 32
POLL_SECONDS = 0.2
# A shard whose worker dies goes on where it was; each image may be met by that many deaths.
TRIES_EACH = 3
# What a worker wrote on a shared file system shows here after a while.
SECONDS_TO_APPEAR = 60.0


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far a batch is.

    Args:
        images: of the whole batch.
        done: images finished, those of earlier runs included.
        seconds_left: estimate from this run's pace; None before the first image.
    """

    images: int
    done: float
    seconds_left: float | None


def explain_folder(
    folder: Path,
    out: Path,
    *,
    task: str,
    network: str,
    methods: Sequence[str],
    engine: Engine | Callable[[], Engine],
    params: Mapping[str, Mapping[str, ParamValue]] | None = None,
    shard_size: int = SHARD_SIZE,
    reader: str = READER,
    on_progress: Callable[[BatchProgress], None] | None = None,
) -> int:
    """The number of images explained into ``out``, each for the class that the network predicts.

    Kill it at any time and call it again with the same arguments: a shard that is complete is not touched, an open one
    goes on after its last image. ``out`` then holds ``table/part-00000.parquet`` (a row an image and method) and
    ``maps/part-00000.npz`` (raw maps, (S, S) float32, by the name in the row's ``map``), for each shard; and where
    files are no scans, ``left_out.csv`` with their paths and the reasons, which `batch_findings.read_left_out` reads.

    Args:
        folder: searched to any depth for PNG, JPEG and DICOM files, whatever they are called, in the order of their
            names.
        out: made where it is missing.
        task: key of the task.
        network: key of the architecture.
        methods: keys of the methods.
        engine: computes the shards; or what gives it, called once nothing is left that could be refused.
        params: by method, what differs from its defaults.
        shard_size: images a shard, and so a job.
        reader: "package.module:function" that makes a `Scan` of (content, task).
        on_progress: called a few times a second.

    Raises:
        UserFacingError: a parameter is wrong, there is nothing to explain, ``out`` belongs to another batch or is in
            use by one, or a shard could not be finished. What is finished stays.
    """
    for method in methods:  # once, and not as an error of every image
        complete_params(METHODS[method], NETWORKS[network], (params or {}).get(method, {}))
    card = get_card(task, network)
    settings = {
        "task": task,
        "network": network,
        "checkpoint": fingerprint(card),
        "methods": list(methods),
        "params": {method: dict((params or {}).get(method, {})) for method in methods},
        "reader": reader,
    }
    scans, left_out = look_through(folder, out)
    with hold_alone(out):
        shards = plan_shards(scans, out, settings, shard_size)
        if not shards:
            raise nothing_found(folder, left_out)
        # An older plan may hold a file that would be left out today: it is a scan of that batch.
        known = {name for shard in shards for name in shard}
        write_left_out(out, {name: reason for name, reason in left_out.items() if name not in known})
        forget_deaths(out)
        running = engine() if callable(engine) else engine
        batch = _Batch(running, folder, out, settings=settings, card=card, shards=shards)
        batch.run(on_progress or _ignore)
    return sum(map(len, shards))


class _Batch:
    """Feeds the shards to the engine, a few more than it has lanes."""

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        out: Path,
        *,
        settings: Mapping[str, Any],
        card: Card,
        shards: list[list[str]],
    ) -> None:
        self.engine = engine
        self.folder = folder
        self.out = out
        self.settings = settings
        self.card = card  # of the plan: another may have taken its place in the models folder meanwhile
        self.shards = shards
        # Two runs may ask for the same shard: ``out`` was emptied between them, or its settings differ.
        self.run_key = uuid.uuid4().hex
        self.waiting = [number for number in range(len(shards)) if not is_done(out, number)]
        self.tries = dict.fromkeys(self.waiting, 0)
        self.running: dict[int, Job] = {}
        self.images_before = sum(len(shards[number]) for number in range(len(shards)) if number not in self.tries)
        self.images_done = self.images_before

    def run(self, on_progress: Callable[[BatchProgress], None]) -> None:
        begun_at = time.monotonic()
        try:
            while self.waiting or self.running:
                while self.waiting and len(self.running) < 2 * max(1, self.engine.status().lanes):
                    self._submit(self.waiting.pop(0))
                time.sleep(POLL_SECONDS)
                for number, job in list(self.running.items()):
                    if job.ended:
                        self._settle(number, job)
                on_progress(self._progress(time.monotonic() - begun_at))
        finally:
            for job in self.running.values():
                self.engine.release(job, OWNER)

    def _submit(self, number: int) -> None:
        self.tries[number] += 1
        arguments = {
            "number": number,
            "names": self.shards[number],
            "folder": str(self.folder.resolve()),
            "out": str(self.out.resolve()),
            "card": self.card,
            "params": self.settings["params"],
            "reader": self.settings["reader"],
        }
        key = make_key(kind="shard", run=self.run_key, number=number, attempt=self.tries[number])
        work = Work(key, "lightbox.jobs.worker.shard:explain_shard", arguments, kept=False)
        self.running[number] = self.engine.submit(work, OWNER)

    def _settle(self, number: int, job: Job) -> None:
        """Strike a finished shard off; one that lost its workers goes on, skipping what killed them.

        Raises:
            UserFacingError: it can neither be finished nor tried again.
        """
        if job.state == "done" and not is_done(self.out, number) and _is_recent(job):
            return  # looked for again at the next turn
        del self.running[number]
        self.engine.release(job, OWNER)
        if job.state == "done" and is_done(self.out, number):
            self.images_done += len(self.shards[number])
        elif job.killed and self.tries[number] <= TRIES_EACH * len(self.shards[number]):
            self.waiting.insert(0, number)
        else:
            raise job.error or _unfinished(number, self.out, job)

    def _progress(self, seconds: float) -> BatchProgress:
        images = sum(map(len, self.shards))
        done = self.images_done + sum(job.progress * len(self.shards[number]) for number, job in self.running.items())
        fresh = done - self.images_before
        return BatchProgress(images, done, seconds * (images - done) / fresh if fresh >= 1 else None)


def _is_recent(job: Job) -> bool:
    return job.ended_at is None or time.monotonic() - job.ended_at < SECONDS_TO_APPEAR


def _unfinished(number: int, out: Path, job: Job) -> UserFacingError:
    """Why a shard that did not fail is not there."""
    if job.state == "done":
        return UserFacingError(
            f"A worker finished shard {number}, and its table is not in {out.name}.",
            "Give every worker the same folders under the same paths, on a file system that all of them share.",
        )
    return UserFacingError(
        f"Shard {number} was stopped before its end.", "Start the same command again: it goes on where it was."
    )


def _ignore(_progress: BatchProgress) -> None:
    """The progress of a batch that nobody watches."""
