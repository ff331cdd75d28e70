"""What an exclusion does to a row: gone where it lies wholly within, behind the others where it has more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.navigator import vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from lightbox.navigator.question.asked import Asked


def excluded(known: Collection[Asked]) -> Iterator[Asked]:
    """What of a phrase is ruled out: "not random forests" is about the kind of model, and not about all tables."""
    exact = [asked for asked in known if asked.facet in ("family", "runs")]
    yield from exact or (asked for asked in known if asked.kind != "wish")


def rules_out(asked: Asked, answers: Collection[str]) -> bool:
    """Whether a row of these answers has nothing besides what is excluded.

    What a release allows is never a reason to drop it: to run on a GPU too is not to need one.
    """
    values = set(asked.values) - {"both"}
    if asked.facet == "framework":
        values |= {key for key, term in vocabulary.FRAMEWORKS.items() if term.within in values}
    return asked.facet != "runs" and bool(answers) and set(answers) <= values


def touches(asked: Asked, answers: Collection[str]) -> bool:
    """Whether a row of these answers has some of what is excluded."""
    return not set(asked.values).isdisjoint(answers)
