"""What a typed question asks of the rows: known phrases, names, and words that rows hold, and what nobody knows.

Limits of a library are not read: "keras < 3" must not find a library for "keras 3".
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from lightbox.navigator.phrases import EXPLAINING, STOP_WORDS, Asked, normal, phrases
from lightbox.navigator.terms import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lightbox.navigator.library import Library

# The start of a word is enough from three letters on.
SHORTEST_START = 3
_LONGEST_PHRASE = 5
# What a question is about; the other facets only say in which surroundings.
SUBJECTS = frozenset(("method", "goal", "data", "task", "topic", "family", "interface"))


@dataclass(frozen=True, slots=True)
class Reading:
    """A typed question as understood.

    Args:
        asked: what its phrases ask, each with the phrase as typed.
        names: whole names of libraries in it, as positions in the table, by the name as typed; those that are a word of
            the vocabularies too ("SHAP") stand in ``asked`` as well.
        held: further words that some row holds.
        unknown: words that no row holds.
        explains: whether it asks to explain something, which by itself finds nothing and is about heat maps mostly.
    """

    asked: tuple[tuple[str, Asked], ...] = ()
    names: tuple[tuple[str, int], ...] = ()
    held: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    explains: bool = False

    @property
    def filters(self) -> tuple[Asked, ...]:
        """What has to hold: a general word only where no method, goal or topic was asked, a wish only by itself."""
        filters = [asked for _, asked in self.asked if asked.kind == "filter"]
        if not any(asked.facet in ("method", "goal", "topic") for asked in filters):
            filters += [asked for _, asked in self.asked if asked.kind == "general"]
        if not filters:
            filters = [asked for _, asked in self.asked if asked.kind == "wish" and asked.facet != "data"]
        return tuple(dict.fromkeys(filters))

    @property
    def wishes(self) -> tuple[Asked, ...]:
        return tuple(dict.fromkeys(asked for _, asked in self.asked if asked.kind == "wish"))

    @property
    def has_subject(self) -> bool:
        """Whether it says what it is about, so that the search may go on without the words that nobody knows."""
        exact = [asked for _, asked in self.asked if asked.kind == "filter" or asked.facet == "family"]
        subjects = any(asked.facet in SUBJECTS for asked in exact)
        return bool(subjects or self.names or self.held)

    @property
    def lost(self) -> bool:
        """Whether the main word is unknown, so that whatever were found would not be what was meant."""
        return bool(self.unknown) and not self.has_subject

    @property
    def required(self) -> tuple[str, ...]:
        """Words that have to be in the row: all that were typed, unless a phrase already says what it is about."""
        return () if any(asked.facet in SUBJECTS for _, asked in self.asked if asked.kind == "filter") else self.held

    def values(self, facet: str) -> tuple[str, ...]:
        """The values of a facet among the filters."""
        return tuple(value for asked in self.filters if asked.facet == facet for value in asked.values)


class TextSearch:
    """The rows of a catalogue as searchable text; a result is an integer whose bits are the libraries found."""

    def __init__(self, libraries: tuple[Library, ...]) -> None:
        self._texts = [_searchable(library) for library in libraries]
        self._phrases = phrases()
        self._names: dict[tuple[str, ...], int] = {}
        for position, library in enumerate(libraries):
            for name in _names(library):
                self._names.setdefault(name, position)
        self.read = lru_cache(maxsize=256)(self._read)

    def holding(self, piece: str) -> int:
        """Libraries whose row holds a word or some words next to each other; the start of the last is enough."""
        last = piece.rpartition(" ")[2]
        wanted = f" {piece}" if len(last) >= SHORTEST_START and not last.isdecimal() else f" {piece} "
        return sum(1 << position for position, text in enumerate(self._texts) if wanted in text)

    def rarity(self, piece: str) -> float:
        """1.0 for a piece of text that one row says, falling to 0.0 for one that all say, or none."""
        rows = len(self._texts)
        count = sum(f" {piece}" in text for text in self._texts)
        return 1.0 - math.log(count) / math.log(rows) if count and rows > 1 else 0.0

    def says(self, position: int, piece: str) -> bool:
        """Whether one library's row says a word, or a phrase word for word."""
        return f" {piece}" in self._texts[position]

    def _read(self, text: str) -> Reading:
        asked: list[tuple[str, Asked]] = []
        names: list[tuple[str, int]] = []
        rest: list[str] = []
        for group in _groups(text):
            left: list[str] = []
            for spelled, known, name in self._matched(group):
                typed = " ".join(spelled)
                asked += [(typed, one) for one in known]
                if name is not None:
                    names.append((typed, name))
                if not known and name is None:
                    left += [word for word in spelled if word not in STOP_WORDS]
            # What a hyphen joins is one thing: "super-resolution" is not "super" and "resolution".
            whole = len(left) == len(group.words)
            rest += [" ".join(left)] if group.hyphenated and whole and left else left
        held = tuple(piece for piece in rest if self._is_held(piece))
        unknown = tuple(piece for piece in rest if piece not in held)
        return Reading(tuple(asked), tuple(names), held, unknown, not EXPLAINING.isdisjoint(words(text)))

    def _is_held(self, piece: str) -> bool:
        return bool(self.holding(piece) or self.holding(" ".join(normal(piece.split()))))

    def _matched(self, group: _Group) -> Iterator[tuple[tuple[str, ...], tuple[Asked, ...], int | None]]:
        """The words of a group cut into the longest known phrases, and what is left word by word."""
        position = 0
        while position < len(group.words):
            for length in range(min(_LONGEST_PHRASE, len(group.words) - position), 0, -1):
                spelled = group.words[position : position + length]
                known = self._phrases.get(normal(spelled), ())
                name = self._names.get(spelled)
                if known or name is not None or length == 1:
                    yield spelled, known, name
                    position += length
                    break


@dataclass(frozen=True, slots=True)
class _Group:
    words: tuple[str, ...]
    hyphenated: bool = False


def _groups(text: str) -> list[_Group]:
    """The typed words; what a hyphen joins and no phrase crosses stands by itself."""
    parts = [(tuple(words(part)), bool(re.search(r"\w-\w", part))) for part in text.split()]
    if not any(hyphenated for _, hyphenated in parts):
        return [_Group(tuple(word for spelled, _ in parts for word in spelled))]
    return list(_split(parts))


def _split(parts: Iterable[tuple[tuple[str, ...], bool]]) -> Iterator[_Group]:
    known = phrases()
    plain: list[str] = []
    for spelled, hyphenated in parts:
        crossing = any(normal(spelled[start:]) in known for start in range(len(spelled)))
        if hyphenated and not crossing:
            yield _Group(tuple(plain))
            yield _Group(spelled, hyphenated=True)
            plain = []
        else:
            plain += spelled
    yield _Group(tuple(plain))


def _names(library: Library) -> Iterator[tuple[str, ...]]:
    """The name as words, and without what stands in brackets."""
    yield tuple(words(library.name))
    short = tuple(words(re.sub(r"\(.*?\)", "", library.name)))
    if short and not set(short) <= STOP_WORDS:
        yield short


def _searchable(library: Library) -> str:
    """What is read of a library, each word between single spaces, so that " cam" finds the start of a word."""
    parts = [library.name, library.repository, library.package, library.description, library.license]
    spaced = " ".join(word for part in parts for word in words(part))
    joined = " ".join("".join(words(part)) for part in parts if len(words(part)) in (2, 3))
    return f" {spaced} {joined} "
