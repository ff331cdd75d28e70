"""What a check found, in the few words that stand on a map; its sentence with the figures is one step away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lightbox.core.percent import percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lightbox.explainers.base import Check

# Logits, from baseline to scan. Below it a relative gap says nothing: it is measured against this then.
SMALLEST_CLIMB = 1e-3
SIDES = ("conservation_a", "conservation_b")
MANY = 10  # times what was put in, from where on per cent say nothing


@dataclass(frozen=True, slots=True)
class Badge:
    """A check in short.

    Args:
        words: what was found, such as "Repeatable 0.94".
        remedy: what to do about it, as an imperative; "" unless the check failed.
        passed: None where nothing decides on it.
        sentences: the same with the figures.
    """

    words: str
    remedy: str = ""
    passed: bool | None = None
    sentences: tuple[str, ...] = field(default=())


def badges_of(checks: Iterable[Check]) -> list[Badge]:
    """All that was found of a map, what failed first; two sides that both add up are said to in one."""
    badges = [(check.key, badge_of(check)) for check in checks]
    sides = [badge for key, badge in badges if key in SIDES]
    if len(sides) == len(SIDES) and all(badge.passed for badge in sides):
        both = Badge(
            "Both sides add up", passed=True, sentences=tuple(part for side in sides for part in side.sentences)
        )
        badges = [("sides", both), *((key, badge) for key, badge in badges if key not in SIDES)]
    return sorted((badge for _key, badge in badges), key=lambda badge: badge.passed is not False)


def badge_of(check: Check) -> Badge:
    """The check in the fewest words that still say what it found.

    A check without words of its own is named by its key and figure.
    """
    words_of, remedy = _BADGES.get(check.key, (_name, ""))
    return Badge(words_of(check), remedy if check.passed is False else "", check.passed, (check.sentence,))


def _name(check: Check) -> str:
    return f"{check.key.replace('_', ' ').capitalize()} {check.value:.3g}"


def _sum(whose: str) -> Callable[[Check], str]:
    """Of relevance that should add up to what was put in; where biases may take a share, how much arrived."""

    def words(check: Check) -> str:
        if check.passed:
            return f"{whose} adds up" if whose else "Adds up"
        share = f"{percent(check.value)} of" if abs(check.value) < MANY else f"{check.value:.2g} times"
        if check.passed is None:
            return f"{whose} holds {share} it" if whose else f"Holds {share} the logit"
        end = f"{share} what was put in"
        return f"{whose} does not add up: {end}" if whose else f"Does not add up: {end}"

    return words


def _completeness(check: Check) -> str:
    return f"Complete, {percent(check.value)} off" if check.passed else f"Incomplete: {percent(check.value)} off"


def _climb(check: Check) -> str:
    return "The logit falls from the baseline" if check.value <= -SMALLEST_CLIMB else "Next to nothing to explain"


def _fit(check: Check) -> str:
    if check.passed:
        return f"Fits the network: {percent(check.value)}"
    return f"Does not fit the network: {percent(check.value)}"


def _repeatable(check: Check) -> str:
    if check.passed is None:
        return "No ranking to repeat"
    return f"Repeatable {check.value:.2f}" if check.passed else f"Not repeatable: {check.value:.2f}"


def _evidence(check: Check) -> str:
    if check.passed is False:
        return "Nothing speaks for it"
    return f"{percent(check.value)} for it, {percent(1 - check.value)} against"


def _places(check: Check) -> str:
    return f"Marks {percent(check.value)} of the layer" if check.value > 0 else "Nothing speaks for it"


# By key: the words, and what to do where the check failed.
_BADGES: dict[str, tuple[Callable[[Check], str], str]] = {
    "conservation": (_sum(""), "Try another composite, or believe another method."),
    "conservation_a": (_sum("Its side"), "Try another composite, or believe another method."),
    "conservation_b": (_sum("The other side"), "Try another composite, or believe another method."),
    "completeness_gap": (_completeness, "Take more steps, or another baseline."),
    "climb": (_climb, ""),
    "surrogate_r2": (_fit, "Take more samples or fewer superpixels."),
    "stability": (_repeatable, "Take more samples."),
    "positive_evidence": (_evidence, "Explain another class: for this one there is nothing to see in this layer."),
    "places_not_zero": (_places, ""),
}
