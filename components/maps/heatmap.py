"""One map over its scan, as a Plotly figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from components.maps import kept
from components.shell.language import _
from components.shell.palette import PICTURE
from lightbox.imaging.colour import colour_signed, colour_unsigned
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
LONGEST_BESIDE_ZERO = 18  # characters
BAR_LENGTH, BAR_TEXT, BAR_COLOUR = 0.96, 12, "#757a8b"
# Heights of a film in percent of its width, in steps of five: style.css has a rule for each.
LOWEST_SHAPE, TALLEST_SHAPE = 60, 160
STOPS = 33
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
    kept.show(None if about is None else film.views, subject, place, draw, name=key, shared=film.uri)


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
            colorscale=colour_stops(scale, alpha=_alpha(display), below_zero=below_zero),
            colorbar=_colour_bar(lowest, scale.limit, ends=ends),
            showscale=display.view != "contours",
        )
    )
    if display.view == "contours":
        for line in _contour_traces(grid, scale, below_zero=below_zero):
            figure.add_trace(line)
        figure.add_trace(_bar_alone(scale, lowest, below_zero=below_zero, ends=ends))
    for trace in _outline_traces(outline):
        figure.add_trace(trace)
    if ends is not None:
        figure.update_layout(annotations=_name_ends(ends, below_zero=below_zero))
    return figure


def colour_stops(scale: Scale, *, alpha: NDArray[np.float64], below_zero: bool = True) -> list[tuple[float, str]]:
    """Plotly's colour scale from our tables.

    Args:
        scale: whose table, signed or not.
        alpha: (STOPS,) opacity from the weakest to the strongest evidence.
        below_zero: of a signed table, both halves rather than the upper one.
    """
    positions = np.linspace(-1 if scale.signed and below_zero else 0, 1, STOPS)
    draw = colour_signed if scale.signed else colour_unsigned
    colours = draw(positions[None, :].astype(np.float32), 1.0)[0]
    strengths = np.interp(np.abs(positions), np.linspace(0, 1, STOPS), alpha)
    return [
        (index / (STOPS - 1), f"rgba({red},{green},{blue},{strength:.3f})")
        for index, ((red, green, blue), strength) in enumerate(zip(colours.tolist(), strengths.tolist(), strict=True))
    ]


def _alpha(display: Display) -> NDArray[np.float64]:
    """How opaque evidence is by its strength: over the scan, no evidence is clear; alone, all is opaque."""
    if display.view == "map":
        return np.ones(STOPS)
    if display.view == "contours":
        return np.zeros(STOPS)
    return display.opacity * np.minimum(1, np.linspace(0, 1, STOPS) / FULL_OPACITY_FROM)


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


def _bar_alone(scale: Scale, lowest: float, *, below_zero: bool, ends: tuple[str, str] | None) -> go.Scatter:
    """The colour bar of what is drawn as lines: the clear map below them has none that could be seen."""
    return go.Scatter(
        x=[None],
        y=[None],
        mode="markers",
        marker={
            "color": [0.0],
            "cmin": lowest,
            "cmax": scale.limit,
            "colorscale": colour_stops(scale, alpha=np.ones(STOPS), below_zero=below_zero),
            "colorbar": _colour_bar(lowest, scale.limit, ends=ends),
            "showscale": True,
        },
        hoverinfo="skip",
        showlegend=False,
    )


def _colour_bar(lowest: float, highest: float, *, ends: tuple[str, str] | None) -> dict[str, object]:
    ticks = [lowest, 0.0, highest] if lowest < 0 else [0.0, highest]
    # In a narrow card long words reach the middle.
    beside_words = [0.0] if ends is not None and max(map(len, ends)) <= LONGEST_BESIDE_ZERO else []
    shown = ticks if ends is None else beside_words
    return {
        "orientation": "h",
        "thickness": 7,
        "len": BAR_LENGTH,
        "x": 0.5,
        "y": 0,
        "yanchor": "top",
        "ypad": 4,
        "outlinewidth": 0,
        "tickvals": shown,
        "ticktext": [f"{tick:.2g}" if tick else "0" for tick in shown],
        "tickfont": {"size": BAR_TEXT, "color": BAR_COLOUR},
    }


def _name_ends(ends: tuple[str, str], *, below_zero: bool) -> list[dict[str, object]]:
    """Words under the ends of the colour bar, each kept within the figure."""
    against, in_favour = ends
    margin = (1 - BAR_LENGTH) / 2
    placed = [(1 - margin, "right", in_favour), *([(margin, "left", against)] if below_zero else [])]
    return [
        {
            "text": text,
            "x": x,
            "xanchor": side,
            "xref": "paper",
            "y": 0,
            "yanchor": "top",
            "yref": "paper",
            "yshift": -13,
            "showarrow": False,
            "font": {"size": BAR_TEXT, "color": BAR_COLOUR},
        }
        for x, side, text in placed
    ]


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
