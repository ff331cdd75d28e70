"""The rows of the combined picture: whose maps stand abreast, and under which words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from lightbox.comparison._canvas import Canvas
from lightbox.comparison.drawing import find_scales
from lightbox.explainers import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lightbox.comparison.comparison import Comparison, Panel
    from lightbox.comparison.part import Part
    from lightbox.explainers import Attribution
    from lightbox.imaging.colour import Scale


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One map's place.

    Args:
        title: what stands under it.
        canvas: of its scan.
        panel: whose map it is.
        attribution: the map; None where there is none.
        error: why there is none; "" where it was not asked for.
        scale: where its colours end; None for a map that is withheld.
    """

    title: str
    canvas: Canvas
    panel: Panel
    attribution: Attribution | None
    error: str
    scale: Scale | None


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One network's maps.

    Args:
        heading: above it; "" for none.
        canvas: of the scan that stands first; None where it stands above already.
        panel: the network, and its answer.
        cells: in the order of the page.
    """

    heading: str
    canvas: Canvas | None
    panel: Panel
    cells: tuple[Cell, ...]


def lay_out(parts: Sequence[Part], *, shared: bool) -> list[Row]:
    """All rows, the main comparison's first; ``shared`` as for `find_scales`."""
    rows: list[Row] = []
    scaled = list(zip(parts, find_scales(parts, shared=shared), strict=True))
    for words, group in groupby(scaled, key=lambda each: each[0].row):
        if words:
            rows += _abreast(words, list(group))
        else:
            for part, scales in group:
                rows += _alone(part, scales)
    return rows


def methods_of(comparison: Comparison) -> list[str]:
    """The keys of all methods that any network was asked for, in the order of the page."""
    asked = {method for panel in comparison.panels for method in (*panel.attributions, *panel.errors)}
    return [method for method in METHODS if method in asked]


def _alone(part: Part, scales: Mapping[tuple[str, str], Scale]) -> Iterator[Row]:
    canvas, methods = Canvas.of(part.comparison, part.truth), methods_of(part.comparison)
    for number, panel in enumerate(part.comparison.panels):
        cells = tuple(_cell(METHODS[method].title, canvas, panel, method, scales) for method in methods)
        yield Row("" if number else part.title, canvas, panel, cells)


def _abreast(words: str, group: Sequence[tuple[Part, Mapping[tuple[str, str], Scale]]]) -> Iterator[Row]:
    networks = dict.fromkeys(panel.network for part, _scales in group for panel in part.comparison.panels)
    for number, network in enumerate(networks):
        cells = [
            _cell(part.title, Canvas.of(part.comparison, part.truth), panel, method, scales)
            for part, scales in group
            for panel in part.comparison.panels
            if panel.network == network
            for method in methods_of(part.comparison)
        ]
        yield Row("" if number else words, None, cells[0].panel, tuple(cells))


def _cell(title: str, canvas: Canvas, panel: Panel, method: str, scales: Mapping[tuple[str, str], Scale]) -> Cell:
    attribution, error = panel.attributions.get(method), panel.errors.get(method, "")
    return Cell(title, canvas, panel, attribution, error, scales.get((panel.network, method)))
