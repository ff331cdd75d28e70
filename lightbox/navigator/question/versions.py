"""Numbers in a question: a part of what stands before them, or a version of which nothing is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lightbox.navigator.question.pieces import Piece

# A number behind one of these is a version; behind a model or a licence it is a part of its name.
_SOFTWARE = frozenset(("framework", "language", "runs"))


def versions(pieces: Sequence[Piece], text: str) -> Iterator[str]:
    """The numbers that go with nothing known, as they stand in ``text``; those joined by points are one."""
    at = 0
    while at < len(pieces):
        end = at + 1
        if pieces[at].is_number:
            while end < len(pieces) and pieces[end].is_number and _touch(pieces[end - 1], pieces[end], text):
                end += 1
            if at == 0 or not _goes_with(pieces[at - 1], pieces[at], text):
                yield text[pieces[at].start : pieces[end - 1].end]
        at = end


def _touch(one: Piece, after: Piece, text: str) -> bool:
    return text[one.end : after.start] == "."


def _goes_with(before: Piece, number: Piece, text: str) -> bool:
    """Whether a number goes on what stands before it: "Keras 3" and ".4", "ResNet" and "50"."""
    if before.means and before.words[-1].is_number:
        return _touch(before, number, text)
    return bool(before.known) and before.name is None and not any(one.facet in _SOFTWARE for one in before.known)
