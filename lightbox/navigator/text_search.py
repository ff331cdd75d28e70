"""Search in the words of the rows, and in the words people use for what the rows say."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from lightbox.navigator import licences, vocabulary
from lightbox.navigator.terms import words

if TYPE_CHECKING:
    from lightbox.navigator.library import Library

_STOP_WORDS = frozenset(
    ("a", "an", "and", "for", "from", "i", "in", "is", "my", "of", "on", "or", "still", "that", "the", "to", "with")
)


class TextSearch:
    """The rows of a catalogue as searchable text; a result is an integer whose bits are the libraries found."""

    def __init__(self, libraries: tuple[Library, ...]) -> None:
        self._texts = [_searchable(library) for library in libraries]

    def find(self, text: str) -> int:
        """Libraries whose row holds every typed word that any row holds; no libraries if none is known.

        The start of a word is enough. A number belongs to the word before it: "keras 3" does not find
        every row that names Keras and, elsewhere, Python 3.
        """
        masks = [mask for _, mask in self._parsed(text)]
        everyone = (1 << len(self._texts)) - 1
        known = [mask for mask in masks if mask]
        return reduce(and_, known, everyone) if known or not masks else 0

    def ignored(self, text: str) -> tuple[str, ...]:
        """Typed words that no row holds, where others are held, so that the search goes on without them."""
        parsed = self._parsed(text)
        unknown = tuple(word for word, mask in parsed if not mask)
        return unknown if len(unknown) < len(parsed) else ()

    def _parsed(self, text: str) -> list[tuple[str, int]]:
        typed = meant(text)
        found = []
        for position, word in enumerate(typed):
            if word.isdecimal():
                before = f"{typed[position - 1]} " if position else ""
                found.append((word, self._holding(f" {before}{word} ")))
            else:
                stem = word[:-1] if word.endswith("s") and len(word) > 3 else word
                found.append((word, self._holding(f" {stem}")))
        return found

    def _holding(self, piece: str) -> int:
        return sum(1 << position for position, text in enumerate(self._texts) if piece in text)


def meant(text: str) -> list[str]:
    """The typed words less those that carry no meaning in a search."""
    return [word for word in words(text) if word not in _STOP_WORDS]


def _searchable(library: Library) -> str:
    """What is read of a library, each word between single spaces, so that " cam" finds the start of a word."""
    parts = [library.name, library.repository, library.package, library.description, library.notable_limits]
    parts += [library.license, licences.KINDS[library.licence_kind].title, *library.language]
    for column in ("methods", "frameworks", "data_types", "tasks", "interface"):
        for key in getattr(library, column):
            term = vocabulary.COLUMN_TERMS[column][key]
            parts += [key, term.title, *term.aliases]
    for key, terms in ((library.paradigm, vocabulary.PARADIGMS), (library.model_agnostic, vocabulary.MODEL_AGNOSTIC)):
        parts += [terms[key].title, *terms[key].aliases]
    spaced = " ".join(word for part in parts for word in words(part))
    # "gradcam", "torchcam" and "timeseries" are typed as one word as often as not.
    joined = " ".join("".join(words(part)) for part in parts if len(words(part)) in (2, 3))
    return f" {spaced} {joined} "
