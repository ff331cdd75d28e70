"""A mask between the native scan and a network's grid, and its outline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lightbox.imaging.overlay import contours

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.imaging.preprocess import Box

HALF = 0.5


def mask_on_grid(mask: NDArray[np.bool_], box: Box, size: int) -> NDArray[np.bool_]:
    """(size, size): the cells of a network's grid that the mask covers by at least half.

    Where no cell is covered by half (a small or thin mask), the cells that it covers most, so that a mask is
    never lost. What lies outside the box the network does not see; a mask that lies outside altogether gives an
    empty one.

    Args:
        mask: (H, W) on the native scan.
        box: where the grid lies on it.
        size: side of the grid.
    """
    coverage = average_cells(mask[box.top : box.top + box.height, box.left : box.left + box.width], size)
    if not coverage.any():
        return np.zeros((size, size), dtype=bool)
    # A last digit must not decide: half is half, and equal shares are equal.
    threshold = min(HALF, float(coverage.max())) - 1e-9
    covered: NDArray[np.bool_] = coverage >= threshold
    return covered


def average_cells(values: NDArray[Any], size: int) -> NDArray[np.float64]:
    """(size, size): the exact mean of (H, W) values over each of size x size equal cells."""
    rows, columns = values.shape
    averaged: NDArray[np.float64] = _weights(rows, size) @ values.astype(np.float64) @ _weights(columns, size).T
    return averaged


def mask_outline(mask: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    """Closed lines around a mask, each (K, 2) of (row, column) positions that count from pixel centres.

    A mask that touches the picture's edge is closed along it.
    """
    padded = np.pad(mask.astype(np.float64), 1)
    return [line - 1 for line in contours(padded, (HALF,))]


def _weights(native: int, cells: int) -> NDArray[np.float64]:
    """(cells, native): the share of each cell of ``cells`` equal parts that each native pixel fills."""
    edges = np.linspace(0, native, cells + 1)
    pixels = np.arange(native)
    overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    shares: NDArray[np.float64] = np.maximum(overlap, 0) * (cells / native)
    return shares
