"""The heat map of a matrix, with an invisible marker on every cell to click on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from components.shell.language import _

if TYPE_CHECKING:
    from lightbox.navigator.matrix import Matrix

CELL_PIXELS = 24
_HEADER_PIXELS = 130
# Opaque, so that white numbers have a contrast of 4.5 or more on a light and on a dark page; an empty cell is the page.
_SCALE = [[0.0, "rgb(66, 118, 158)"], [1.0, "rgb(0, 62, 116)"]]


def build(matrix: Matrix, *, row: str = "", column: str = "") -> go.Figure:
    """The figure; the cell (row, column) is framed. Colour grows with the root of the count, numbers say it exactly."""
    # Plotly looks into pandas as soon as somebody has begun to import it, and fails on half of it; importing waits.
    import pandas  # noqa: F401, ICN001

    counts = matrix.counts()
    numbers = max(max(line) for line in counts) > 1
    figure = go.Figure(
        go.Heatmap(
            z=[[count**0.5 if count else None for count in line] for line in counts],
            x=matrix.column_titles,
            y=matrix.row_titles,
            text=[[str(count) if count and numbers else "" for count in line] for line in counts],
            texttemplate="%{text}",
            textfont={"size": 12, "color": "white"},
            colorscale=_SCALE,
            zmin=1 if numbers else 0,
            zmax=max(max(line) for line in counts) ** 0.5 if numbers else 2,
            showscale=False,
            hoverinfo="skip",
            xgap=2,
            ygap=2,
        )
    )
    figure.add_trace(_targets(matrix, counts))
    if (row, column) in matrix.cells:
        _frame(figure, matrix, row, column)
    plain = {"showgrid": False, "zeroline": False, "ticks": "", "fixedrange": True, "tickmode": "linear", "dtick": 1}
    figure.update_xaxes(side="top", tickangle=-60, **plain)
    # Explicit ranges: room for markers would otherwise be added beyond the outermost cells.
    figure.update_xaxes(range=[-0.5, len(matrix.columns) - 0.5])
    figure.update_yaxes(range=[len(matrix.rows) - 0.5, -0.5], **plain)
    figure.update_layout(
        height=_HEADER_PIXELS + CELL_PIXELS * len(matrix.rows),
        margin={"l": 0, "r": 40, "t": _HEADER_PIXELS, "b": 0, "pad": 4},
        dragmode=False,
        showlegend=False,
    )
    return figure


def describe(matrix: Matrix) -> str:
    """The alternative text: size, how much of it is filled, and where it is fullest."""
    row, column, count = matrix.fullest()
    text = _("{rows} rows by {columns} columns, {filled} cells filled.").format(
        rows=len(matrix.rows), columns=len(matrix.columns), filled=len(matrix.cells)
    )
    if count > 1:
        text += " " + _("Most libraries, {count}, at {row} and {column}.").format(count=count, row=row, column=column)
    return text + " " + _("The two boxes beside it open the same lists; the same numbers stand in a table below.")


def _targets(matrix: Matrix, counts: list[list[int]]) -> go.Scatter:
    places = [(row, column) for row in range(len(matrix.rows)) for column in range(len(matrix.columns))]
    return go.Scatter(
        x=[matrix.column_titles[column] for _row, column in places],
        y=[matrix.row_titles[row] for row, _column in places],
        customdata=[[matrix.rows[row], matrix.columns[column], counts[row][column]] for row, column in places],
        mode="markers",
        marker={"size": CELL_PIXELS - 2, "opacity": 0, "symbol": "square"},
        # Streamlit fades what is not selected; here nothing is ever seen but the heat map below.
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        hovertemplate="%{y} × %{x}: %{customdata[2]}<extra></extra>",
    )


def _frame(figure: go.Figure, matrix: Matrix, row: str, column: str) -> None:
    x, y = matrix.columns.index(column), matrix.rows.index(row)
    figure.add_shape(type="rect", x0=x - 0.5, x1=x + 0.5, y0=y - 0.5, y1=y + 0.5, line={"color": "#e8710a", "width": 2})
