"""The rows of the catalogue as text, and what a typed question asks of them.

Limits of a library are not read: "keras < 3" must not find a library for "keras 3".
"""

from __future__ import annotations

import math
import re
from functools import lru_cache, reduce
from operator import or_
from typing import TYPE_CHECKING

from lightbox.navigator.question.asked import normal
from lightbox.navigator.question.licence_words import licence_words
from lightbox.navigator.question.phrases import phrases, spoken
from lightbox.navigator.question.pieces import Lexicon
from lightbox.navigator.question.stop_words import STOP_WORDS
from lightbox.navigator.question.typed_words import typed_words
from lightbox.navigator.question.understanding import understand
from lightbox.navigator.terms import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lightbox.navigator.library import Library
    from lightbox.navigator.question.reading import Reading

# The start of a word is enough from three letters on.
SHORTEST_START = 3
# Of a name written apart; shorter ones are words of every day more often than names.
_SHORTEST_JOINED = 5


class TextSearch:
    """The rows of a catalogue as searchable text; a result is an integer whose bits are the libraries found."""

    def __init__(self, libraries: tuple[Library, ...]) -> None:
        self._texts = [_searchable(library) for library in libraries]
        names: dict[tuple[str, ...], int] = {}
        for position, library in enumerate(libraries):
            for name in _names(library):
                names.setdefault(name, position)
        joined: dict[str, int] = {}
        for name, position in names.items():
            joined.setdefault("".join(name), position)
        # Called exactly so, however the name is cut into words.
        self._called: dict[str, int] = {}
        for position, library in enumerate(libraries):
            self._called.setdefault("".join(words(library.name)), position)
        licences = licence_words(library.license for library in libraries)
        more = {tuple(words(text)): asked for text, asked in licences.items()}
        long_enough = {name: position for name, position in joined.items() if len(name) >= _SHORTEST_JOINED}
        self._lexicon = Lexicon(phrases(more), names, long_enough)
        # What can be meant by letters that nobody knows: phrases, the words in them, names, and words that say nothing.
        spelled = [*more, *spoken(), *names]
        known = [*spelled, *((word,) for own in spelled for word in own), *((word,) for word in sorted(STOP_WORDS))]
        # Where letters are the same, the spelling of more words is the one to offer.
        self.spellings = {"".join(own): " ".join(own) for own in sorted(known, key=len)}
        self.read = lru_cache(maxsize=256)(self._read)

    def holding(self, piece: str) -> int:
        """Libraries whose row holds a word or some words next to each other; the start of the last is enough."""
        last = piece.rpartition(" ")[2]
        wanted = f" {piece}" if len(last) >= SHORTEST_START and not last.isdecimal() else f" {piece} "
        return sum(1 << position for position, text in enumerate(self._texts) if wanted in text)

    def holding_in_any_number(self, piece: str) -> int:
        """The same as typed, or, where no row holds that, without the "s" of plurals."""
        return self.holding(piece) or self.holding(" ".join(normal(piece.split())))

    def saying(self, piece: str) -> int:
        """Libraries whose row says a word, or a phrase in any of the spellings that ask the same."""
        return reduce(or_, (self.holding(" ".join(spelled)) for spelled in self._lexicon.spellings(piece)))

    def rarity(self, piece: str) -> float:
        """1.0 for a piece of text that one row says, falling to 0.0 for one that all say, or none."""
        rows, count = len(self._texts), self.saying(piece).bit_count()
        return 1.0 - math.log(count) / math.log(rows) if count and rows > 1 else 0.0

    def name_of(self, text: str) -> int | None:
        """The library that a whole text is the name of, written apart or not; None for none."""
        return self._called.get("".join(words(text)))

    def _read(self, text: str) -> Reading:
        return understand(self._lexicon.cut(typed_words(text)), self.holding_in_any_number, text)


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
