"""A network's answers on its own test set, read once for everybody: they cannot be changed, and are no upload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.core.unchanged_files import read_once
from lightbox.metrics.predictions import NEW_SOURCES_NAME, PREDICTIONS_NAME, read_predictions

if TYPE_CHECKING:
    from pathlib import Path

    from lightbox.metrics.predictions import Predictions
    from lightbox.networks import Card


def read(card: Card) -> Predictions:
    """The answers beside a checkpoint's card.

    Raises:
        UserFacingError: the file cannot be used.
        FileNotFoundError: there is none.
    """
    path = card.folder / PREDICTIONS_NAME
    return _read(path, card)


def read_new_sources(card: Card) -> Predictions | None:
    """The answers on the network's own test set of further sources; None where it has none.

    Raises:
        UserFacingError: the file cannot be used.
    """
    path = card.folder / NEW_SOURCES_NAME
    if not path.is_file():
        return None
    return _read(path, card)


def _read(path: Path, card: Card) -> Predictions:
    path.stat()  # a file that is missing is no fault of its content
    about = ("answers", card.task, card.network, *card.classes)
    return read_once(about, (path,), lambda: read_predictions(path, card))
