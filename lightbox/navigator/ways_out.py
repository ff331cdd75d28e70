"""What to leave out of a question that finds nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from lightbox.navigator.question.reading import leaving_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lightbox.navigator.facets import Query
    from lightbox.navigator.question.reading import Part

# More than three parts less is another question; then each part is offered by itself.
_MOST_LEFT_OUT = 3
_MOST_PARTS = 12


def rewordings(query: Query, parts: Sequence[Part], count: Callable[[Query], int]) -> list[tuple[str, Query, int]]:
    """What to leave out, the query without it, and its hits, most first: as little as brings anything.

    Args:
        query: finds nothing.
        parts: of its text.
        count: how many libraries satisfy a query.
    """
    parts = parts[:_MOST_PARTS]
    for size in range(1, min(_MOST_LEFT_OUT, len(parts) - 1) + 1):
        if found := list(_counted(query, combinations(parts, size), count)):
            return sorted(found, key=lambda one: -one[2])
    alone = (tuple(other for other in parts if other is not part) for part in parts)
    return sorted(_counted(query, alone, count), key=lambda one: -one[2])


def _counted(
    query: Query, choices: Iterable[tuple[Part, ...]], count: Callable[[Query], int]
) -> Iterator[tuple[str, Query, int]]:
    for left_out in choices:
        eased = replace(query, text=leaving_out(query.text, left_out))
        hits = count(eased) if eased.text else 0
        if hits:
            yield ", ".join(dict.fromkeys(part.text for part in left_out)), eased, hits
