"""An honest validation split: whole patients, or whole sources of pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lightbox.core.errors import UserFacingError
from lightbox.training.datasets.sources import group_by_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lightbox.training.datasets.example import Example

WAYS = ("patient", "source")
# A source is taken only while it leaves the share below this factor: one source can be most of a class.
OVERSHOOT = 1.5


def hold_out(examples: Sequence[Example], share: float, seed: int, *, by: str = "patient") -> list[Example]:
    """The same examples with about ``share`` of the training ones moved to "validation".

    Whole groups move, so no patient and no duplicated file lies on both sides. A training file that equals
    another by content joins its group first. Groups are drawn class by class, which keeps the class shares; the last
    group of a class stays, so no class is ever validated without having been trained. A data set that brings a
    validation split keeps it.

    Args:
        examples: of all splits.
        share: of the training examples of every class.
        seed: of the draw.
        by: "patient" moves patients (and copies of a file); "source" moves pictures of like size, shape, colour
            and margin together, see `sources`, so that validation imitates pictures from elsewhere. A class that
            has no source small enough is split by patient.

    Raises:
        UserFacingError: ``by`` is another word.
    """
    if by not in WAYS:
        raise UserFacingError(f"{by!r} is no way to hold pictures out.", f"Choose one of: {', '.join(WAYS)}.")
    if any(example.split == "validation" for example in examples):
        return list(examples)
    patients = _merge_duplicates(examples, {example.name: example.group for example in examples})
    generator = np.random.default_rng(seed)
    moved = _by_source(examples, patients, share, generator) if by == "source" else set()
    # By source, this is for the classes that no source was small enough for.
    given = {example.label for example in examples if example.split == "train" and patients[example.name] in moved}
    rest = [example for example in examples if example.label not in given]
    moved |= _draw(rest, patients, share, generator)
    return [
        replace(example, split="validation")
        if example.split == "train" and patients[example.name] in moved
        else example
        for example in examples
    ]


def tie_groups(examples: Sequence[Example], tied: Iterable[Sequence[str]]) -> list[Example]:
    """The same examples, with the groups of those that an audit found to hold one picture united.

    So that no copy of a training picture is validated on, call it before `hold_out`.

    Args:
        examples: of all splits.
        tied: names of examples that belong together; names of no example are left out.
    """
    group_of = {example.name: example.group for example in examples}
    united = [[group_of[name] for name in names if name in group_of] for names in tied]
    parent: dict[str, str] = {}

    def root(group: str) -> str:
        while parent.setdefault(group, group) != group:
            group = parent[group]
        return group

    for groups in united:
        for other in groups[1:]:
            parent[root(other)] = root(groups[0])
    return [replace(example, group=root(example.group)) for example in examples]


def _by_source(
    examples: Sequence[Example], patients: dict[str, str], share: float, generator: np.random.Generator
) -> set[str]:
    """The patients of whole sources; sources that share a patient count as one."""
    sources = _merge_duplicates(examples, group_by_source(examples), patients)
    taken = _draw(examples, sources, share, generator, overshoot=OVERSHOOT)
    return {
        patients[example.name] for example in examples if example.split == "train" and sources[example.name] in taken
    }


def _draw(
    examples: Sequence[Example],
    groups: dict[str, str],
    share: float,
    generator: np.random.Generator,
    *,
    overshoot: float = float("inf"),
) -> set[str]:
    """Groups that together hold about ``share`` of every class's training examples."""
    moved: set[str] = set()
    for label in sorted({example.label for example in examples}):
        sizes: dict[str, int] = {}
        for example in examples:
            if example.split == "train" and example.label == label:
                group = groups[example.name]
                sizes[group] = sizes.get(group, 0) + 1
        wanted = share * sum(sizes.values())
        taken = sum(count for group, count in sizes.items() if group in moved)
        for group in generator.permutation(sorted(sizes)):
            left = [other for other in sizes if other not in moved]
            if taken >= wanted or len(left) < 2:
                break
            if group not in moved and taken + sizes[group] <= overshoot * wanted:
                moved.add(str(group))
                taken += sizes[group]
    return moved


def _merge_duplicates(
    examples: Iterable[Example], group_of: dict[str, str], also: dict[str, str] | None = None
) -> dict[str, str]:
    """Group of every example by name, groups that share a byte-identical file (or a group of ``also``) united."""
    parent: dict[str, str] = {}

    def root(group: str) -> str:
        while parent.setdefault(group, group) != group:
            parent[group] = parent[parent[group]]
            group = parent[group]
        return group

    owner: dict[tuple[str, str], str] = {}
    listed = list(examples)
    for example in listed:
        group = group_of[example.name]
        ties = [("file", example.sha256)] + ([("also", also[example.name])] if also else [])
        for tie in ties:
            parent[root(group)] = root(owner.setdefault(tie, group))
    return {example.name: root(group_of[example.name]) for example in listed}
