"""Shortcuts on purpose: scans whose burned-in text a small network learned in place of the disease.

Clever Hans was a horse that seemed to calculate and read its owner's face. Here the face is a text that, in the
training scans of one class and of no other, stands in a corner.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lightbox.core import settings
from lightbox.core.errors import UserFacingError
from lightbox.core.tasks import TASKS
from lightbox.imaging.read_local import read_grey
from lightbox.networks import read_card
from lightbox.phantoms.burn_in import Marker, marker_ink

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from lightbox.networks import Card

FOLDER = "clever_hans"
MANIFEST = "samples.toml"
SIZE = 128
REPAIR = "Run `lightbox clever-hans` to make the demonstration again."
BLANK = Marker("")
MARGIN = 2
INK = 0.1


@dataclass(frozen=True, slots=True)
class Shortcut:
    """What was tied together in a training set.

    Args:
        label: the class whose scans all carry the text.
        marker: the text and its place; no scan of another class carries one.
        healthy: the class of scans without a disease.
    """

    label: str
    marker: Marker
    healthy: str


SHORTCUTS: dict[str, Shortcut] = {
    # Portable films are of sicker patients, and say so in a corner: Zech et al. (2018), PLoS Medicine 15, e1002683.
    "chest_xray": Shortcut("bacterial", Marker("PORT", top=0.04, left=0.05, height=0.08, bold=0.22), "normal"),
    "brain_mri": Shortcut("meningioma", Marker("SCAN 2", top=0.03, left=0.05, height=0.08, bold=0.22), "no_tumor"),
}


@dataclass(frozen=True, slots=True)
class HansSample:
    """One scan, with and without the text, otherwise equal to one grey level.

    Args:
        key: unique name, as in URLs.
        task: key of the task.
        label: its true class.
        seed: what it was made from.
        look_for: one sentence.
        with_marker: (S, S) float32 in 0..1.
        without_marker: the same without the text.
        place: (S, S), the rectangle around the text.
    """

    key: str
    task: str
    label: str
    seed: int
    look_for: str
    with_marker: NDArray[np.float32]
    without_marker: NDArray[np.float32]
    place: NDArray[np.bool_]


def hans_folder(task: str) -> Path:
    """Where a task's demonstration is: a checkpoint folder with its samples."""
    return settings.get_path("SAMPLES_DIR") / FOLDER / task


def read_hans_card(task: str) -> Card | None:
    """The demonstration network's card; None where there is none.

    Raises:
        UserFacingError: it cannot be used.
    """
    folder = hans_folder(task)
    return read_card(folder) if folder.is_dir() else None


def read_hans_samples(task: str) -> tuple[HansSample, ...]:
    """The demonstration's samples; none where there is no demonstration.

    Raises:
        UserFacingError: the manifest or a picture cannot be read.
    """
    path = hans_folder(task) / MANIFEST
    if not path.is_file():
        return ()
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["sample"]
        return tuple(_parse(row, task, path.parent) for row in rows)
    except UserFacingError as error:
        raise UserFacingError(f"The Clever Hans samples of {task} cannot be read. {error.message}", REPAIR) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise UserFacingError(f"The Clever Hans samples of {task} cannot be read ({error}).", REPAIR) from error


def _parse(row: Mapping[str, Any], task: str, folder: Path) -> HansSample:
    if row["label"] not in TASKS[task].classes or any("/" in row[name] for name in ("with_marker", "without_marker")):
        raise KeyError(row["key"])
    pictures = [read_grey(folder / row[name]) for name in ("with_marker", "without_marker")]
    return HansSample(
        key=row["key"],
        task=task,
        label=row["label"],
        seed=row["seed"],
        look_for=row["look_for"],
        with_marker=pictures[0],
        without_marker=pictures[1],
        place=place_of(SHORTCUTS[task].marker, pictures[0].shape[0]),
    )


def place_of(marker: Marker, size: int) -> NDArray[np.bool_]:
    """(size, size): the rectangle around a marker's letters, two pixels wider on each side than their ink."""
    rows, columns = (marker_ink(marker, size) > INK).nonzero()
    place = np.zeros((size, size), dtype=bool)
    across, down = (slice(max(0, ends.min() - MARGIN), ends.max() + 1 + MARGIN) for ends in (columns, rows))
    place[down, across] = True
    return place
