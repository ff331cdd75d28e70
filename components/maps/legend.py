"""A bar of a map's colours with words under it, for where there is no map with its own."""

from __future__ import annotations

from functools import cache
from html import escape

from lightbox.imaging.colour import table

STOPS = 16  # a step between two is too small to be seen


def bar(colourmap: str, alt: str, ends: tuple[str, ...]) -> str:
    """The bar as HTML.

    Args:
        colourmap: its name.
        alt: the bar in words.
        ends: what stands under it, spread from its left end to its right.
    """
    words = "".join(f"<span>{escape(word)}</span>" for word in ends)
    return (
        f'<div class="lightbox-legend" role="img" aria-label="{escape(alt)}">'
        f'<div style="background:linear-gradient(to right,{_gradient(colourmap)})"></div><p>{words}</p></div>'
    )


@cache
def _gradient(colourmap: str) -> str:
    colours = table(colourmap)
    places = [round(number * (len(colours) - 1) / STOPS) for number in range(STOPS + 1)]
    return ",".join("rgb({},{},{})".format(*colours[place]) for place in places)
