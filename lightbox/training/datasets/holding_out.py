"""An honest validation split: whole patients, or whole sources of pictures."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lightbox.core.errors import UserFacingError
from lightbox.core.merge_groups import unite
from lightbox.training.datasets.sources import group_by_source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from lightbox.training.datasets.example import Example

WAYS = ("patient", "source", "dataset")
# A source is taken only while it leaves every class's share within this factor: one source can be most of a class.
OVERSHOOT = 1.5


def hold_out(examples: Sequence[Example], share: float, seed: int, *, by: str = "patient") -> list[Example]:
    """The same examples with about ``share`` of the training ones moved to "validation".

    Whole groups move, so no patient and no duplicated file lies on both sides. A training file that equals
    another by content joins its group first. Groups are drawn class by class, which keeps the class shares. One that
    holds pictures of several classes moves only where each of them can spare it: the last group of a class stays, so
    no class is ever validated without having been trained. A data set that brings a validation split keeps it as it
    is; see `keep_apart`.

    Args:
        examples: of all splits.
        share: of the training examples of every class.
        seed: of the draw.
        by: "patient" moves patients (and copies of a file); "source" moves pictures of like size, shape, colour
            and margin together, see `sources`, so that validation imitates pictures from elsewhere, and at most
            `OVERSHOOT` times the share of a class. A class that has no source small enough is split by patient.
            "dataset" is no way of this function but of `new_sources`.

    Raises:
        UserFacingError: ``by`` is another word.
    """
    if by not in WAYS:
        raise UserFacingError(f"{by!r} is no way to hold pictures out.", f"Choose one of: {', '.join(WAYS)}.")
    if any(example.split == "validation" for example in examples):
        return list(examples)
    patients = _merge_duplicates(examples, {example.name: example.group for example in examples})
    labels = sorted({example.label for example in examples})
    generator = np.random.default_rng(seed)
    moved = _by_source(examples, patients, share, generator, labels=labels) if by == "source" else set()
    # By source, this is for the classes that no source was small enough for.
    given = {example.label for example in examples if example.split == "train" and patients[example.name] in moved}
    rest = [label for label in labels if label not in given]
    moved = _draw(examples, patients, share, generator, labels=rest, most=dict.fromkeys(given, OVERSHOOT), held=moved)
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
    groups = [[group_of[name] for name in names if name in group_of] for names in tied]
    united = unite(group for group in groups if group)
    return [replace(example, group=united.get(example.group, example.group)) for example in examples]


def keep_apart(examples: Sequence[Example], tied: Iterable[Sequence[str]]) -> list[Example]:
    """The same examples; training ones that hold the picture of a validation one are moved to "validation" too.

    For data that bring a validation split, which `hold_out` leaves as it is.

    Args:
        examples: of all splits.
        tied: names of examples that hold one picture, group by group.
    """
    validated = {example.name for example in examples if example.split == "validation"}
    moved = {name for names in tied if not validated.isdisjoint(names) for name in names}
    return [
        replace(example, split="validation") if example.split == "train" and example.name in moved else example
        for example in examples
    ]


def _by_source(
    examples: Sequence[Example],
    patients: dict[str, str],
    share: float,
    generator: np.random.Generator,
    *,
    labels: Sequence[str],
) -> set[str]:
    """The patients of whole sources; sources that share a patient count as one."""
    sources = _merge_duplicates(examples, group_by_source(examples), patients)
    taken = _draw(examples, sources, share, generator, labels=labels, most=dict.fromkeys(labels, OVERSHOOT))
    return {
        patients[example.name] for example in examples if example.split == "train" and sources[example.name] in taken
    }


def _draw(
    examples: Sequence[Example],
    groups: Mapping[str, str],
    share: float,
    generator: np.random.Generator,
    *,
    labels: Sequence[str],
    most: Mapping[str, float],
    held: Collection[str] = (),
) -> set[str]:
    """Groups that together hold about ``share`` of the training examples of each of ``labels``, and those of ``held``.

    A group moves with its pictures of all classes, so each of them has a say: it keeps a group in training, and stays
    within ``most``, where it is named there, times its share.
    """
    sizes = _count(examples, groups)
    wanted = {label: share * sum(counts.values()) for label, counts in sizes.items()}
    taken = {label: sum(counts[group] for group in held) for label, counts in sizes.items()}
    left = {label: sum(group not in held for group in counts) for label, counts in sizes.items()}
    moved = set(held)
    for label in labels:
        for group in map(str, generator.permutation(sorted(sizes[label]))):
            if taken[label] >= wanted[label] or left[label] < 2:
                break
            touched = [other for other in sizes if group in sizes[other]]
            if group not in moved and all(
                left[other] > 1 and taken[other] + sizes[other][group] <= most.get(other, float("inf")) * wanted[other]
                for other in touched
            ):
                moved.add(group)
                for other in touched:
                    taken[other] += sizes[other][group]
                    left[other] -= 1
    return moved


def _count(examples: Sequence[Example], groups: Mapping[str, str]) -> dict[str, Counter[str]]:
    """How many training examples each group has, by class."""
    sizes: dict[str, Counter[str]] = {example.label: Counter() for example in examples}
    for example in examples:
        if example.split == "train":
            sizes[example.label][groups[example.name]] += 1
    return sizes


def _merge_duplicates(
    examples: Iterable[Example], group_of: Mapping[str, str], also: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Group of every example by name, groups that share a byte-identical file (or a group of ``also``) united."""
    owner: dict[tuple[str, str], str] = {}
    ties: list[tuple[str, str]] = []
    listed = list(examples)
    for example in listed:
        group = group_of[example.name]
        shared = [("file", example.sha256)] + ([("also", also[example.name])] if also else [])
        ties += [(owner.setdefault(tie, group), group) for tie in shared]
    united = unite(ties)
    return {example.name: united[group_of[example.name]] for example in listed}
