"""A confusion matrix as a heat map whose cells can be clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from components.maps.colour_bar import STOPS, colour_stops
from components.networks import choices
from components.networks.choices import Cell
from components.networks.results.summary import with_interval
from components.shell.language import _
from components.shell.palette import CLICKED
from lightbox.imaging.colour import Scale
from lightbox.metrics.confusion import confusion_matrix, normalise, score
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.metrics.predictions import Predictions

TITLES = {"counts": "Counts", "rows": "Share by truth", "columns": "Share by answer"}
MEANINGS = {
    "counts": "Scans in each cell.",
    "rows": "Each row sums to 100 %: of the scans that truly are of a class, how many are called what. The diagonal "
    "is the recall.",
    "columns": "Each column sums to 100 %: of the scans that are called a class, how many truly are what. The diagonal "
    "is the precision.",
}
HEIGHT, MARGIN_LEFT, MARGIN_TOP = 360, 84, 54
OUTLINE = "#22c55e"


def show(answers: Predictions, how: str, *, limit: float, cell: Cell) -> None:
    """The matrix under its network's name and accuracy. A click on a cell lists its scans.

    Args:
        answers: of one network.
        how: one of `confusion.NORMALISATIONS`.
        limit: the value of the last colour, shared by all networks on show.
        cell: whose scans are listed now; outlined where it is this network's.
    """
    scores = score(answers)
    st.markdown(f"**{NETWORKS[answers.network].title}**")
    st.markdown(
        ":small["
        + _("{right} of {scans} scans right: {accuracy}").format(
            right=scores.right, scans=scores.scans, accuracy=with_interval(scores.accuracy, scores.interval)
        )
        + "]"
    )
    key = f"networks.matrix.{answers.network}"
    st.plotly_chart(
        build(answers, how, limit=limit, cell=cell if cell.network == answers.network else None),
        key=key,
        alt=describe(answers),
        config=CLICKED,
        theme=None,
        on_select=lambda: _on_click(key, answers.network),
        selection_mode="points",
    )


def build(answers: Predictions, how: str, *, limit: float, cell: Cell | None) -> go.Figure:
    """The figure: a heat map for the colours, and on it one unseen marker a cell, which can be clicked."""
    counts = confusion_matrix(answers)
    values = normalise(counts, how)
    titles = [_(title).replace(" ", "<br>", 1) for title in choices.class_titles(answers).values()]
    size = len(titles)
    scale = Scale(max(limit, 1e-9), signed=False)
    rows, columns = (part.ravel() for part in np.mgrid[:size, :size])
    figure = go.Figure(
        go.Heatmap(
            z=values,
            zmin=0,
            zmax=scale.limit,
            colorscale=colour_stops(scale, alpha=np.ones(STOPS)),
            showscale=False,
            hoverinfo="skip",
            xgap=2,
            ygap=2,
            # Plotly picks black or white, whichever can be read on the cell's colour.
            text=[
                [_words(int(counts[row, column]), how, values[row, column]) for column in range(size)]
                for row in range(size)
            ],
            texttemplate="%{text}",
            textfont={"size": 14},
        )
    )
    figure.add_trace(
        go.Scatter(
            x=columns,
            y=rows,
            mode="markers",
            marker={"size": 44, "symbol": "square", "opacity": 0},
            selected={"marker": {"opacity": 0}},
            unselected={"marker": {"opacity": 0}},
            customdata=[[answers.classes[row], answers.classes[column]]
                        for row, column in zip(rows, columns, strict=True)],
            hovertext=_hovers(answers, counts),
            hovertemplate="%{hovertext}<extra></extra>",
            showlegend=False,
        )
    )  # fmt: skip
    lay_out(figure, titles)
    if cell is not None:
        true, called = cell.indices(answers)
        figure.add_shape(
            type="rect", x0=called - 0.48, x1=called + 0.48, y0=true - 0.48, y1=true + 0.48,
            line={"color": OUTLINE, "width": 4},
        )  # fmt: skip
    return figure


def describe(answers: Predictions) -> str:
    """The matrix in words, for those who do not see it."""
    counts, titles = confusion_matrix(answers), list(choices.class_titles(answers).values())
    rows = [
        _("truly {title}: ").format(title=_(titles[true]).lower())
        + ", ".join(f"{count} {_(titles[called]).lower()}" for called, count in enumerate(row) if count)
        for true, row in enumerate(counts.tolist())
        if sum(row)
    ]
    return _("Confusion matrix of {network}. ").format(network=NETWORKS[answers.network].title) + "; ".join(rows) + "."


def lay_out(figure: go.Figure, titles: list[str]) -> None:
    size = len(titles)
    faint = {"color": "#808495", "size": 13}
    title = {"font": faint, "standoff": 4}
    axis: dict[str, Any] = {
        "tickvals": list(range(size)),
        "ticktext": titles,
        "tickfont": {**faint, "size": 11},
        "tickangle": 0,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "constrain": "domain",
        "ticks": "",
    }
    figure.update_layout(
        height=HEIGHT,
        margin={"l": MARGIN_LEFT, "r": 4, "t": MARGIN_TOP, "b": 4},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hovermode="closest",
        hoverdistance=-1,  # the whole cell answers, not only its middle
        clickmode="event+select",
        dragmode=False,
        xaxis={**axis, "side": "top", "title": {**title, "text": _("called")}, "range": [-0.5, size - 0.5]},
        yaxis={**axis, "title": {**title, "text": _("truly")}, "range": [size - 0.5, -0.5]},
    )


def _words(count: int, how: str, value: float) -> str:
    if how == "counts":
        return f"{count}"
    share = "–" if np.isnan(value) else f"{value:.0%}"
    return f"{share}<br><span style='font-size:11px'>{count}</span>"


def _hovers(answers: Predictions, counts: NDArray[np.int64]) -> list[str]:
    titles = [_(title) for title in choices.class_titles(answers).values()]
    rows, columns = normalise(counts, "rows"), normalise(counts, "columns")
    return [
        _("truly {true}, called {called}: {count}<br>{row} of those that are, {column} of those called so").format(
            true=true_title.lower(),
            called=called_title.lower(),
            count=counts[true, called],
            row=_share(rows[true, called]),
            column=_share(columns[true, called]),
        )
        for true, true_title in enumerate(titles)
        for called, called_title in enumerate(titles)
    ]


def _share(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.1%}"


def _on_click(key: str, network: str) -> None:
    """A click chooses its cell; a second click on the same one, which Plotly reports as none, changes nothing."""
    points = st.session_state[key].selection.points
    if points:
        true, called = points[0]["customdata"]
        choices.choose_cell(Cell(network, str(true), str(called)))
