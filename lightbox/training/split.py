"""The examples that a training or a search sees, some of the training ones held out for validation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.core.tasks import TASKS
from lightbox.training.datasets import data_sha256, hold_out, keep_apart, read_examples, tie_groups
from lightbox.training.datasets.new_sources import drop_test_look_alikes, further_datasets, hold_out_new_sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lightbox.provenance.data_audit import DataAudit
    from lightbox.training.datasets import Example
    from lightbox.training.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Split:
    """All examples of a task.

    Args:
        examples: of all splits; those held out are "validation" and "new_sources".
        published_sha256: over the data before any were held out; `lightbox audit` of the same folder has the same.
    """

    examples: list[Example]
    published_sha256: str


def read_split(
    data: Path,
    task: str,
    recipe: Recipe,
    *,
    collection: str,
    classes: Sequence[str],
    audit: DataAudit | None,
    datasets: Sequence[str] = (),
) -> Split:
    """All examples of a task, those of the training split that the recipe holds out moved to "validation".

    Args:
        data: folder of the pictures.
        task: key of a task of the app, or a name of your own.
        recipe: share, seed and way of holding out.
        collection: key of the data's collection; empty to recognise it.
        classes: class keys in the order of the logits, as `read_classes` gives them.
        audit: of the same data; what it found to hold one picture is held out together. Where the data bring a
            validation split, what it found there too is not trained on.
        datasets: which of a manifest's data sets; none for all that belong to the task.

    Raises:
        UserFacingError: the data cannot be used, a class has no training picture, there is nothing to validate on, or
            the audit is of other data.
    """
    listed = read_examples(data, task, collection=collection, classes=() if task in TASKS else classes)
    listed = take_datasets(listed, datasets)
    published = data_sha256(listed)
    tied = same_pictures(audit, listed)
    if further_datasets(listed):
        listed = _part_further(listed, recipe, audit)
    if recipe.hold_out == "dataset" or any(example.split == "validation" for example in listed):
        examples = keep_apart(listed, tied)
    else:
        examples = hold_out(tie_groups(listed, tied), recipe.validation_share, recipe.seed, by=recipe.hold_out)
    _check_classes(examples, task, classes)
    if all(example.split != "validation" for example in examples):
        raise UserFacingError(
            "There are too few images to hold some out for validation.",
            "Give more images, or a larger --validation-share.",
        )
    return Split(examples, published)


def take_datasets(listed: list[Example], datasets: Sequence[str]) -> list[Example]:
    """The examples of these data sets; all of them where none is named.

    Raises:
        UserFacingError: one has no example; those that have are named.
    """
    known = dict.fromkeys(example.dataset for example in listed)
    absent = [name for name in datasets if name not in known]
    if absent:
        named = ", ".join(name for name in known if name)
        raise UserFacingError(
            f"The data hold nothing of {', '.join(absent)}.",
            f"Choose from: {named}." if named else "They are one data set: leave --datasets away.",
        )
    return [example for example in listed if not datasets or example.dataset in datasets]


def _part_further(listed: Sequence[Example], recipe: Recipe, audit: DataAudit | None) -> list[Example]:
    """Hold out what the recipe asks for of the data sets without a test split; only an audit knows how.

    Raises:
        UserFacingError: there is no audit.
    """
    if audit is None:
        raise UserFacingError(
            f"{' and '.join(sorted(further_datasets(listed)))} may hold pictures of the test split of the other data.",
            "Give --audit with the file of `lightbox audit --json`, which finds them.",
        )
    alike = [[file.name for file in files] for files in audit.look_alikes()]
    kept = drop_test_look_alikes(listed, alike)
    validated = recipe.validation_share if recipe.hold_out == "dataset" else 0.0
    return hold_out_new_sources(
        kept, alike, test_share=recipe.new_sources, validation_share=validated, seed=recipe.seed
    )


def _check_classes(examples: Sequence[Example], task: str, classes: Sequence[str]) -> None:
    """Refuse a class that nothing can be learned of: the network would never answer it, or answer it at random."""
    trained = {example.label for example in examples if example.split == "train"}
    absent = [key for key in classes if key not in trained]
    if absent:
        raise UserFacingError(
            f"There is no training picture of {', '.join(absent)}.",
            f"Add some: {task} tells {', '.join(classes)} apart. Fewer classes are a task of their own (--classes).",
        )


def same_pictures(audit: DataAudit | None, listed: Sequence[Example]) -> list[list[str]]:
    """Names of the files that an audit found to hold one picture, group by group.

    Args:
        audit: None for nothing known. Of an audit of more data sets the listed one may be a part.
        listed: the data as published, before any are held out.

    Raises:
        UserFacingError: the audit is of other data: a single other file, name or label makes them others.
    """
    if audit is None:
        return []
    digest = data_sha256(listed)
    if digest not in {audit.data_sha256, *audit.parts.values()}:
        raise UserFacingError(
            f"The audit is of other data: of {audit.images} images (sha256 {audit.data_sha256[:12]}), while these are "
            f"{len(listed)} (sha256 {digest[:12]}).",
            "Run `lightbox audit` again, on the same folder and with the same --task as this command.",
        )
    return [[file.name for file in files] for files in audit.same_picture()]
