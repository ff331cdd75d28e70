"""The plane on which known scans lie, and the star of the one that is placed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from components.networks.embedding.nearest_scans import class_titles
from components.shell.language import _
from components.shell.palette import EXPLORED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from components.networks.embedding.nearest_scans import Nearest
    from lightbox.embedding.atlas import Atlas
    from lightbox.embedding.placing import Place

# Okabe and Ito's, told apart by colour-blind readers too; none of them is the red or the blue of evidence.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
RIGHT, WRONG = "#8d99a6", "#D55E00"
SCAN, PHANTOM = "circle", "diamond-open"
HEIGHT = 520


def show(atlas: Atlas, placed: Place | None, near: Nearest, *, colour: str, phantoms: bool) -> None:
    """Draw it; the table of neighbours says in words what matters of it."""
    st.plotly_chart(
        build(atlas, placed, near, colour=colour, phantoms=phantoms),
        key="networks.map",
        alt=describe(atlas, placed, near),
        config=EXPLORED,
        theme="streamlit",
    )


def build(atlas: Atlas, placed: Place | None, near: Nearest, *, colour: str, phantoms: bool) -> go.Figure:
    """Circles for patients' scans, open diamonds for synthetic ones; rings around the nearest, a star for the new.

    Args:
        atlas: the known scans.
        placed: the new one.
        near: its neighbours.
        colour: "label", "predicted" or "right".
        phantoms: whether synthetic scans are drawn.
    """
    figure = go.Figure()
    for title, shade, members in _groups(atlas, colour):
        figure.add_trace(_dots(atlas, np.flatnonzero(members & ~atlas.phantom), title, shade, symbol=SCAN))
        if phantoms:
            drawn = np.flatnonzero(members & atlas.phantom)
            figure.add_trace(_dots(atlas, drawn, _("{title}, synthetic").format(title=title), shade, symbol=PHANTOM))
    if placed is not None:
        figure.add_trace(_rings(atlas, near))
        figure.add_trace(_star(placed))
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        legend={"orientation": "h", "y": -0.02, "yanchor": "top", "x": 0, "itemsizing": "constant"},
    )
    # The axes of t-SNE mean nothing, so they carry no numbers; their scale is the same.
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x")
    return figure


def describe(atlas: Atlas, placed: Place | None, near: Nearest) -> str:
    """The alternative text: what is drawn, and the classes of the nearest."""
    titles = class_titles(atlas)
    counts = ", ".join(f"{title} {int((atlas.labels == index).sum())}" for index, title in enumerate(titles))
    words = _("A plane with {count} known scans: {counts}.").format(count=len(atlas), counts=counts)
    if placed is None:
        return words
    names = ", ".join(titles[atlas.labels[index]] for index in near.indices)
    return (
        words
        + " "
        + _("A star marks the scan that is placed; its nearest known scans are {names}.").format(names=names)
    )


def _groups(atlas: Atlas, colour: str) -> list[tuple[str, str, NDArray[np.bool_]]]:
    """Title, colour and members of each group of dots."""
    if colour == "right":
        return [(_("Called right"), RIGHT, atlas.right), (_("Called wrong"), WRONG, ~atlas.right)]
    indices = atlas.labels if colour == "label" else atlas.predicted
    return [(title, PALETTE[index % len(PALETTE)], indices == index) for index, title in enumerate(class_titles(atlas))]


def _dots(atlas: Atlas, members: NDArray[np.int64], title: str, shade: str, *, symbol: str) -> go.Scatter:
    titles = class_titles(atlas)
    return go.Scatter(
        x=atlas.positions[members, 0],
        y=atlas.positions[members, 1],
        mode="markers",
        marker={
            "size": 7,
            "color": shade,
            "symbol": symbol,
            "opacity": 0.8,
            "line": {"width": 1.2 if symbol == PHANTOM else 0, "color": shade},
        },
        name=title,
        customdata=[[atlas.names[i], titles[atlas.labels[i]], titles[atlas.predicted[i]]] for i in members],
        hovertemplate="%{customdata[0]}<br>"
        + _("{true}, called {called}").format(true="%{customdata[1]}", called="%{customdata[2]}")
        + "<extra></extra>",
    )


def _rings(atlas: Atlas, near: Nearest) -> go.Scatter:
    return go.Scatter(
        x=atlas.positions[near.indices, 0],
        y=atlas.positions[near.indices, 1],
        mode="markers",
        marker={"size": 14, "color": "rgba(0,0,0,0)", "line": {"width": 2, "color": "#808495"}},
        name=_("Nearest by its features"),
        hoverinfo="skip",
    )


def _star(placed: Place) -> go.Scatter:
    return go.Scatter(
        x=[placed.position[0]],
        y=[placed.position[1]],
        mode="markers",
        marker={"symbol": "star", "size": 22, "color": "#ffd500", "line": {"width": 1.5, "color": "#1f2937"}},
        name=_("This scan"),
        hovertemplate=_("This scan") + "<extra></extra>",
    )
