"""One labelled picture of a data set, and facts about many."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# "new_sources": a test set of our own, of collections that bring none; see `hold_out_new_sources`.
SPLITS = ("train", "validation", "test", "new_sources")
TESTS = ("test", "new_sources")


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled picture.

    Args:
        path: where it is.
        name: the path relative to the data folder, as published in predictions.csv.
        label: class key.
        split: one of `SPLITS`.
        group: pictures of one group (a patient, or copies of one file) never lie on both sides of a split we make.
        sha256: of the file.
        patient: who it shows, as far as file name or manifest tell; empty where they do not.
        synthetic: whether it was generated, so that its label is certain.
        dataset: which of several in one manifest it is of; empty where there is one.
    """

    path: Path
    name: str
    label: str
    split: str
    group: str
    sha256: str
    patient: str = ""
    synthetic: bool = False
    dataset: str = ""


def seen_sha256(examples: Sequence[Example]) -> set[str]:
    """The sha256 of the files that training sees, its validation split included."""
    return {example.sha256 for example in examples if example.split not in TESTS}


def leaked_names(examples: Sequence[Example]) -> set[str]:
    """Names of the test pictures that are byte-identical to a training or validation picture."""
    seen = seen_sha256(examples)
    return {example.name for example in examples if example.split == "test" and example.sha256 in seen}


def data_sha256(examples: Sequence[Example]) -> str:
    """One hash over names, labels, splits and contents, for the card."""
    lines = sorted(f"{example.name}\t{example.label}\t{example.split}\t{example.sha256}\n" for example in examples)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
