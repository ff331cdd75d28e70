"""From four answers to a ranked short list, each with its reasons, or to the answer that stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from lightbox.navigator import maintenance, ranking, vocabulary
from lightbox.navigator.methods import GOALS, METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lightbox.navigator.library import Library

# What a fact adds to the rank. Fit comes first, then life, then permission to use it. Ties are broken by
# specialisation, then by the freshest sign of life, then by stars.
_POINTS = {
    "framework_named": 3.0,
    "framework_wider": 1.5,
    "framework_any": 1.0,
    "other_language": -2.0,
    "data_named": 2.0,
    "data_wider": 0.5,
    "methods": 0.5,
    "active": 2.0,
    "unknown_status": -0.5,
    "old": -1.5,
    "dormant": -1.5,
    "archived": -3.0,
    "installable": 0.5,
    "not_installable": -0.5,
    "rules_out": -0.7,
    "restricted_licence": -1.5,
    "no_licence": -1.0,
    "platform": -2.0,
    "benchmark": -1.0,
    "scores_them": 0.5,
    "partly_verified": -0.3,
    "limits": 0.0,
}
_GOOD = frozenset(
    ("framework_named", "framework_wider", "framework_any", "data_named", "data_wider", "methods", "active")
)
_GOOD |= {"installable", "scores_them"}


@dataclass(frozen=True, slots=True)
class Answers:
    """The four answers; "" leaves a question open.

    Args:
        framework: key of `vocabulary.FRAMEWORKS`.
        data: key of `vocabulary.DATA_TYPES`.
        goal: key of `GOALS`.
        inside: "yes" where weights and gradients are at hand, "no" where only predictions are.
    """

    framework: str = ""
    data: str = ""
    goal: str = ""
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """A fact that moved the rank: a key of `_POINTS`, the words it is about, and whether it speaks for the library."""

    code: str
    about: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        return self.code in _GOOD


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A library that fits every answer, with what speaks for it and against it."""

    library: Library
    score: float
    reasons: tuple[Reason, ...]


def suggest(libraries: tuple[Library, ...], answers: Answers, *, today: date) -> list[Suggestion]:
    """Every library that fits all answers, best first.

    Equal points go by specialisation (which share of the row's methods was asked for), then by the newest sign of life,
    then by stars; only what is left goes by name.
    """
    found = []
    for library in libraries:
        reasons = _fit(library, answers)
        if reasons is not None:
            reasons += tuple(_circumstances(library, answers, today))
            score = sum(_points(reason) for reason in reasons)
            found.append(Suggestion(library, score, reasons))
    return sorted(found, key=lambda one: _rank(one, answers))


def _rank(one: Suggestion, answers: Answers) -> tuple[float, float, int, float, str]:
    library = one.library
    asked = GOALS[answers.goal].methods if answers.goal else ()
    sign = library.last_sign.toordinal() if library.last_sign else 0
    special = ranking.specialisation(library.methods, asked)
    return (-round(one.score, 6), -special, -sign, -ranking.popularity(library), library.name.casefold())


def _points(reason: Reason) -> float:
    """Points of one reason. Methods count one by one, up to four: breadth helps, but does not win alone."""
    return _POINTS[reason.code] * (min(len(reason.about), 4) if reason.code == "methods" else 1)


def obstacles(libraries: tuple[Library, ...], answers: Answers) -> list[tuple[str, int]]:
    """Answers (names of the fields) and how many libraries fit when that one is left open, most first."""
    counted = []
    for question in (field.name for field in fields(Answers)):
        if getattr(answers, question):
            eased = replace(answers, **{question: ""})
            counted.append((question, sum(_fit(library, eased) is not None for library in libraries)))
    return sorted(((question, hits) for question, hits in counted if hits), key=lambda pair: -pair[1])


def _fit(library: Library, answers: Answers) -> tuple[Reason, ...] | None:
    """The reasons why the library fits every answer, or None where it fails one."""
    methods = _useful_methods(library, answers)
    if not methods or (answers.inside == "no" and library.model_agnostic == "no"):
        return None
    reasons = []
    if answers.framework:
        way = library.works_with(answers.framework, methods)
        if not way:
            return None
        reasons.append(Reason(f"framework_{way}", (answers.framework,)))
        if vocabulary.FRAMEWORKS[answers.framework].host not in ("", *library.language):
            reasons.append(Reason("other_language", library.language))
    if answers.data:
        wider = answers.data == "medical-image" and "image" in library.data_types
        if answers.data not in library.data_types and not wider:
            return None
        reasons.append(Reason("data_named" if answers.data in library.data_types else "data_wider", (answers.data,)))
    if answers.goal:
        reasons.append(Reason("methods", methods))
    return tuple(reasons)


def _useful_methods(library: Library, answers: Answers) -> tuple[str, ...]:
    """The library's methods that answer the question, and that work without the inside where there is none.

    The vocabulary's order, so that the best-known come first.
    """
    wanted = GOALS[answers.goal].methods if answers.goal else tuple(METHODS)
    return tuple(
        key for key in wanted if key in library.methods and (answers.inside != "no" or METHODS[key].from_predictions)
    )


def _circumstances(library: Library, answers: Answers, today: date) -> Iterator[Reason]:
    """What moves the rank however well the library fits."""
    status = library.status_on(today)
    if status != "unknown":
        yield Reason(status)
    elif maintenance.life_on(today, status=status, last_sign=library.last_sign) == 0:
        yield Reason("old", (str(library.last_sign),))
    else:
        yield Reason("unknown_status")
    if "numpy-2" in library.not_with:
        yield Reason("rules_out", ("numpy 2",))
    yield Reason("installable" if library.install_line else "not_installable")
    if library.licence_kind == "restricted":
        yield Reason("restricted_licence", (library.license,))
    if library.licence_kind == "unknown":
        yield Reason("no_licence")
    if library.paradigm == "platform":
        yield Reason("platform")
    if library.paradigm == "evaluation":
        yield Reason("scores_them" if answers.goal == "evaluation" else "benchmark")
    if library.verified != "yes":
        yield Reason("partly_verified")
    if library.notable_limits:
        yield Reason("limits", (library.notable_limits,))


def title_of(question: str, answer: str) -> str:
    """The answer's title, for people."""
    if question == "goal":
        return GOALS[answer].title
    terms = {"framework": vocabulary.FRAMEWORKS, "data": vocabulary.DATA_TYPES}
    return terms[question][answer].title
