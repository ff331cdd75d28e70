"""Maps of different networks on one grid over the scan, so that they can be set against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.imaging.preprocess import Box

# Of a cell that a box covers by less, nothing is known.
COVERED = 0.5


def average_on_scan(
    values: NDArray[Any], box: Box, size_hw: tuple[int, int], *, longest_side: int
) -> NDArray[np.float64]:
    """(h, w): the exact mean of a map over each cell of a grid that spans the whole scan; NaN outside the box.

    The map is taken for constant over each of its own cells. No value is invented between them, and, but for cells
    on the box's edge, none of the sum is lost.

    Args:
        values: (S, T) on the network's grid, finite.
        box: where that grid lies on the scan, in native pixels.
        size_hw: of the scan.
        longest_side: of the new grid, in cells, which are as nearly square as whole numbers allow.

    Returns:
        A cell that the box covers by less than half is NaN; of others the mean is over what is covered.
    """
    height, width = size_hw
    share = longest_side / max(height, width)
    rows = _overlaps(box.top, box.height, values.shape[0], height, max(1, round(share * height)))
    columns = _overlaps(box.left, box.width, values.shape[1], width, max(1, round(share * width)))
    covered = np.outer(rows.sum(axis=1), columns.sum(axis=1))
    total = rows @ np.asarray(values, dtype=np.float64) @ columns.T
    averaged: NDArray[np.float64] = np.divide(
        total, covered, out=np.full_like(total, np.nan), where=covered >= COVERED - 1e-9
    )
    return averaged


def _overlaps(start: int, length: int, cells: int, native: int, parts: int) -> NDArray[np.float64]:
    """(parts, cells): the share of each of ``parts`` equal parts of a side that each cell of the map fills."""
    ours = np.linspace(0, native, parts + 1)
    theirs = start + np.linspace(0, length, cells + 1)
    overlap = np.minimum(ours[1:, None], theirs[None, 1:]) - np.maximum(ours[:-1, None], theirs[None, :-1])
    shares: NDArray[np.float64] = np.maximum(overlap, 0) * (parts / native)
    return shares
