"""The words of the field that the interface uses, each explained once, in glossary.csv: for tooltips and pages."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("glossary.csv")


@dataclass(frozen=True, slots=True)
class Term:
    """One row of the glossary.

    Args:
        term: as the interface writes it, with a capital.
        synonyms: other words for it, in the interface or in the field.
        meaning: one or two plain sentences.
        source: where that is from: a paper, or a page of the documents; "" where it is common use.
    """

    term: str
    synonyms: tuple[str, ...]
    meaning: str
    source: str

    def speaks_of(self, words: str) -> bool:
        """Whether any of the term's texts holds these words, in whatever case."""
        return words.strip().casefold() in "\n".join((self.term, *self.synonyms, self.meaning)).casefold()


@cache
def read_glossary() -> tuple[Term, ...]:
    """Every term, in the order of the alphabet."""
    with FILE.open(newline="", encoding="utf-8") as file:
        rows = [
            Term(row["term"], tuple(filter(None, row["synonyms"].split("; "))), row["meaning"], row["source"])
            for row in csv.DictReader(file)
        ]
    return tuple(sorted(rows, key=lambda term: term.term.casefold()))


def meaning_of(name: str) -> str:
    """The sentences on a term, by its name or one of its synonyms.

    Raises:
        KeyError: the glossary does not know it.
    """
    return _by_name()[name.casefold()].meaning


@cache
def _by_name() -> dict[str, Term]:
    return {name.casefold(): term for term in read_glossary() for name in (term.term, *term.synonyms)}
