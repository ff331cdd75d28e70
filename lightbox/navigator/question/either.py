"""Phrases of which one is enough: "PyTorch or JAX", and the methods of two libraries that are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.navigator.question.asked import Asked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from lightbox.navigator.question.pieces import Piece


def groups(places: Iterable[int], pieces: Sequence[Piece], pairs: Iterable[tuple[int, int]]) -> list[tuple[int, ...]]:
    """The places in groups of which one is enough: those of a pair, where both phrases answer a common question."""
    group_of = {at: {at} for at in places}
    for one, other in pairs:
        if one in group_of and other in group_of and common([pieces[one], pieces[other]]):
            group_of[one] |= group_of[other]
            for at in group_of[one]:
                group_of[at] = group_of[one]
    return list(dict.fromkeys(tuple(sorted(group)) for group in group_of.values()))


def common(members: Collection[Piece]) -> list[str]:
    """The facets that all of the phrases ask about, in the order of the first."""
    asked = [[one.facet for one in piece.known] for piece in members]
    return [facet for facet in asked[0] if all(facet in facets for facets in asked)]


def any_of(members: Sequence[Piece]) -> Iterator[tuple[str, Asked]]:
    """What a group asks, with the words as typed; a single phrase asks all that it asks."""
    if len(members) == 1:
        for piece in (members[0], *members[0].inner):
            yield from ((piece.text, asked) for asked in piece.known)
        return
    typed = " or ".join(piece.text for piece in members)
    for facet in common(members):
        same = [one for piece in members for one in piece.known if one.facet == facet]
        values = tuple(dict.fromkeys(value for one in same for value in one.values))
        wider = tuple(dict.fromkeys(value for one in same for value in one.wider))
        yield typed, Asked(facet, values, same[0].kind, wider)
