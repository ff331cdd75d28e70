"""Libraries that do much the same, and rows that may be the same library twice."""

from __future__ import annotations

import difflib
import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lightbox.navigator.terms import slug

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lightbox.navigator.library import Library

_WEIGHTS = {"methods": 0.5, "frameworks": 0.2, "data_types": 0.3}
_ALIKE = 0.83


@dataclass(frozen=True, slots=True)
class Similar:
    """Another library, how alike it is (0..1), and the methods that both have."""

    library: Library
    likeness: float
    shared_methods: tuple[str, ...]


def similar_to(
    library: Library, libraries: Sequence[Library], *, limit: int = 5, breadth: float = 1.0
) -> list[Similar]:
    """The most alike libraries, best first, without the library itself; none that shares no method.

    Likeness is a weighted Jaccard index over methods, frameworks and data types in which a rare word
    counts for more: two libraries with contrastive LRP are closer than two with SHAP.

    Args:
        library: the one to be like.
        libraries: all there are.
        limit: how many.
        breadth: how much it counts against another that it does more; at 0 what covers all of ``library`` is as alike
            as can be, as Tversky's index has it.
    """
    rarity = {column: _rarity(libraries, column) for column in _WEIGHTS}
    found = []
    for other in libraries:
        shared = tuple(method for method in library.methods if method in other.methods)
        if other.name == library.name or not shared:
            continue
        likeness = math.fsum(
            weight * _index(getattr(library, column), getattr(other, column), rarity[column], breadth)
            for column, weight in _WEIGHTS.items()
        )
        found.append(Similar(other, likeness, shared))
    return sorted(found, key=lambda one: (-one.likeness, one.library.name.casefold()))[:limit]


def _rarity(libraries: Sequence[Library], column: str) -> dict[str, float]:
    counts = Counter(word for library in libraries for word in getattr(library, column))
    return {word: math.log(1 + len(libraries) / count) for word, count in counts.items()}


def _index(one: tuple[str, ...], other: tuple[str, ...], weight: Mapping[str, float], breadth: float) -> float:
    # Sets have no order, and a plain sum would depend on it in its last digit.
    both = math.fsum(weight.get(word, 0.0) for word in set(one) & set(other))
    missing = math.fsum(weight.get(word, 0.0) for word in set(one) - set(other))
    more = math.fsum(weight.get(word, 0.0) for word in set(other) - set(one))
    return both / (both + missing + breadth * more) if both else 0.0


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A library that a new row may repeat, and the column that says so."""

    library: Library
    column: str


def near_duplicates(row: Mapping[str, str], libraries: Sequence[Library]) -> list[Duplicate]:
    """Libraries that the row may repeat: same repository (or a fork), package, documentation, or nearly the name.

    At most one entry a library, for the strongest sign.
    """
    found = []
    for library in libraries:
        signs = {
            "repository": _same_repository(row["repository"], library.repository),
            "package": bool(row["package"]) and slug(row["package"]) == slug(library.package),
            "docs_url": bool(row["docs_url"]) and _place(row["docs_url"]) == _place(library.docs_url),
            "name": _same_name(row["name"], library.name),
        }
        column = next((column for column, same in signs.items() if same), "")
        if column:
            found.append(Duplicate(library, column))
    return found


def _same_repository(one: str, other: str) -> bool:
    """The same address, or the same name under another owner, as a fork or a moved project has."""
    return bool(one) and slug(one.rpartition("/")[2]) == slug(other.rpartition("/")[2])


def _same_name(one: str, other: str) -> bool:
    """Equal without spaces and case, or long enough and so alike that a slip of the finger explains it."""
    first, second = slug(one).replace("-", ""), slug(other).replace("-", "")
    if not first or first == second:
        return bool(first)
    long_enough = min(len(first), len(second)) >= 5
    return long_enough and difflib.SequenceMatcher(None, first, second).ratio() >= _ALIKE


def _place(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return (parts.hostname or "").removeprefix("www.") + parts.path.rstrip("/").lower()
