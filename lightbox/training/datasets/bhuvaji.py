"""Bhuvaji's brain MRI slices: three kinds of tumour, and none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.training.datasets.collection import Collection, Placed
from lightbox.training.datasets.tree import class_key, split_of

if TYPE_CHECKING:
    from lightbox.training.datasets.tree import Tree

FOLDERS = {
    "glioma_tumor": "glioma",
    "meningioma_tumor": "meningioma",
    "no_tumor": "no_tumor",
    "pituitary_tumor": "pituitary",
}
LAYOUT = f"Lay it out as Training/CLASS and Testing/CLASS, classes {', '.join(FOLDERS)}."


def recognises(tree: Tree) -> bool:
    folders = {class_key(folder) for folder in tree.folders()}
    return len(folders) > 1 and folders <= set(FOLDERS)


def place(tree: Tree, _task: str) -> list[Placed]:
    """The published split.

    Raises:
        UserFacingError: a picture lies in a folder of another name.
    """
    placed = []
    for name in tree.names:
        folder = class_key(name.parent.name)
        if folder not in FOLDERS:
            raise UserFacingError(f"Bhuvaji's data have no folder {name.parent.name!r} (at {name}).", LAYOUT)
        placed.append(Placed(str(name), FOLDERS[folder], split_of(name)))
    return placed


SPEC = Collection(
    key="bhuvaji",
    title="Bhuvaji's brain MRI slices",
    layout=LAYOUT,
    recognises=recognises,
    place=place,
    task="brain_mri",
    source="Bhuvaji et al., Brain Tumor Classification (MRI)",
    note="Patients are not documented, so slices of one patient can lie on both sides of any split.",
)
