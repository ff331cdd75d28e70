"""What is to be known of a data set as its authors publish it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from lightbox.training.datasets.tree import Tree


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture's place in a data set, before its file is read.

    Args:
        name: relative to the data folder.
        label: class key as the collection tells it; the task decides whether it is one of its classes.
        split: "train", "validation" or "test".
        patient: who it shows; empty where the collection does not tell.
        sha256: of the file in lower case, where a manifest says so.
        dataset: that a manifest of several names; empty elsewhere.
    """

    name: str
    label: str
    split: str
    patient: str = ""
    sha256: str = ""
    dataset: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """One data set, or one way to lay data out.

    Args:
        key: value of ``--collection``.
        title: for people.
        layout: one sentence, how the files must lie.
        recognises: whether a folder is laid out so.
        place: every picture's place; the second argument is the key of the task, which a manifest may need.
        task: the task of the app that it belongs to, empty for any.
        classes: class keys in the order of the logits where the collection fixes them, else empty.
        source: authors and licence, for the card.
        note: what is documented, and what is not, about its patients and splits; empty where nothing is.
    """

    key: str
    title: str
    layout: str
    recognises: Callable[[Tree], bool]
    place: Callable[[Tree, str], list[Placed]]
    task: str = ""
    classes: tuple[str, ...] = ()
    source: str = ""
    note: str = ""
