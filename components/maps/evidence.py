"""One value of a map in words: "weak evidence against Meningioma"."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.shell.language import _
from lightbox.comparison.captions import RATHER_THAN, titles_explained

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lightbox.explainers import Attribution

# Shares of the colour scale's limit from which evidence is called weak, moderate and strong. Below the first an overlay
# has at most a fifth of its opacity.
STEPS = (0.05, 1 / 3, 2 / 3)


@dataclass(frozen=True, slots=True)
class Wording:
    """All that can be said of a value of one map.

    Args:
        nothing: of exactly zero.
        little: below the first of `STEPS`.
        speaks_for: weak, moderate and strong evidence for the class.
        against: the same against it; empty for a map that shows none.
        unshown: of a negative value of such a map.
        outside: of a place that the map has no value for.
    """

    nothing: str
    little: str
    speaks_for: tuple[str, str, str]
    against: tuple[str, ...]
    unshown: str
    outside: str


def explained_class(result: Attribution, class_titles: Sequence[str]) -> str:
    """The class that a map explains, in words: ``Viral pneumonia rather than Bacterial pneumonia``."""
    title, other = _titles(result, class_titles)
    return title if other is None else _(RATHER_THAN).format(a=title, b=other)


def wording(result: Attribution, class_titles: Sequence[str]) -> Wording:
    """The sentences for a map: for and against its class, or for one class rather than another.

    Args:
        result: the map; its target says whether it sets one class against another.
        class_titles: of the network's classes, in their order.
    """
    title, other = _titles(result, class_titles)
    if other is None:
        speaks_for = (
            _("weak evidence for {title}"),
            _("moderate evidence for {title}"),
            _("strong evidence for {title}"),
        )
        against = (
            _("weak evidence against {title}"),
            _("moderate evidence against {title}"),
            _("strong evidence against {title}"),
        )
        little = (
            _("next to no evidence for or against {title}") if result.signed else _("next to no evidence for {title}")
        )
    else:
        speaks_for = (
            _("weak evidence for {title} rather than {other}"),
            _("moderate evidence for {title} rather than {other}"),
            _("strong evidence for {title} rather than {other}"),
        )
        against = (
            _("weak evidence for {other} rather than {title}"),
            _("moderate evidence for {other} rather than {title}"),
            _("strong evidence for {other} rather than {title}"),
        )
        little = _("next to no evidence for {title} rather than {other}, nor the other way round")

    def fill(sentence: str) -> str:
        return sentence.format(title=title, other=other)

    weak, moderate, strong = map(fill, speaks_for)
    return Wording(
        nothing=_("no evidence"),
        little=fill(little),
        speaks_for=(weak, moderate, strong),
        against=tuple(map(fill, against)) if result.signed else (),
        unshown=fill(_("no evidence for {title}; this map shows none against it")),
        outside=_("outside what the network sees"),
    )


def ends(result: Attribution, class_titles: Sequence[str], *, positive_only: bool) -> tuple[str, str]:
    """What the left and the right end of a map's colour bar stand for."""
    title, other = _titles(result, class_titles)
    right = _("for {title}").format(title=title)
    if positive_only or not result.signed:
        return _("none"), right
    return _("against") if other is None else _("for {title}").format(title=other), right


def describe(value: float, limit: float, words: Wording) -> str:
    """A value in words, by its share of the limit at which the map's colours end.

    Below 5 % it is next to no evidence, below a third weak, below two thirds moderate, above strong: what is said goes
    with the colour that is seen, on a scale that the map has for itself as on one that it shares.

    Args:
        value: of the map, raw; NaN where the map has none.
        limit: the value with the last colour, 0 or more.
        words: the map's.
    """
    if math.isnan(value):
        return words.outside
    if value == 0 or limit == 0:
        return words.nothing
    side = words.speaks_for if value > 0 else words.against
    if not side:
        return words.unshown
    step = sum(abs(value) / limit >= least for least in STEPS)
    return words.little if step == 0 else side[step - 1]


def _titles(result: Attribution, class_titles: Sequence[str]) -> tuple[str, str | None]:
    title, other = titles_explained(result, class_titles)
    return _(title), None if other is None else _(other)
