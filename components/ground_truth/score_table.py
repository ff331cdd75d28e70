"""The scores in numbers, the best first, with what speaks against them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.ground_truth.selection import TITLES
from components.shell.language import _
from lightbox.explainers import METHODS
from lightbox.ground_truth.localisation_table import settings_of
from lightbox.ground_truth.summary import against_chance, score_of
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from lightbox.ground_truth.summary import Row

VERDICTS = {1: "better", 0: "no better", -1: "worse"}


def show(rows: list[Row], measure: str) -> None:
    """One row a method and network, folded: the sentence above and the chart say what most people want to know."""
    with st.expander(_("All figures"), icon=":material/table:"):
        _show(rows, measure)


def _show(rows: list[Row], measure: str) -> None:
    ordered = sorted(rows, key=lambda row: -getattr(row, measure))
    st.dataframe(
        [record(row, measure) for row in ordered],
        hide_index=True,
        key="ground_truth.table",
        width="stretch",
        height="content",
    )
    with st.popover(_("Settings of each method"), icon=":material/tune:", type="tertiary"):
        for row in ordered:
            words = ", ".join(f"{name} {value}" for name, value in settings_of(row).items())
            st.markdown(f"**{_(METHODS[row.method].title)}**, {NETWORKS[row.network].title}: {words}")


def record(row: Row, measure: str) -> dict[str, str | int | float]:
    """The row as a person reads it."""
    return {
        _("Method"): _(METHODS[row.method].title),
        _("Network"): NETWORKS[row.network].title,
        _(TITLES[measure]): interval(row, measure),
        _("By chance"): f"{row.area:.1%}",
        _("Against chance"): _(VERDICTS[against_chance(row, measure)]),
        _("Maps"): row.count,
        _("Failed a check"): row.failed,
        _("No evidence"): row.silent,
        _("Withheld"): row.withheld,
        _("Seconds a map"): row.seconds,
    }


def interval(row: Row, measure: str) -> str:
    """Such as: 41.0 % (34.4 to 47.9)."""
    score, low, high = score_of(row, measure)
    return _("{score:.1f} % ({low:.1f} to {high:.1f})").format(score=100 * score, low=100 * low, high=100 * high)
