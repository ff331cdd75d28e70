"""Asks a network about the same scans under every alteration."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import torch

from lightbox.core.errors import UserFacingError
from lightbox.imaging.preprocess import prepare
from lightbox.metrics.predictions import NEW_SOURCES_NAME, read_predictions
from lightbox.metrics.robustness import UNALTERED, Altered, Robustness
from lightbox.metrics.unseen import find_seen
from lightbox.networks import load_checkpoint
from lightbox.provenance.data_audit import find_audit
from lightbox.training.arrays import read_example
from lightbox.training.datasets import leaked_names, read_examples
from lightbox.training.datasets.sampling import sample
from lightbox.training.robustness.alterations import ALTERATIONS, alter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from lightbox.networks import Card, Network
    from lightbox.training.datasets import Example

SCANS = 240
BATCH = 32


def measure(
    card: Card, data: Path, *, scans: int = SCANS, seed: int = 0, on_step: Callable[[int, int], None] | None = None
) -> Robustness:
    """Accuracy unaltered and under each of `ALTERATIONS`, on test scans that are new to the network.

    Args:
        card: of the network.
        data: folder of the task's pictures.
        scans: about how many; chosen by ``seed``, the classes in their shares.
        seed: of the choice, and of what the alterations leave to chance.
        on_step: called with (passes done, all).

    Raises:
        UserFacingError: the data cannot be read, or no test scan is new to the network.
    """
    chosen = choose(card, data, scans, seed)
    network = load_checkpoint(card)
    steps = [(UNALTERED, 0.0)]
    steps += [(key, strength) for key, (_, strengths) in ALTERATIONS.items() for strength in strengths]
    labels = np.array([card.classes.index(example.label) for example in chosen])
    answers = np.empty((len(steps), len(chosen)), dtype=np.int64)
    for start in range(0, len(chosen), BATCH):
        part = range(start, min(start + BATCH, len(chosen)))
        pictures = [read_example(chosen[number]) for number in part]
        for step, (key, strength) in enumerate(steps):
            altered = [_altered(key, each, strength, seed, number) for number, each in zip(part, pictures, strict=True)]
            answers[step, part] = _ask(network, altered)
            if on_step is not None:
                on_step(start * len(steps) + (step + 1) * len(part), len(chosen) * len(steps))
    rows = (
        Altered(key, strength, int((row == labels).sum()), int((row == answers[0]).sum()))
        for (key, strength), row in zip(steps, answers, strict=True)
    )
    today = datetime.now(UTC).date().isoformat()
    return Robustness(card.task, card.network, card.sha256, today, seed, len(chosen), tuple(rows))


def choose(card: Card, data: Path, scans: int, seed: int) -> list[Example]:
    """Test scans that the network has not seen, in no file and no other form; every class keeps its share.

    Raises:
        UserFacingError: there is none.
    """
    examples = read_examples(data, card.task)
    seen = find_seen(find_audit(card.task), [card]) | leaked_names(examples)
    own = _held_out(card)
    fresh = [row for row in examples if row.name in own or (row.split == "test" and row.name not in seen)]
    if not fresh:
        raise UserFacingError(
            f"No test scan in {data} is new to {card.task}/{card.network}.", "Give data that it was not trained on."
        )
    return sample(fresh, scans, seed)


def _held_out(card: Card) -> set[str]:
    """Names of the scans of the network's own test set of further sources, where it has one."""
    path = card.folder / NEW_SOURCES_NAME
    return set(read_predictions(path, card).names) if path.is_file() else set()


def _altered(key: str, pixels: NDArray[np.float32], strength: float, seed: int, number: int) -> NDArray[np.float32]:
    return pixels if key == UNALTERED else alter(key, pixels, strength, seed, number)


def _ask(network: Network, pictures: Sequence[NDArray[np.float32]]) -> NDArray[np.int64]:
    prepared = np.stack([prepare(each, network.preprocessing).pixels for each in pictures])
    with torch.no_grad():
        called: NDArray[np.int64] = network.logits(network.to_input(prepared)).argmax(1).numpy()
    return called
