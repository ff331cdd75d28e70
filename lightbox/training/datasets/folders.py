"""Any data laid out as folders of classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.core.tasks import ALIASES
from lightbox.training.datasets.collection import Collection, Placed
from lightbox.training.datasets.tree import SPLIT_FOLDERS, class_key, split_of

if TYPE_CHECKING:
    from lightbox.training.datasets.tree import Tree

LAYOUT = "Lay it out as train/CLASS and test/CLASS, or as CLASS alone."


def recognises(tree: Tree) -> bool:
    """Whether every picture lies in a folder that can be a class."""
    folders = {folder.lower() for folder in tree.folders()}
    return bool(folders) and "" not in folders and not folders & set(SPLIT_FOLDERS)


def place(tree: Tree, _task: str) -> list[Placed]:
    """``[SPLIT/]CLASS/file``; outside a folder that names a split, everything is training data."""
    return [Placed(str(name), known_as(name.parent.name), split_of(name)) for name in tree.names]


def known_as(text: str) -> str:
    """The class key for a word that a folder or a manifest uses."""
    key = class_key(text)
    return ALIASES.get(key, key)


SPEC = Collection(
    key="folders",
    title="a folder of classes",
    layout=LAYOUT,
    recognises=recognises,
    place=place,
    note="Patients are not known, so pictures of one patient can lie on both sides of a split.",
)
