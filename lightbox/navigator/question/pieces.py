"""Typed words cut into the longest phrases and names that somebody knows."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lightbox.navigator.question.asked import Asked, Words, normal
from lightbox.navigator.question.stop_words import says_nothing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lightbox.navigator.question.typed_words import Word

_LONGEST = 5
# "resnet50", "yolov8" and "keras3" are a name and a number.
_NUMBERED = re.compile(r"([a-z]{2,}?)[vb]?(\d+)")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that belong together.

    Args:
        words: at least one.
        known: what they ask as a phrase.
        name: position in the table of the library that is called so.
        inner: where a name is written apart, or in words of every day, the pieces within.
        by_chance: whether it is a name only by chance, all of its words meaning something without it.
    """

    words: tuple[Word, ...]
    known: tuple[Asked, ...] = ()
    name: int | None = None
    inner: tuple[Piece, ...] = ()
    by_chance: bool = False

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def means(self) -> bool:
        return bool(self.known) or self.name is not None

    @property
    def says_nothing(self) -> bool:
        return not self.means and all(says_nothing(word.text) for word in self.words)

    @property
    def is_number(self) -> bool:
        return not self.means and all(word.is_number for word in self.words)

    @property
    def start(self) -> int:
        return self.words[0].start

    @property
    def end(self) -> int:
        return self.words[-1].end

    @property
    def ends(self) -> bool:
        return self.words[-1].ends


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What words may mean.

    Args:
        phrases: what each phrase asks, by its words as `normal` writes them.
        names: positions of the libraries by the words of their names.
        joined: the same by the letters of the name without spaces.
    """

    phrases: Mapping[Words, tuple[Asked, ...]]
    names: Mapping[Words, int]
    joined: Mapping[str, int]

    def spellings(self, piece: str) -> tuple[Words, ...]:
        """The words of a phrase, and of all phrases that ask the same; those of a piece that is none by themselves."""
        spelled = tuple(piece.split())
        asked = self.phrases.get(normal(spelled))
        return (spelled, *(other for other, same in self.phrases.items() if same == asked)) if asked else (spelled,)

    def cut(self, words: Sequence[Word]) -> tuple[Piece, ...]:
        """The words in pieces, in order; each word is in one of them."""
        return tuple(self._cut(tuple(part for word in words for part in self._split(word))))

    def _cut(self, words: tuple[Word, ...]) -> Iterator[Piece]:
        at = 0
        while at < len(words):
            piece = self._compound(words, at) or self._longest(words, at)
            yield piece
            at += len(piece.words)

    def _longest(self, words: tuple[Word, ...], at: int) -> Piece:
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            window = words[at : at + length]
            if _crosses_a_hyphen(words, at, at + length) or any(word.ends for word in window[:-1]):
                continue
            piece = self._piece(window)
            # The R of "R-squared" is no language.
            if piece.means and not (len(piece.text) == 1 and _is_tied(words, at)):
                return piece
        return Piece(words[at : at + 1])

    def _piece(self, window: tuple[Word, ...]) -> Piece:
        spelled = tuple(word.text for word in window)
        known = self._known(window)
        if spelled in self.names:
            return self._named(window, known, self.names[spelled], spelled_out=True)
        position = self.joined.get("".join(spelled)) if len(window) > 1 else None
        # "kernel SHAP" is a method, and asked for before a library that is called like it.
        if position is None or any(asked.facet == "method" for asked in known):
            return Piece(window, known)
        return self._named(window, known, position, spelled_out=False)

    def _known(self, window: tuple[Word, ...]) -> tuple[Asked, ...]:
        spelled = normal(word.text for word in window)
        plain = tuple(word.text.removeprefix("v") if word.is_number else word.text for word in window)
        return self.phrases.get(spelled) or self.phrases.get(normal(plain), ())

    def _named(self, window: tuple[Word, ...], known: tuple[Asked, ...], name: int, *, spelled_out: bool) -> Piece:
        """A name; one of several words that all mean something else is one by chance, unless hyphens tie them."""
        tied = spelled_out and all(word.joined for word in window[1:])
        if known or tied:
            return Piece(window, known, name)
        inner = Lexicon(self.phrases, {}, {}).cut(window)
        by_chance = all(piece.means or piece.says_nothing for piece in inner)
        if by_chance or not spelled_out:
            return Piece(window, (), name, tuple(piece for piece in inner if piece.means), by_chance)
        return Piece(window, (), name)

    def _compound(self, words: tuple[Word, ...], at: int) -> Piece | None:
        """What a hyphen joins and nobody knows is one thing: "zebra-crossing" is not "zebra" and "crossing"."""
        end = _end_of_compound(words, at)
        if end - at < 2 or words[at].joined:
            return None
        parts = [self._longest(words[:end], start) for start in range(at, end)]
        longer = self._longest(words, at)
        if longer.means or any(part.means or part.says_nothing or part.is_number for part in parts):
            return None
        return Piece(words[at:end])

    def _split(self, word: Word) -> tuple[Word, ...]:
        numbered = _NUMBERED.fullmatch(word.text)
        if not numbered or (word.text,) in self.phrases or (word.text,) in self.names or word.text in self.joined:
            return (word,)
        letters, digits = numbered.groups()
        if normal((letters,)) not in self.phrases:
            return (word,)
        border = word.end - len(digits)
        return (
            replace(word, text=letters, end=border, ends=False),
            replace(word, text=digits, start=border, joined=False),
        )


def _is_tied(words: Sequence[Word], at: int) -> bool:
    return words[at].joined or (at + 1 < len(words) and words[at + 1].joined)


def _end_of_compound(words: Sequence[Word], at: int) -> int:
    end = at + 1
    while end < len(words) and words[end].joined:
        end += 1
    return end


def _crosses_a_hyphen(words: Sequence[Word], start: int, end: int) -> bool:
    """Whether a window takes a part of what a hyphen joins, and something outside of it."""
    if words[start].joined and _end_of_compound(words, start) < end:
        return True
    if end == len(words) or not words[end].joined:
        return False
    first = end - 1
    while first > 0 and words[first].joined:
        first -= 1
    return start < first
