"""How maps are drawn, on the page and in an export alike, and the colour scale of each."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from lightbox.imaging.colour import scale_limit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lightbox.comparison.part import Part
    from lightbox.explainers import Attribution
    from lightbox.imaging.colour import Scale

Place = TypeVar("Place", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Drawing:
    """How the pictures are drawn. The page adds to it in `components.maps.display_bar`.

    Args:
        view: "overlay", "map" or "contours".
        opacity: of the strongest evidence, 0..1.
        positive_only: draw only evidence for the class.
        shared_scale: one scale for all maps of a method, in every row.
    """

    view: str = "overlay"
    opacity: float = 0.8
    positive_only: bool = False
    shared_scale: bool = False


def find_scales(parts: Sequence[Part], *, shared: bool) -> list[dict[tuple[str, str], Scale]]:
    """For each part the colour scale of each of its maps by network and method; see `scales_of` for ``shared``.

    Parts that stand abreast have one scale for each network and method in any case.
    """
    maps = {
        (number, panel.network, method): attribution
        for number, part in enumerate(parts)
        for panel in part.comparison.panels
        for method, attribution in panel.attributions.items()
    }

    def together(place: tuple[int, str, str]) -> Hashable:
        number, network, method = place
        return (parts[number].row, network, method) if parts[number].row else place

    scales = scales_of(maps, shared=shared, together=together)
    return [
        {(network, method): scale for (number, network, method), scale in scales.items() if number == wanted}
        for wanted in range(len(parts))
    ]


def scales_of(
    maps: Mapping[Place, Attribution], *, shared: bool, together: Callable[[Place], Hashable] = lambda place: place
) -> dict[Place, Scale]:
    """A scale for each map that may be drawn.

    Args:
        maps: by where each stands.
        shared: one scale for all maps of a method, wherever they stand.
        together: else maps of places for which this is the same have one scale; each its own by default.
    """
    groups: dict[Hashable, list[Place]] = {}
    for place, attribution in maps.items():
        if not attribution.withheld:
            # A variant without a sign has another table of colours.
            key = (attribution.method, attribution.signed) if shared else (together(place), attribution.signed)
            groups.setdefault(key, []).append(place)
    scales = {}
    for places in groups.values():
        values = np.concatenate([maps[place].values.ravel() for place in places])
        scale = scale_limit(values, signed=maps[places[0]].signed)
        scales.update(dict.fromkeys(places, scale))
    return scales
