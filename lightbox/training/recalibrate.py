"""The temperature of a checkpoint that is trained already: fitted to the pictures that its training validated on."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from lightbox.core.errors import UserFacingError
from lightbox.networks.card import CARD_NAME
from lightbox.training.arrays import load_pictures
from lightbox.training.datasets import data_sha256, leaked_names, read_examples
from lightbox.training.measure import MEASURED, measure
from lightbox.training.recipe import Recipe
from lightbox.training.split import read_split

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lightbox.networks import Card
    from lightbox.provenance.data_audit import DataAudit
    from lightbox.training.datasets import Example


def recalibrate(card: Card, data: Path, audit: DataAudit | None, *, collection: str = "") -> dict[str, Any]:
    """Fit the temperature, and write card and answers anew; the weights stay as they are.

    Args:
        card: of the checkpoint.
        data: the pictures that it was trained on.
        audit: of them, where the training had one.
        collection: key of their collection; empty to recognise it.

    Returns:
        The card's ``calibration``.

    Raises:
        UserFacingError: the pictures, or which of them are held out, are not those of the training.
    """
    known = {row.name for row in fields(Recipe)}
    saved: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in card.training.items()
    }
    recipe = Recipe(**{name: value for name, value in saved.items() if name in known})
    audited = bool(card.training.get("audited"))
    parted = read_split(
        data, card.task, recipe, collection=collection, classes=card.classes, audit=audit if audited else None,
        datasets=_find_datasets(card, read_examples(data, card.task, collection=collection)),
    )  # fmt: skip
    if data_sha256(parted.examples) != card.training.get("data_sha256"):
        raise UserFacingError(
            f"{data} does not hold the pictures that {card.task}/{card.network} learned from, or holds others out.",
            "Give the folder of its training" + (", and its audit with --audit." if audited else "."),
        )
    pictures = {split: load_pictures(parted.examples, split, card.classes, card.preprocessing) for split in MEASURED}
    sections = _read(card)
    kept = {name: value for name, value in sections.items() if name not in {"calibration", "metrics"}}
    measure(card, kept, pictures, leaked_names(parted.examples))
    found: dict[str, Any] = _read(card)["calibration"]
    return found


def _find_datasets(card: Card, examples: Sequence[Example]) -> tuple[str, ...]:
    """The one data set that a network learned from, where the data hold more now; none for all."""
    for name in {example.dataset for example in examples}:
        part = [example for example in examples if example.dataset == name]
        if data_sha256(part) == card.training.get("published_sha256"):
            return (name,)
    return ()


def _read(card: Card) -> dict[str, Any]:
    return tomllib.loads((card.folder / CARD_NAME).read_text(encoding="utf-8"))
