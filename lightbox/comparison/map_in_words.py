"""One map in words about the whole scan, as the page, the record and the exported pictures say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lightbox.comparison.agreement import place_strongest
from lightbox.comparison.in_words import say_where
from lightbox.imaging.common_grid import average_on_scan
from lightbox.imaging.describe import describe

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.imaging.preprocess import Box

# Cells of the longer side: a strongest point is told in whole per cent.
GRID = 256


def describe_map(values: NDArray[Any], box: Box, size_hw: tuple[int, int], *, signed: bool) -> str:
    """Where a map's evidence lies on the scan, whatever part of it the network sees.

    `lightbox.imaging.describe.describe` of the map as it lies on the scan, and where its strongest 5 % lie, by the rule
    of the sentence above the maps (`lightbox.comparison.in_words`), so that the two never contradict each other.

    Args:
        values: (S, T) on the network's grid, finite.
        box: where that grid lies on the scan, in native pixels.
        size_hw: of the scan.
        signed: whether negative values mean evidence against the class.
    """
    largest = float(np.abs(values).max()) or 1.0  # shares of it, so that sums of huge values stay finite
    scaled = np.asarray(values, dtype=np.float64) / largest
    words = describe(average_on_scan(scaled, box, size_hw, longest_side=GRID), signed=signed)
    found = place_strongest(scaled, box, size_hw)
    return words if found is None else f"{words} The strongest 5 % of the evidence for it {say_where(*found)}."
