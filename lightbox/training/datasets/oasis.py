"""OASIS-1 as circulated with four stages of dementia: many slices of few subjects, and no test split."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.training.datasets.collection import Collection, Placed
from lightbox.training.datasets.tree import class_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import PurePosixPath

    from lightbox.training.datasets.tree import Tree

# In the order of the clinical dementia rating: 0, 0.5, 1, 2.
STAGES = ("non_demented", "very_mild_dementia", "mild_dementia", "moderate_dementia")
LAYOUT = (
    "Lay it out as Non Demented, Very mild Dementia, Mild Dementia and Moderate Dementia, file names as published "
    "(OAS1_0028_MR1_mpr-1_100.jpg)."
)
# The session (MR1, MR2) and the repetition (mpr-1) are the same person again.
SUBJECT = re.compile(r"^(OAS1_\d{4})_MR\d", re.IGNORECASE)
TEST_SHARE = 0.2


def recognises(tree: Tree) -> bool:
    """By the folders and one name: a name that hides its subject is refused later, not read as a mere folder."""
    folders = {class_key(folder) for folder in tree.folders()}
    return bool(folders) and folders <= set(STAGES) and any(SUBJECT.match(name.name) for name in tree.names)


def place(tree: Tree, _task: str) -> list[Placed]:
    """A split by subject that depends on the subjects' numbers alone, so that everybody has the same one.

    Raises:
        UserFacingError: a picture lies in another folder, or its name does not tell the subject.
    """
    rows = [(name, _stage(name), subject_of(name)) for name in tree.names]
    tests = choose_test_subjects({subject: stage for _name, stage, subject in rows})
    return [Placed(str(name), stage, "test" if subject in tests else "train", subject) for name, stage, subject in rows]


def subject_of(name: PurePosixPath) -> str:
    """Such as OAS1_0028.

    Raises:
        UserFacingError: the name has another form, so a split by subject cannot be made.
    """
    match = SUBJECT.match(name.name)
    if not match:
        raise UserFacingError(f"{name} does not name its subject, so no split by subject can be made.", LAYOUT)
    return match.group(1).upper()


def choose_test_subjects(stage_of: Mapping[str, str]) -> set[str]:
    """About a fifth of the subjects of every stage, at least one where there are two, in the order of a hash."""
    by_stage: defaultdict[str, list[str]] = defaultdict(list)
    for subject, stage in stage_of.items():
        by_stage[stage].append(subject)
    chosen: set[str] = set()
    for subjects in by_stage.values():
        ordered = sorted(subjects, key=lambda subject: hashlib.sha256(f"test {subject}".encode()).hexdigest())
        count = max(1, round(TEST_SHARE * len(ordered))) if len(ordered) > 1 else 0
        chosen.update(ordered[:count])
    return chosen


def _stage(name: PurePosixPath) -> str:
    stage = class_key(name.parent.name)
    if stage not in STAGES:
        raise UserFacingError(f"OASIS with four stages has no folder {name.parent.name!r} (at {name}).", LAYOUT)
    return stage


SPEC = Collection(
    key="oasis",
    title="OASIS-1 with four stages of dementia",
    layout=LAYOUT,
    recognises=recognises,
    place=place,
    classes=STAGES,
    source="OASIS-1 (Marcus et al. 2007), slices with four stages of dementia; OASIS data use agreement",
    note="The split is made by subject, from the file name. Moderate dementia comes from two subjects, so a figure for "
    "that stage says little.",
)
