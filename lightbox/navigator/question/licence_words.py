"""Licences as people type them, each asking for those licences of the table that are meant by it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lightbox.navigator.licences import identifiers
from lightbox.navigator.question.asked import Asked

if TYPE_CHECKING:
    from collections.abc import Iterable

# What is typed, and how the identifiers begin that it means. The AGPL is a GPL too; the LGPL binds less.
_FAMILIES: dict[str, tuple[str, ...]] = {
    "MIT": ("MIT",),
    "Apache": ("Apache",),
    "BSD": ("BSD-",),
    "GPL": ("GPL", "AGPL"),
    "LGPL": ("LGPL",),
    "AGPL": ("AGPL",),
    "MPL": ("MPL",),
    "Creative Commons": ("CC",),
}


def licence_words(licences: Iterable[str]) -> dict[str, tuple[Asked, ...]]:
    """What "GPL", "GPL 3" and "BSD-3-Clause" ask, by the text typed.

    Args:
        licences: the SPDX expressions of the rows; one of several parts is found by each of them.
    """
    known = sorted(set(licences) - {""})
    found = {family: _asking(known, starts, family) for family, starts in _FAMILIES.items()}
    for part in sorted({part for text in known for part in identifiers(text)}):
        numbered = re.fullmatch(r"([A-Za-z]+)-(\d+)(\.0)?(-.*)?", part)
        found[part] = _asking(known, (part,), part)
        if numbered and numbered[1] in _FAMILIES:
            family, number = numbered[1], numbered[2]
            starts = tuple(f"{start.rstrip('-')}-{number}" for start in _FAMILIES[family])
            found[f"{family} {number}"] = found[f"{family} {number}.0"] = _asking(known, starts, f"{family} {number}")
    return {text: asked for text, asked in found.items() if asked}


def _asking(known: Iterable[str], starts: tuple[str, ...], title: str) -> tuple[Asked, ...]:
    values = tuple(text for text in known if any(part.startswith(starts) for part in identifiers(text)))
    return (Asked("licence", values, title=title),) if values else ()
