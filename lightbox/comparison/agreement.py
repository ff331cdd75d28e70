"""What the maps of a comparison have in common, in figures: where each points, and how much each two are alike.

Only evidence for the class counts, the positive part of a map: where it lies is what a reader looks for, and maps
without a sign have nothing else. A map points to where its strongest evidence lies: most of the sum of a map often
stands in faint values all over the scan, which no reader sees. `lightbox.comparison.in_words` makes sentences of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lightbox.imaging.common_grid import average_on_scan
from lightbox.imaging.describe import REGIONS, Place, find_place, is_enough
from lightbox.metrics.likeness import keep_strongest, rank_correlation, strongest_overlap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lightbox.comparison.comparison import Comparison, Panel
    from lightbox.imaging.describe import Region
    from lightbox.imaging.preprocess import Box

# Cells of the longer side of the grid that all maps are averaged on. Finer, two maps of the same place would differ in
# every pixel; coarser, the strongest 5 % would be a handful of cells.
GRID = 64
# A map points somewhere only where its strongest 5 % hold at least this share of its evidence, three times their own
# share of the picture; else it is spread.
CONCENTRATED = 0.15
NO_MAP, WITHHELD, NO_EVIDENCE, FAILED = "no map", "withheld", "no evidence for the class", "check failed"


class MapName(NamedTuple):
    """Which map: keys of network and method."""

    network: str
    method: str


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One map that can be read.

    Args:
        name: which it is.
        evidence: (h, w) what speaks for the class, on the common grid over the whole scan; NaN outside the network's
            box.
        strongest: (h, w) the same of the strongest 5 % of the box, else 0.
        concentration: the share of all evidence that these hold.
        place: where they lie on the scan.
    """

    name: MapName
    evidence: NDArray[np.float64]
    strongest: NDArray[np.float64]
    concentration: float
    place: Place

    @property
    def spread(self) -> bool:
        """Whether the map points nowhere: its strongest places are hardly stronger than others, or lie all over."""
        return is_spread(self.concentration, self.place)


class Pair(NamedTuple):
    """How much two maps are alike where both networks see the scan.

    Args:
        first: which map.
        second: the other one.
        rank_correlation: Spearman, -1..1; NaN where one of them is flat there.
        overlap: the share of the strongest 5 % that both have, 0..1.
    """

    first: MapName
    second: MapName
    rank_correlation: float
    overlap: float


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """The maps that explain one class. Maps of different classes are never set against each other.

    Args:
        label: key of the class.
        title: in words.
        readings: those that can be read, in the order of the page.
        pairs: each two of them.
        left_out: the others, with the reason: `NO_MAP`, `WITHHELD`, `NO_EVIDENCE` or `FAILED`.
    """

    label: str
    title: str
    readings: tuple[Reading, ...]
    pairs: tuple[Pair, ...]
    left_out: tuple[tuple[MapName, str], ...]

    def pairs_within(self, members: Sequence[MapName]) -> list[Pair]:
        """The pairs of which both are among ``members``."""
        return [pair for pair in self.pairs if pair.first in members and pair.second in members]


def find_groups(comparison: Comparison) -> tuple[Group, ...]:
    """One group a class that is explained, in the order of the page.

    A contrastive map belongs to the class that it speaks for. A map that could not be made has no class: it is left
    out of each group of its network, or of a group without a class where the network has none.
    """
    found: dict[str, tuple[str, list[Reading], list[tuple[MapName, str]]]] = {}
    for panel in comparison.panels:
        mine: list[str] = []
        for method, attribution in panel.attributions.items():
            label = panel.classes[attribution.target.index]
            title = panel.class_titles[attribution.target.index]
            _title, readings, left_out = found.setdefault(label, (title, [], []))
            mine.append(label)
            reading = _read(panel, method, comparison.scan.size_hw)
            if isinstance(reading, Reading):
                readings.append(reading)
            else:
                left_out.append((MapName(panel.network, method), reading))
        for method in panel.errors:
            for label in dict.fromkeys(mine or [""]):
                found.setdefault(label, ("", [], []))[2].append((MapName(panel.network, method), NO_MAP))
    return tuple(
        Group(label, title, tuple(readings), _pair(readings), tuple(left_out))
        for label, (title, readings, left_out) in found.items()
    )


def find_shared_region(readings: Sequence[Reading]) -> tuple[Region | None, list[Reading]]:
    """The region in which the most maps, two or more, have more than half of their strongest evidence, and those maps.

    Of regions with as many maps the one that says more: a corner before a border, a field, a quarter, a band; then the
    one that holds more. Maps that are spread over the whole picture have that in common, where no region has as many.
    """
    pointing = [reading for reading in readings if not reading.spread]
    best: tuple[Region | None, list[Reading]] = None, []
    held = 0.0
    for kind in dict.fromkeys(region.kind for region in REGIONS):
        for region in (region for region in REGIONS if region.kind == kind):
            shares = [region.share(reading.strongest) for reading in pointing]
            members = [reading for reading, share in zip(pointing, shares, strict=True) if is_enough(share)]
            more = len(members) > len(best[1])
            same_kind = best[0] is not None and best[0].kind == kind and len(members) == len(best[1])
            if len(members) >= 2 and (more or (same_kind and sum(shares) > held)):
                best, held = (region, members), sum(shares)
    spread = [reading for reading in readings if reading.spread]
    return (None, spread) if len(spread) >= 2 and len(spread) > len(best[1]) else best


def _read(panel: Panel, method: str, size_hw: tuple[int, int]) -> Reading | str:
    """The map as it can be set against others, or why it cannot be read."""
    attribution = panel.attributions[method]
    if attribution.withheld:
        return WITHHELD
    positive = np.maximum(attribution.values, 0)
    if not positive.any():
        return NO_EVIDENCE
    if attribution.failed:
        return FAILED
    found = _locate(positive, panel.box, size_hw)
    return NO_EVIDENCE if found is None else Reading(MapName(panel.network, method), *found)


def place_strongest(values: NDArray[Any], box: Box, size_hw: tuple[int, int]) -> tuple[Place, bool] | None:
    """Where the strongest 5 % of a map's evidence lie on the scan, and whether it is spread; None without any.

    Args:
        values: (S, T) on the network's grid, finite.
        box: where that grid lies on the scan, in native pixels.
        size_hw: of the scan.
    """
    positive = np.maximum(values, 0)
    found = _locate(positive, box, size_hw) if positive.any() else None
    if found is None:
        return None
    _evidence, _strongest, concentration, place = found
    return place, is_spread(concentration, place)


def is_spread(concentration: float, place: Place) -> bool:
    """Whether a map points nowhere: its strongest places are hardly stronger than others, or lie all over."""
    return concentration < CONCENTRATED or place.diffuse


def _locate(
    positive: NDArray[Any], box: Box, size_hw: tuple[int, int]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float, Place] | None:
    """Evidence, strongest places, concentration and place, as in `Reading`; None where nothing of it is on the scan."""
    # A share of the largest, so that sums of huge values stay finite.
    evidence = average_on_scan(positive / positive.max(), box, size_hw, longest_side=GRID)
    strongest = keep_strongest(evidence)
    if not strongest.any():
        return None
    return evidence, strongest, float(strongest.sum() / np.nansum(evidence)), find_place(strongest)


def _pair(readings: Sequence[Reading]) -> tuple[Pair, ...]:
    return tuple(
        Pair(
            first.name,
            second.name,
            rank_correlation(first.evidence, second.evidence),
            strongest_overlap(first.evidence, second.evidence),
        )
        for first, second in combinations(readings, 2)
    )
