"""Lists of labelled pictures on disk, and an honest split of them."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import numpy as np

from lightbox.core.errors import UserFacingError
from lightbox.core.tasks import TASKS, find_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SUFFIXES = (".png", ".jpg", ".jpeg")
MANIFEST_DATASETS = {"chest_xray": "chest_xray", "brain_mri": "brain_tumor_mri"}


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled picture.

    Args:
        path: where it is.
        name: the path relative to the data folder, as published in predictions.csv.
        label: class key.
        split: "train", "validation" or "test".
        group: pictures of one group (a patient, or copies of one file) never lie on both sides of a split we make.
        sha256: of the file.
    """

    path: Path
    name: str
    label: str
    split: str
    group: str
    sha256: str


def read_examples(data: Path, task: str) -> list[Example]:
    """All examples of a task: from ``manifest.csv`` where the folder has one, else from class folders.

    Raises:
        UserFacingError: the folder is absent, empty, or holds classes that the task does not know.
    """
    if not data.is_dir():
        raise UserFacingError(f"There is no folder {data}.", "Give the folder of the images with --data.")
    manifest = data / "manifest.csv"
    examples = _from_manifest(manifest, task) if manifest.is_file() else _from_folders(data, task)
    if not examples:
        raise UserFacingError(
            f"{data} holds no labelled images for {task}.",
            f"Lay them out as train/CLASS/*.jpg and test/CLASS/*.jpg, classes {', '.join(TASKS[task].classes)}.",
        )
    return sorted(examples, key=lambda example: example.name)


def _from_manifest(manifest: Path, task: str) -> list[Example]:
    dataset = MANIFEST_DATASETS.get(task, task)
    with manifest.open(newline="", encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["dataset"] == dataset]
    return [
        Example(
            path=manifest.parent / row["path"],
            name=row["path"],
            label=_label(row["label"], task),
            split=row["split"],
            group=row.get("patient") or row["sha256"],
            sha256=row["sha256"],
        )
        for row in rows
    ]


def _from_folders(data: Path, task: str) -> list[Example]:
    """``[SPLIT/]CLASS/file``; pictures outside a train or test folder are training pictures."""
    examples = []
    for path in sorted(data.rglob("*")):
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
            continue
        name = PurePosixPath(path.relative_to(data))
        parts = [part.lower() for part in name.parts[:-1]]
        split = "test" if any(part in {"test", "testing"} for part in parts) else "train"
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        examples.append(Example(path, str(name), _label(parts[-1] if parts else "", task), split, digest, digest))
    return examples


def _label(text: str, task: str) -> str:
    key = find_class(text, task)
    if key is None:
        raise UserFacingError(
            f"{text!r} is not a class of {task}.", f"Name the class folders {', '.join(TASKS[task].classes)}."
        )
    return key


def hold_out(examples: Sequence[Example], share: float, seed: int) -> list[Example]:
    """The same examples with about ``share`` of the training ones moved to "validation".

    Whole groups move, so no patient and no duplicated file lies on both sides. A training file that equals
    another by content joins its group first. Groups are drawn class by class, which keeps the class shares.
    """
    groups = _merge_duplicates(examples)
    moved: set[str] = set()
    generator = np.random.default_rng(seed)
    for label in sorted({example.label for example in examples}):
        sizes: dict[str, int] = {}
        for example in examples:
            if example.split == "train" and example.label == label:
                group = groups[example.name]
                sizes[group] = sizes.get(group, 0) + 1
        wanted = share * sum(sizes.values())
        taken = sum(count for group, count in sizes.items() if group in moved)
        for group in generator.permutation(sorted(sizes)):
            if taken >= wanted:
                break
            if group not in moved:
                moved.add(str(group))
                taken += sizes[group]
    return [
        replace(example, split="validation") if example.split == "train" and groups[example.name] in moved else example
        for example in examples
    ]


def _merge_duplicates(examples: Iterable[Example]) -> dict[str, str]:
    """Group of every example by name, groups that share a byte-identical file united."""
    parent: dict[str, str] = {}

    def root(group: str) -> str:
        while parent.setdefault(group, group) != group:
            group = parent[group]
        return group

    owner: dict[str, str] = {}
    listed = list(examples)
    for example in listed:
        first = owner.setdefault(example.sha256, example.group)
        parent[root(example.group)] = root(first)
    return {example.name: root(example.group) for example in listed}


def leaked_names(examples: Sequence[Example]) -> set[str]:
    """Names of the test pictures that are byte-identical to a training or validation picture."""
    seen = {example.sha256 for example in examples if example.split != "test"}
    return {example.name for example in examples if example.split == "test" and example.sha256 in seen}


def data_sha256(examples: Sequence[Example]) -> str:
    """One hash over names, labels, splits and contents, for the card."""
    lines = sorted(f"{example.name}\t{example.label}\t{example.split}\t{example.sha256}\n" for example in examples)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
