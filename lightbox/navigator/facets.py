"""The questions by which the catalogue can be narrowed, and one narrowing of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lightbox.navigator import licences, vocabulary
from lightbox.navigator.methods import GOALS, METHODS
from lightbox.navigator.terms import slug

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from lightbox.navigator.library import Library
    from lightbox.navigator.terms import Term


@dataclass(frozen=True, slots=True)
class Facet:
    """One question.

    Args:
        key: of the address.
        title: for people.
        titles: the answers, title by key, in the order shown.
        answers: the answers that hold for a library on a day.
        multivalued: whether one library can have several answers, so that "all of" makes sense.
    """

    key: str
    title: str
    titles: Mapping[str, str]
    answers: Callable[[Library, date], tuple[str, ...]]
    multivalued: bool = False

    def find(self, text: str) -> str | None:
        """The answer that ``text`` of an address means: its key or title, however spelled; None if none."""
        wanted = slug(text)
        for key, title in self.titles.items():
            if wanted and wanted in (slug(key), slug(title)):
                return key
        return None


def _titles(terms: Mapping[str, Term]) -> dict[str, str]:
    return {key: term.title for key, term in terms.items()}


def _frameworks(row: Library) -> tuple[str, ...]:
    """Its frameworks and those around them: whoever names timm takes PyTorch models."""
    around = (vocabulary.FRAMEWORKS[key].within for key in row.frameworks)
    return tuple(dict.fromkeys((*row.frameworks, *filter(None, around))))


def build_facets(libraries: tuple[Library, ...]) -> dict[str, Facet]:
    """The facets by key. Only licences come from the rows; everything else is a vocabulary."""
    licence_titles = {text: text for text in sorted({library.license for library in libraries} - {""})}
    licence_titles["unknown"] = "Unknown"
    facets = (
        Facet(
            "goal",
            "I want to know",
            {key: goal.title for key, goal in GOALS.items()},
            lambda row, _: row.goals,
            multivalued=True,
        ),
        Facet(
            "framework", "Framework", _titles(vocabulary.FRAMEWORKS), lambda row, _: _frameworks(row), multivalued=True
        ),
        Facet("method", "Method", _titles(METHODS), lambda row, _: row.methods, multivalued=True),
        Facet("data", "Data type", _titles(vocabulary.DATA_TYPES), lambda row, _: row.data_types, multivalued=True),
        Facet("status", "Maintenance", _titles(vocabulary.STATUSES), lambda row, day: (row.status_on(day),)),
        Facet("language", "Language", _titles(vocabulary.LANGUAGES), lambda row, _: row.language, multivalued=True),
        Facet("family", "Kind of model", _titles(vocabulary.FAMILIES), lambda row, _: row.families, multivalued=True),
        Facet("topic", "Topic", _titles(vocabulary.TOPICS), lambda row, _: row.topics, multivalued=True),
        Facet(
            "runs",
            "Newest release allows",
            _titles(vocabulary.RUNS_WITH),
            lambda row, _: row.runs_with,
            multivalued=True,
        ),
        Facet("task", "Task", _titles(vocabulary.TASKS), lambda row, _: row.tasks, multivalued=True),
        Facet("paradigm", "Paradigm", _titles(vocabulary.PARADIGMS), lambda row, _: (row.paradigm,)),
        Facet("scope", "Scope", _titles(vocabulary.SCOPES), lambda row, _: (row.scope,)),
        Facet("agnostic", "Model-agnostic", _titles(vocabulary.MODEL_AGNOSTIC), lambda row, _: (row.model_agnostic,)),
        Facet("permission", "Kind of licence", _titles(licences.KINDS), lambda row, _: (row.licence_kind,)),
        Facet("licence", "Licence", licence_titles, lambda row, _: (row.license or "unknown",)),
        Facet("interface", "Interface", _titles(vocabulary.INTERFACES), lambda row, _: row.interface, multivalued=True),
    )
    return {facet.key: facet for facet in facets}


@dataclass(frozen=True, slots=True)
class Query:
    """One narrowing: every facet that has values must hold, and so must the text.

    Args:
        text: words that must all occur in the row; the start of a word is enough.
        chosen: values by facet. Inside one facet any of them is enough, unless the facet is in ``all_of``.
        all_of: facets of which every chosen value must hold.
        any_model: whether a library that takes any model counts for every framework of its language.
    """

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    all_of: frozenset[str] = frozenset()
    any_model: bool = True

    @property
    def active(self) -> tuple[str, ...]:
        """Facets that narrow, "text" among them when there are words."""
        facets = tuple(key for key, values in self.chosen.items() if values)
        return (("text",) if self.text.strip() else ()) + facets

    def values(self, facet: str) -> tuple[str, ...]:
        return self.chosen.get(facet, ())

    def choosing(self, facet: str, values: tuple[str, ...]) -> Query:
        """The same query with other values of one facet."""
        chosen = {key: old for key, old in ({**self.chosen, facet: values}).items() if old}
        return replace(self, chosen=chosen, all_of=self.all_of if values else self.all_of - {facet})

    def dropping(self, part: str) -> Query:
        """The same query without one facet, or without the text."""
        return replace(self, text="") if part == "text" else self.choosing(part, ())
