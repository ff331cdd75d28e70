"""Common questions with a short answer that a person checked: two or three libraries, and why each.

They stand in ``short_answers.csv``, one line a library: the question, what it asks as in a link to the navigator, the
library, one line why, and the day the answer was checked.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from lightbox.core.errors import UserFacingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lightbox.navigator.facets import Query
    from lightbox.navigator.index import Index
    from lightbox.navigator.library import Library

QUESTIONS_PATH = Path(__file__).with_name("short_answers.csv")
COLUMNS = ("question", "asks", "library", "why", "checked")


@dataclass(frozen=True, slots=True)
class Answer:
    """One library of a short answer."""

    library: Library
    why: str
    checked: date


@dataclass(frozen=True, slots=True)
class Question:
    """A common question.

    Args:
        text: as a person asks it.
        asks: what it asks, one value by facet; a search that asks all of it is this question.
        answers: the libraries, best first.
    """

    text: str
    asks: Mapping[str, str]
    answers: tuple[Answer, ...]


def questions(index: Index, path: Path = QUESTIONS_PATH) -> tuple[Question, ...]:
    """The questions, in the order of the file.

    Raises:
        UserFacingError: a line names a library, a facet or a value that the catalogue does not know.
    """
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    found: dict[str, list[dict[str, str]]] = {}
    for line in lines:
        found.setdefault(line["question"], []).append(line)
    return tuple(
        Question(text, _asks(index, own[0]), tuple(_answer(index, line) for line in own)) for text, own in found.items()
    )


def matching(asked: Query, index: Index, known: Iterable[Question]) -> Question | None:
    """The most exact of the known questions that a search asks, with the answers that fit the rest of it; or None.

    A search asks a question where every value of the question is chosen, typed or wished for; what it asks beyond
    that, an answer has to fulfil, and what it rules out, an answer must not have.
    """
    groups = index.asked_groups(asked)
    reading = index.read(asked.text)
    best: Question | None = None
    for question in known:
        rest = [(facet, group) for facet, group in groups if question.asks.get(facet) not in group]
        met = sum(
            any(facet == name and value in group for facet, group in groups) for name, value in question.asks.items()
        )
        allowed = (one for one in question.answers if index.keeps(one.library, reading))
        answers = tuple(one for one in allowed if all(index.fulfils(one.library, *pair) for pair in rest))
        if met == len(question.asks) and answers and (best is None or met > len(best.asks)):
            best = Question(question.text, question.asks, answers)
    return best


def _asks(index: Index, line: Mapping[str, str]) -> dict[str, str]:
    asks = {}
    for facet, text in parse_qsl(line["asks"]):
        value = index.facets[facet].find(text) if facet in index.facets else None
        if value is None:
            raise _unknown(f"{facet}={text}", line)
        asks[facet] = value
    return asks


def _answer(index: Index, line: Mapping[str, str]) -> Answer:
    library = index.find(line["library"])
    if library is None:
        raise _unknown(line["library"], line)
    return Answer(library, line["why"], date.fromisoformat(line["checked"]))


def _unknown(text: str, line: Mapping[str, str]) -> UserFacingError:
    return UserFacingError(
        f"The question “{line['question']}” names {text}, which the catalogue does not know.",
        f"Correct it in {QUESTIONS_PATH.name}.",
    )
