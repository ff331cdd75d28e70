"""What the scores say, in a sentence or two, before any figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.ground_truth.selection import MEANINGS
from components.shell.language import _
from lightbox.core.percent import percent
from lightbox.explainers import METHODS
from lightbox.ground_truth.summary import against_chance
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from lightbox.ground_truth.summary import Row

BEST = {
    "pointing": "in {share} of its maps the strongest point lies in the pathology; by chance it would be {chance}.",
    "mass": "{share} of the evidence lies in the pathology; by chance it would be {chance}.",
    "rank": "{share} of the strongest places lie in the pathology; by chance it would be {chance}.",
}


def show(rows: list[Row], measure: str) -> None:
    """The best map, those that are no better than chance, and in small what was measured."""
    st.markdown(" ".join([describe_best(rows, measure), describe_chance(rows, measure)]))
    st.caption(_(MEANINGS[measure]))


def describe_best(rows: list[Row], measure: str) -> str:
    """Such as: Best: LRP on ResNet50: in 85 % of its maps the strongest point lies in the pathology; by chance ..."""
    best = max(rows, key=lambda row: getattr(row, measure))
    words = _(BEST[measure]).format(share=percent(getattr(best, measure)), chance=percent(best.area))
    return _("**Best: {name}**: {words}").format(name=_name(best), words=words)


def describe_chance(rows: list[Row], measure: str) -> str:
    """Which maps are no better than chance, or even worse."""
    sentences = []
    for verdict, words in ((0, _("No better than chance: {names}.")), (-1, _("Worse than chance: {names}."))):
        names = [_name(row) for row in rows if against_chance(row, measure) == verdict]
        if names:
            sentences.append(words.format(names=", ".join(names)))
    return " ".join(sentences) or _("Every method is better than chance.")


def _name(row: Row) -> str:
    return _("{method} on {network}").format(method=_(METHODS[row.method].title), network=NETWORKS[row.network].title)
