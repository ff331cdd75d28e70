"""The scores as dots with their intervals, each beside what a map that knows nothing scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go
import streamlit as st

from components.ground_truth.selection import MEANINGS, TITLES
from components.shell.language import _
from components.shell.palette import COLOURS, STILL
from lightbox.explainers import METHODS
from lightbox.ground_truth.summary import score_of
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from lightbox.ground_truth.summary import Row

SYMBOLS = ("circle", "square", "diamond", "cross")
ROW_HEIGHT = 44
NETWORK_HEIGHT = 20
TICK_SIZE = 22
SPREAD = 0.5


def show(rows: list[Row], measure: str) -> None:
    """Draw the rows; the table below it says the same in numbers."""
    st.plotly_chart(
        build(rows, measure), key="ground_truth.plot", alt=describe(rows, measure), config=STILL, theme="streamlit"
    )


def build(rows: list[Row], measure: str) -> go.Figure:
    """Methods down, score across, one symbol and colour a network; a grey tick where chance is."""
    networks = list(dict.fromkeys(row.network for row in rows))
    methods = [key for key in METHODS if any(row.method == key for row in rows)]
    figure = go.Figure()
    for number, network in enumerate(networks):
        shown = [row for row in rows if row.network == network]
        shift = SPREAD * ((number + 0.5) / len(networks) - 0.5)
        places = [methods.index(row.method) + shift for row in shown]
        figure.add_trace(_dots(shown, places, measure, number))
        figure.add_trace(_ticks(shown, places, size=TICK_SIZE // len(networks), named=number == len(networks) - 1))
    figure.update_layout(
        height=max(ROW_HEIGHT, NETWORK_HEIGHT * len(networks)) * len(methods) + 2 * ROW_HEIGHT,
        margin={"l": 0, "r": 10, "t": 10, "b": 0},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={"title": f"{_(TITLES[measure])}, {_('95 % interval')}", "range": [0, _end(rows, measure)]},
        yaxis={
            "tickvals": list(range(len(methods))),
            "ticktext": [_(METHODS[key].title) for key in methods],
            "range": [len(methods) - 0.5, -0.5],
            "showgrid": False,
            "zeroline": False,
        },
    )
    figure.update_xaxes(tickformat=".0%", fixedrange=True)
    figure.update_yaxes(fixedrange=True)
    return figure


def describe(rows: list[Row], measure: str) -> str:
    """The alternative text: best and worst, and chance."""
    best, worst = (pick(rows, key=lambda row: getattr(row, measure)) for pick in (max, min))
    return _(
        "{measure}. {meaning} Best: {best} on {best_network}, {high:.0%}. Worst: {worst} on {worst_network}, "
        "{low:.0%}. A map that knows nothing: {area:.0%}. The same numbers stand below."
    ).format(
        measure=_(TITLES[measure]),
        meaning=_(MEANINGS[measure]),
        best=_(METHODS[best.method].title),
        best_network=NETWORKS[best.network].title,
        high=getattr(best, measure),
        worst=_(METHODS[worst.method].title),
        worst_network=NETWORKS[worst.network].title,
        low=getattr(worst, measure),
        area=best.area,
    )


def _dots(rows: list[Row], places: list[float], measure: str, number: int) -> go.Scatter:
    scores = [score_of(row, measure) for row in rows]
    colour = COLOURS[number % len(COLOURS)]
    return go.Scatter(
        x=[score for score, _low, _high in scores],
        y=places,
        error_x={
            "array": [high - score for score, _low, high in scores],
            "arrayminus": [score - low for score, low, _high in scores],
            "color": colour,
            "thickness": 1.5,
            "width": 4,
        },
        mode="markers",
        marker={"size": 10, "color": colour, "symbol": SYMBOLS[number % len(SYMBOLS)]},
        name=NETWORKS[rows[0].network].title,
        hovertemplate="%{x:.1%}<extra></extra>",
    )


def _ticks(rows: list[Row], places: list[float], *, size: int, named: bool) -> go.Scatter:
    """The masks' share of the area, beside each dot: on other scans it is another."""
    return go.Scatter(
        x=[row.area for row in rows],
        y=places,
        mode="markers",
        marker={"symbol": "line-ns", "size": size, "line": {"width": 2, "color": "#808495"}},
        name=_("By chance (the pathology's share of the area)"),
        showlegend=named,
        hovertemplate="%{x:.1%}<extra></extra>",
    )


def _end(rows: list[Row], measure: str) -> float:
    """A round end of the axis, so that low scores do not crowd at its beginning."""
    largest = max(max(score_of(row, measure)[2], row.area) for row in rows)
    return min(1.02, (int(largest * 10 + 0.5) + 1) / 10)
