"""How maps are drawn, on the page and in an export alike, and the colour scale of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.imaging.colour import scale_limit

if TYPE_CHECKING:
    from lightbox.comparison.comparison import Comparison
    from lightbox.explainers import Attribution
    from lightbox.imaging.colour import Scale


@dataclass(frozen=True, slots=True)
class Drawing:
    """How the pictures are drawn. The page adds to it in `components.maps.display_bar`.

    Args:
        view: "overlay", "map" or "contours".
        opacity: of the strongest evidence, 0..1.
        positive_only: draw only evidence for the class.
        shared_scale: one scale for all maps of a method.
    """

    view: str = "overlay"
    opacity: float = 0.8
    positive_only: bool = False
    shared_scale: bool = False


def find_scales(comparison: Comparison, *, shared: bool) -> dict[tuple[str, str], Scale]:
    """The colour scale of each map by network and method; see `scales_of`."""
    maps = {
        (panel.network, method): attribution
        for panel in comparison.panels
        for method, attribution in panel.attributions.items()
    }
    return scales_of(maps, shared=shared)


def scales_of(maps: dict[tuple[str, str], Attribution], *, shared: bool) -> dict[tuple[str, str], Scale]:
    """A scale for each map that may be drawn: its own, or one for each method over all networks."""
    drawn = {place: attribution for place, attribution in maps.items() if not attribution.withheld}
    if not shared:
        return {place: scale_limit(one.values, signed=one.signed) for place, one in drawn.items()}
    by_method: dict[str, list[Attribution]] = {}
    for (_network, method), attribution in drawn.items():
        by_method.setdefault(method, []).append(attribution)
    scales = {
        method: scale_limit(np.concatenate([one.values.ravel() for one in group]), signed=group[0].signed)
        for method, group in by_method.items()
    }
    return {(network, method): scales[method] for network, method in drawn}
