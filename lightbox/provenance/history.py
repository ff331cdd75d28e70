"""How a checkpoint's training went, epoch by epoch."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lightbox.core.errors import UserFacingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.networks.card import Card

HISTORY_NAME = "history.csv"
SPLITS = ("train", "validation")


@dataclass(frozen=True, slots=True)
class Epoch:
    """One pass over the training set, seen from one split.

    Args:
        number: from 1.
        split: "train" (means over the pass, augmented pictures, the network that steps) or "validation" (after the
            pass, the averaged weights).
        size: side of the input grid in pixels.
        loss: cross entropy; in training with label smoothing where the card says so.
        accuracy: 0..1.
        balanced_accuracy: 0..1; None where it was not measured.
        learning_rate: at the end of the pass.
    """

    number: int
    split: str
    size: int
    loss: float
    accuracy: float
    balanced_accuracy: float | None
    learning_rate: float


def read_history(card: Card) -> tuple[Epoch, ...]:
    """The epochs in a checkpoint's history.csv, in the file's order; none where there is no such file.

    Raises:
        UserFacingError: the file cannot be read as such a table.
    """
    path = card.folder / HISTORY_NAME
    if not path.is_file():
        return ()
    try:
        with path.open(newline="", encoding="utf-8") as lines:
            return tuple(_parse(row) for row in csv.DictReader(lines, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error, ValueError, KeyError, TypeError) as error:
        raise UserFacingError(
            f"The {HISTORY_NAME} of {card.task}/{card.network} cannot be read ({error}).",
            "Take the file from where the checkpoint was published, or train it again.",
        ) from error


def _parse(row: Mapping[str, Any]) -> Epoch:
    if row["split"] not in SPLITS:
        raise ValueError(f"{row['split']!r} is no split")
    return Epoch(
        number=int(row["epoch"]),
        split=row["split"],
        size=int(row["size"]),
        loss=float(row["loss"]),
        accuracy=float(row["accuracy"]),
        balanced_accuracy=float(row["balanced_accuracy"]) if row["balanced_accuracy"] else None,
        learning_rate=float(row["learning_rate"]),
    )
