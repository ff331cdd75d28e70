"""The order of the hits: how well a row fits, then whether the project lives, then how much speaks for it.

Each comes before the next, so that no popularity lifts a project whose last sign of life is older than 18 months
above a living one that fits as well.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lightbox.navigator import maintenance
from lightbox.navigator.methods import GOALS, METHODS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from lightbox.navigator.library import Library

# How much of the quality each part can make. All shares lie in 0..1 but for the stars, which reach 1.1 at 25 000, and
# for what is said, up to 2.
SPECIALISED, FAMILY, FRESH, SAID, NAMED_SO, INSTALLED = 1.0, 1.0, 0.6, 0.5, 0.4, 0.2
STARS_A_DECADE = 0.25
# Stars that nobody counted are taken for about thirty, the middle of those that were.
STARS_UNKNOWN = 1.5
_AGAINST = {"restricted": 0.6, "unknown": 0.5}
PINNED_DOWN, PARTLY_READ, NO_LIBRARY, BENCHMARK = 0.4, 0.3, 0.5, 0.3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a search asks for, as far as it orders the hits.

    Args:
        values: answers chosen or typed, by facet, in groups of which one is enough.
        wishes: answers that need not be known, by facet.
        methods: the methods it is about; () where it is about none.
    """

    values: Mapping[str, Collection[Collection[str]]]
    wishes: Mapping[str, Collection[str]]
    methods: tuple[str, ...] = ()


def fit(library: Library, answers: Mapping[str, Collection[str]], wanted: Wanted) -> int:
    """How many of the answers that were asked for the row gives by name; a framework counts four times.

    Args:
        library: the row.
        answers: what it answers in each facet that was asked.
        wanted: what was asked.
    """
    points = 0
    for facet, groups in wanted.values.items():
        weight = 4 if facet == "framework" else 1
        points += weight * sum(any(value in answers[facet] for value in group) for group in groups)
    return points + sum(value in library.runs_with for value in wanted.wishes.get("runs", ()))


def quality(library: Library, wanted: Wanted, today: date, *, said: float = 0.0, named_so: bool = False) -> float:
    """What speaks for a row besides its fit and its life; higher is better.

    Args:
        library: the row.
        wanted: what was asked.
        today: the day on which freshness is judged.
        said: the typed words that the row says itself, each by its rarity in 0..1.
        named_so: whether it is called like something that was asked, as SHAP is.
    """
    data = [value for group in wanted.values.get("data", ()) for value in group]
    asked = [(library.methods, wanted.methods)] * bool(wanted.methods) + [(library.data_types, data)] * bool(data)
    score = SPECIALISED * sum(specialisation(*pair) for pair in asked) / max(1, len(asked))
    score += FRESH * (maintenance.freshness(library.last_sign, today) or 0.0)
    score += STARS_A_DECADE * popularity(library)
    score += SAID * min(said, 2.0) + NAMED_SO * named_so + INSTALLED * bool(library.install_line)
    score += FAMILY * any(value in library.families for value in wanted.wishes.get("family", ()))
    score += FAMILY * any(value in library.data_types for value in wanted.wishes.get("data", ()))
    score -= _AGAINST.get(library.licence_kind, 0.0)
    score -= PINNED_DOWN * ("numpy-2" in library.not_with) + PARTLY_READ * (library.verified != "yes")
    score -= NO_LIBRARY * (library.paradigm == "platform" and not wanted.values.get("paradigm"))
    return score + BENCHMARK * _scores_explanations(library, wanted)


def _scores_explanations(library: Library, wanted: Wanted) -> int:
    """1 for what scores explanations where that is asked, -1 elsewhere; 0 for a library that does not.

    What opens networks scores its own circuits and features: no answer to whether a heat map can be trusted.
    """
    asked = asks_for_evaluation(wanted.methods) or any("evaluation" in group for group in wanted.values.get("goal", ()))
    if library.paradigm == "evaluation":
        return 1 if asked else -1
    nothing_else = set(wanted.methods) <= set(GOALS["evaluation"].methods)
    return -1 if library.paradigm == "mechanistic" and asked and nothing_else else 0


def specialisation(has: Collection[str], asked: Collection[str]) -> float:
    """Which share of what a row has was asked for: a library of one method stands behind that one."""
    return sum(one in asked for one in has) / len(has) if has and asked else 0.0


def popularity(library: Library) -> float:
    """The stars in powers of ten; what nobody counted is not none."""
    return STARS_UNKNOWN if library.stars is None else math.log10(library.stars + 1)


def asks_for_evaluation(methods: Collection[str]) -> bool:
    """Whether the methods asked for are those that score explanations, and not all methods there are."""
    return bool(set(methods) & set(GOALS["evaluation"].methods)) and len(methods) < len(METHODS)
