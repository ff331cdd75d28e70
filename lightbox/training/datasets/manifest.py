"""A manifest.csv that lists the pictures."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.training.datasets.collection import Collection, Placed
from lightbox.training.datasets.folders import known_as
from lightbox.training.datasets.tree import MANIFEST, SPLIT_FOLDERS

if TYPE_CHECKING:
    from pathlib import Path

    from lightbox.training.datasets.tree import Tree

NAME = MANIFEST
REQUIRED = ("path", "split", "label")
LAYOUT = (
    "A manifest.csv needs the columns path, split and label, and may have dataset, patient and sha256; "
    "split is train, validation or test."
)
# What a manifest of several data sets calls the data of our tasks, as far as it has them.
DATASETS = {"chest_xray": ("chest_xray",), "brain_mri": ("brain_tumor_mri", "brain_tumor_mri_more")}


def recognises(tree: Tree) -> bool:
    return (tree.root / NAME).is_file()


def place(tree: Tree, task: str) -> list[Placed]:
    """The rows of the task's data sets where the manifest has several.

    Raises:
        UserFacingError: columns are missing, a split is unknown, or the task has no rows in a manifest of several.
    """
    rows = _rows(tree.root / NAME)
    datasets = sorted({row.get("dataset") or "" for row in rows})
    wanted = set(DATASETS.get(task, (task,))) & set(datasets)
    if wanted:
        rows = [row for row in rows if row.get("dataset") in wanted]
    elif datasets not in ([], [""]):
        raise UserFacingError(
            f"{tree.root / NAME} holds {', '.join(datasets)}, and nothing for {task or 'a task that was not named'}.",
            "Name the task (or the data set) with --task.",
        )
    return [
        Placed(
            row["path"],
            known_as(row["label"]),
            _split(row),
            row.get("patient") or "",
            _sha256(row),
            row.get("dataset") or "",
        )
        for row in rows
    ]


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8") as lines:
            reader = csv.DictReader(lines)
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserFacingError(f"{path} cannot be read ({error}).", LAYOUT) from error
    found = reader.fieldnames or []
    missing = [column for column in REQUIRED if column not in found]
    if missing:
        raise UserFacingError(
            f"{path} has no column {', '.join(missing)}; found: {', '.join(found) or 'nothing'}.", LAYOUT
        )
    return rows


def _split(row: dict[str, str]) -> str:
    text = (row["split"] or "").strip().lower()
    if text not in SPLIT_FOLDERS:
        raise UserFacingError(f"{row['split']!r} is not a split (at {row['path']}).", LAYOUT)
    return SPLIT_FOLDERS[text]


def _sha256(row: dict[str, str]) -> str:
    return (row.get("sha256") or "").strip().lower()


SPEC = Collection(
    key="manifest",
    title="a folder with manifest.csv",
    layout=LAYOUT,
    recognises=recognises,
    place=place,
    note="Splits and patients are the manifest's own.",
)
