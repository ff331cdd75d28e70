"""A typed question as understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lightbox.navigator.question.asked import SUBJECTS, Asked

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a question that can be left out: what it says, and where it stands in the typed text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A typed question as understood. Libraries are positions in the table.

    Args:
        asked: what its phrases ask, each with the phrase as typed.
        names: whole names of libraries in it, by the name as typed; those that are a word of the vocabularies too
            ("SHAP") stand in ``asked`` as well.
        held: further words that some row holds.
        unknown: words that no row holds.
        explains: whether it asks to explain something, which by itself finds nothing and is about heat maps mostly.
        without: what it rules out, each with the phrase as typed.
        not_named: libraries that it rules out by their names.
        ignored: further words that it rules out, by which nothing can be filtered.
        like: libraries that those found should be like, and not be.
        compared: libraries that it sets against each other.
        versions: numbers of which nothing is recorded, as typed.
        parts: what can be left out of it.
    """

    asked: tuple[tuple[str, Asked], ...] = ()
    names: tuple[tuple[str, int], ...] = ()
    held: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    explains: bool = False
    without: tuple[tuple[str, Asked], ...] = ()
    not_named: tuple[tuple[str, int], ...] = ()
    ignored: tuple[str, ...] = ()
    like: tuple[int, ...] = ()
    compared: tuple[int, ...] = ()
    versions: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

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
        """Whether it says what it is about, so that the search may go on without the words that nobody knows.

        A word that some row happens to hold is no subject: "gradients" does not make up for "intergrated".
        """
        exact = [asked for _, asked in self.asked if asked.kind == "filter" or asked.facet == "family"]
        subjects = any(asked.facet in SUBJECTS for asked in exact)
        return bool(subjects or self.names or self.like or self.compared)

    @property
    def lost(self) -> bool:
        """Whether the main word is unknown, so that whatever were found would not be what was meant."""
        return bool(self.unknown) and not self.has_subject

    @property
    def required(self) -> tuple[str, ...]:
        """Words that have to be in the row: all that were typed, unless something already says what it is about."""
        subjects = any(asked.facet in SUBJECTS for _, asked in self.asked if asked.kind in ("filter", "general"))
        return () if subjects or self.names or self.like or self.compared else self.held

    @property
    def dropped(self) -> tuple[str, ...]:
        """Words that some row holds, and that only move rows up."""
        return () if self.required else self.held

    @property
    def names_alone(self) -> tuple[tuple[str, int], ...]:
        """The names that are no word of the vocabularies as well."""
        phrases = {phrase for phrase, _ in self.asked}
        return tuple(name for name in self.names if name[0] not in phrases)

    @property
    def asks(self) -> bool:
        """Whether anything of it narrows the search."""
        return bool(self.filters or self.wishes or self.names or self.required or self.without or self.not_named)

    def values(self, facet: str) -> tuple[str, ...]:
        """The values of a facet among the filters."""
        return tuple(value for asked in self.filters if asked.facet == facet for value in asked.values)


def leaving_out(text: str, parts: Iterable[Part]) -> str:
    """The typed text without some parts of it, and without the signs that nothing stands between any more."""
    for part in sorted(parts, key=lambda part: -part.start):
        text = f"{text[: part.start]} {text[part.end :]}"
    return " ".join(text.split()).strip(" ,;")
