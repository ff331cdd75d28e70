"""The search that a slip of the finger was meant to be: words nobody knows that are nearly words somebody knows.

It is offered and never applied by itself: "quantum" is a word, and nearly "Quantus".
"""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import TYPE_CHECKING

from lightbox.navigator.question.typed_words import typed_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from lightbox.navigator.facets import Query
    from lightbox.navigator.index import Index
    from lightbox.navigator.question.typed_words import Word

ALIKE = 0.82
# Shorter words are too near to too many.
SHORTEST = 5
_MOST_WORDS = 3
_MOST_LETTERS = 2
# Beyond this the question is no slip of the finger.
_MOST_SLIPS = 6


def correction(query: Query, index: Index) -> Query | None:
    """The query with what is unknown in its text put right, where that brings anything; None where nothing is near."""
    reading = index.read(query.text)
    unknown = {word for piece in reading.unknown for word in piece.split()}
    if not unknown or len(unknown) > _MOST_SLIPS:
        return None
    right = replace(query, text=_put_right(query.text, unknown, index.text.spellings))
    better = len(index.read(right.text).unknown) < len(reading.unknown)
    return right if better and index.count(right) else None


def _put_right(text: str, unknown: Collection[str], spellings: Mapping[str, str]) -> str:
    """The text with each unknown word, or some words around it, replaced by the nearest spelling.

    Args:
        text: as typed.
        unknown: the words that nobody knows.
        spellings: what can be meant, by its letters without spaces.
    """
    words = typed_words(text)
    edits: list[tuple[int, int, str]] = []
    for at, word in enumerate(words):
        taken = edits[-1][1] if edits else -1
        if word.text in unknown and at > taken:
            edits += [edit for edit in [_nearest(words, at, spellings)] if edit and edit[0] > taken]
    # From the end, so that the places of what stands before stay right.
    for first, last, spelling in reversed(edits):
        text = text[: words[first].start] + spelling + text[words[last].end :]
    return text


def _nearest(words: Sequence[Word], at: int, spellings: Mapping[str, str]) -> tuple[int, int, str] | None:
    """First and last place of the words around one that are nearly a spelling, and it: of one word rather than more."""
    for length in range(1, _MOST_WORDS + 1):
        for first in range(max(0, at - length + 1), min(at, len(words) - length) + 1):
            typed = "".join(word.text for word in words[first : first + length])
            near = difflib.get_close_matches(typed, _likely(typed, spellings), n=1, cutoff=ALIKE)
            if near and len(typed) >= SHORTEST:
                return first, first + length - 1, spellings[near[0]]
    return None


def _likely(typed: str, spellings: Iterable[str]) -> list[str]:
    """Those that a slip can have been: it spares the first letter, and leaves out or adds a letter or two, no word."""
    return [one for one in spellings if one[0] == typed[0] and abs(len(one) - len(typed)) <= _MOST_LETTERS]
