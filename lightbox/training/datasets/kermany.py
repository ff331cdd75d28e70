"""Kermany's paediatric chest X-rays: normal, bacterial and viral pneumonia."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.training.datasets.collection import Collection, Placed
from lightbox.training.datasets.tree import split_of

if TYPE_CHECKING:
    from pathlib import PurePosixPath

    from lightbox.training.datasets.tree import Tree

LAYOUT = (
    "Lay it out as train/NORMAL, train/PNEUMONIA, test/NORMAL and test/PNEUMONIA, file names as published "
    "(person12_virus_34.jpeg, IM-0012-0001.jpeg)."
)
# person12_virus_34, IM-0012-0001, NORMAL2-IM-0012-0001: the number after the word is the patient's.
PATIENT = re.compile(r"^(person\d+|(?:NORMAL2-)?IM-\d+)", re.IGNORECASE)
KINDS = {"bacteria": "bacterial", "virus": "viral"}


def recognises(tree: Tree) -> bool:
    folders = {folder.upper() for folder in tree.folders()}
    return folders == {"NORMAL", "PNEUMONIA"} and any(_kind(name) for name in tree.names)


def place(tree: Tree, _task: str) -> list[Placed]:
    """The published split. A ``val`` folder (16 pictures in one edition) is training data: it is no sample of patients.

    Raises:
        UserFacingError: a picture lies in another folder, or is pneumonia without "bacteria" or "virus" in its name.
    """
    return [Placed(str(name), _label(name), _split(name), patient_of(name)) for name in tree.names]


def patient_of(name: PurePosixPath) -> str:
    """Such as person12; empty for a name of another form."""
    match = PATIENT.match(name.name)
    return match.group(1) if match else ""


def _split(name: PurePosixPath) -> str:
    return "test" if split_of(name) == "test" else "train"


def _kind(name: PurePosixPath) -> str:
    return next((label for word, label in KINDS.items() if word in name.stem.lower()), "")


def _label(name: PurePosixPath) -> str:
    folder = name.parent.name.upper()
    if folder == "NORMAL":
        return "normal"
    if folder != "PNEUMONIA":
        raise UserFacingError(f"Kermany's data have no folder {name.parent.name!r} (at {name}).", LAYOUT)
    kind = _kind(name)
    if not kind:
        raise UserFacingError(f"{name} has neither bacteria nor virus in its name, so its class is not known.", LAYOUT)
    return kind


SPEC = Collection(
    key="kermany",
    title="Kermany's chest X-rays",
    layout=LAYOUT,
    recognises=recognises,
    place=place,
    task="chest_xray",
    source="Kermany et al., Labeled OCT and Chest X-Ray Images, Mendeley Data, CC BY 4.0",
    note="The patient is read from the file name. Numbers such as person100 occur in the training and in the test "
    "split; whether that is the same child is not documented.",
)
