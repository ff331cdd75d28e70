"""The colours of a map as Plotly takes them, and their bar under it with words at its ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from lightbox.imaging.colour import colour_signed, colour_unsigned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.imaging.colour import Scale

STOPS = 33
LONGEST_BESIDE_ZERO = 18  # characters
LENGTH, TEXT, COLOUR = 0.96, 12, "#757a8b"


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


def alone(scale: Scale, lowest: float, *, below_zero: bool, ends: tuple[str, str] | None) -> go.Scatter:
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
            "colorbar": beside(lowest, scale.limit, ends=ends),
            "showscale": True,
        },
        hoverinfo="skip",
        showlegend=False,
    )


def beside(lowest: float, highest: float, *, ends: tuple[str, str] | None) -> dict[str, object]:
    """Plotly's colour bar from the lowest to the highest value, with figures where there are no words for its ends."""
    ticks = [lowest, 0.0, highest] if lowest < 0 else [0.0, highest]
    # In a narrow card long words reach the middle.
    shown = ticks if ends is None else [0.0] if lowest >= 0 or max(map(len, ends)) <= LONGEST_BESIDE_ZERO else []
    return {
        "orientation": "h",
        "thickness": 7,
        "len": LENGTH,
        "x": 0.5,
        "y": 0,
        "yanchor": "top",
        "ypad": 4,
        "outlinewidth": 0,
        "tickvals": shown,
        "ticktext": [f"{tick:.2g}" if tick else "0" for tick in shown],
        "tickfont": {"size": TEXT, "color": COLOUR},
    }


def name_ends(ends: tuple[str, str], *, below_zero: bool) -> list[dict[str, object]]:
    """Words under the ends of the colour bar, each kept within the figure."""
    against, in_favour = ends
    margin = (1 - LENGTH) / 2
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
            "font": {"size": TEXT, "color": COLOUR},
        }
        for x, side, text in placed
    ]
