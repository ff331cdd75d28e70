"""One map over its scan, as a Plotly figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from components.maps import colour_bar, unchanged_charts
from components.shell.language import _
from components.shell.palette import PICTURE
from lightbox.imaging.overlay import CONTOUR_LEVELS, FULL_OPACITY_FROM, GREEN

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from numpy.typing import NDArray
    from streamlit.delta_generator import DeltaGenerator

    from components.maps.display_bar import Display
    from lightbox.imaging.colour import Scale
    from lightbox.imaging.preprocess import Box
    from lightbox.imaging.views import Views

BAR_HEIGHT = 34
# Heights of a film in percent of its width, in steps of five: style.css has a rule for each.
LOWEST_SHAPE, TALLEST_SHAPE = 60, 160
# Neither of a signed map's colours, and bright against both colour tables and the scan; on a dark edge.
# The green of an exported outline.
OUTLINE_COLOUR, OUTLINE_EDGE = f"rgb{GREEN}", "rgba(0,0,0,0.55)"

# Contours of a signed map, and of one that has no sign.
FOR, AGAINST, ONE_SIDED = "#d7301f", "#4575d4", "#f0c020"


@dataclass(frozen=True, slots=True)
class Film:
    """The picture under a map.

    Args:
        uri: data URI of the picture.
        size_hw: its height and width in native pixels.
        box: where the map's grid lies on it.
        views: of the scan that it shows: charts over it are kept there, and forgotten with the scan.
    """

    uri: str
    size_hw: tuple[int, int]
    box: Box
    views: Views | None = None


def show(
    film: Film,
    values: NDArray[np.float32],
    scale: Scale,
    display: Display,
    *,
    key: str,
    alt: str,
    outline: Sequence[NDArray[np.float64]] = (),
    ends: tuple[str, str] | None = None,
    about: Hashable = None,
) -> None:
    """Draw a map as wide as the page allows; hovering tells position and value.

    Args:
        film: see `build_map`, as for all but the following.
        values: likewise.
        scale: likewise.
        display: likewise.
        key: of the chart.
        alt: the chart in words.
        outline: see `build_map`.
        ends: see `build_map`.
        about: what ``values`` and ``outline`` are of. With it, and over the film of a scan, the chart is made anew only
            where something is another.
    """

    def build() -> go.Figure:
        return build_map(film, values, scale, display, outline=outline, ends=ends)

    _put(build, film, key=key, alt=alt, with_bar=True, about=about and (about, scale, display, ends))


def show_film(film: Film, *, key: str, alt: str, with_bar: bool = False) -> None:
    """Draw the scan alone, as wide as the page allows; ``with_bar`` leaves room for a colour bar."""

    def build() -> go.Figure:
        figure = _canvas(film)
        if not with_bar:
            figure.update_layout(margin_b=0)
        return figure

    _put(build, film, key=key, alt=alt, with_bar=with_bar, about="the film alone")


def _put(build: Callable[[], go.Figure], film: Film, *, key: str, alt: str, with_bar: bool, about: Hashable) -> None:
    """Draw a figure in a box of the film's shape. How wide it is only the browser knows: style.css makes the height."""
    rows, columns = film.size_hw
    shape = 5 * round(min(max(100 * rows / columns, LOWEST_SHAPE), TALLEST_SHAPE) / 5)
    place = st.container(key=f"film-{shape}-{'bar' if with_bar else 'bare'}-{key}")

    def draw(place: DeltaGenerator) -> None:
        place.plotly_chart(build(), key=key, alt=alt, config=PICTURE, theme=None, height="stretch")

    subject = (about, film.uri, film.size_hw, film.box, alt, with_bar)
    unchanged_charts.show(None if about is None else film.views, subject, place, draw, name=key, shared=film.uri)


def build_map(
    film: Film,
    values: NDArray[np.float32],
    scale: Scale,
    display: Display,
    *,
    outline: Sequence[NDArray[np.float64]] = (),
    ends: tuple[str, str] | None = None,
) -> go.Figure:
    """The figure: scan as one image layer, map on the network's own grid, raw values in the hover text.

    Of a signed map of which only the evidence for the class is wanted, what lies below zero has zero's colour; its
    value stays in the hover text.

    Args:
        film: the picture under the map.
        values: (S, S) float32, raw.
        scale: the values at the ends of the colour bar.
        display: the drawing choices.
        outline: lines to draw on top, each (K, 2) of (row, column) in native pixels from pixel centres.
        ends: what the colour bar says below zero and above it, such as "against" and "for Glioma"; its figures without.
    """
    figure = _canvas(film, with_scan=display.view != "map")
    below_zero = scale.signed and not display.positive_only
    rows, columns = values.shape
    box = film.box
    grid = {
        "z": values,
        "x0": box.left + box.width / columns / 2,
        "dx": box.width / columns,
        "y0": box.top + box.height / rows / 2,
        "dy": box.height / rows,
    }
    lowest = -scale.limit if below_zero else 0.0
    figure.add_trace(
        go.Heatmap(
            **grid,
            zmin=lowest,
            zmax=scale.limit,
            hovertemplate=_("row %{y:.0f}, column %{x:.0f}<br>value %{z:.3g}") + "<extra></extra>",
            colorscale=colour_bar.colour_stops(scale, alpha=_alpha(display), below_zero=below_zero),
            colorbar=colour_bar.beside(lowest, scale.limit, ends=ends),
            showscale=display.view != "contours",
        )
    )
    if display.view == "contours":
        for line in _contour_traces(grid, scale, below_zero=below_zero):
            figure.add_trace(line)
        figure.add_trace(colour_bar.alone(scale, lowest, below_zero=below_zero, ends=ends))
    for trace in _outline_traces(outline):
        figure.add_trace(trace)
    if ends is not None:
        figure.update_layout(annotations=colour_bar.name_ends(ends, below_zero=below_zero))
    return figure


def _alpha(display: Display) -> NDArray[np.float64]:
    """How opaque evidence is by its strength: over the scan, no evidence is clear; alone, all is opaque."""
    if display.view == "map":
        return np.ones(colour_bar.STOPS)
    if display.view == "contours":
        return np.zeros(colour_bar.STOPS)
    return display.opacity * np.minimum(1, np.linspace(0, 1, colour_bar.STOPS) / FULL_OPACITY_FROM)


def _canvas(film: Film, *, with_scan: bool = True) -> go.Figure:
    """Axes in native pixels, the first row on top, no furniture."""
    # Plotly looks into pandas as soon as somebody has begun to import it, and fails on half of it; importing waits.
    import pandas  # noqa: F401, ICN001

    rows, columns = film.size_hw
    hidden = {"visible": False, "constrain": "domain"}
    figure = go.Figure()
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": BAR_HEIGHT},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        xaxis={**hidden, "range": [0, columns]},
        yaxis={**hidden, "range": [rows, 0], "scaleanchor": "x", "constraintoward": "top"},
        hoverlabel={"font": {"size": 12}},
        # Contour lines would get one, beside which the scan shrinks.
        showlegend=False,
    )
    if with_scan:
        figure.add_layout_image(
            source=film.uri, x=0, y=0, sizex=columns, sizey=rows, xref="x", yref="y", sizing="stretch", layer="below"
        )
    return figure


def _outline_traces(outline: Sequence[NDArray[np.float64]]) -> list[go.Scatter]:
    """All lines as one trace, over a darker and wider one that keeps them visible anywhere."""
    if not outline:
        return []
    gap = np.full((1, 2), np.nan)
    # The axes count from the first pixel's edge, the lines from its centre.
    points = np.concatenate([part for line in outline for part in (line + 0.5, gap)])
    return [
        go.Scatter(
            x=points[:, 1],
            y=points[:, 0],
            mode="lines",
            line={"color": colour, "width": width},
            hoverinfo="skip",
            showlegend=False,
        )
        for colour, width in ((OUTLINE_EDGE, 3.5), (OUTLINE_COLOUR, 1.75))
    ]


def width_of_contour(share: float) -> float:
    """CSS pixels of a contour at a share of the colour scale's limit."""
    return 1 + 1.5 * share


def _contour_traces(grid: dict[str, object], scale: Scale, *, below_zero: bool) -> list[go.Contour]:
    """Lines at fixed shares of the scale: red for evidence, blue against it where that is wanted."""
    sides = [(1.0, FOR if scale.signed else ONE_SIDED), *([(-1.0, AGAINST)] if below_zero else [])]
    return [
        go.Contour(
            **grid,
            autocontour=False,
            contours={"start": level, "end": level, "size": scale.limit, "coloring": "none", "showlabels": False},
            line={"color": colour, "width": width_of_contour(share)},
            showscale=False,
            hoverinfo="skip",
        )
        for sign, colour in sides
        for share in CONTOUR_LEVELS
        for level in [sign * share * scale.limit]
    ]
