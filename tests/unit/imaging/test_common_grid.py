"""A map lies on the common grid where its box lies on the scan, and nothing of it is lost."""

import numpy as np
import pytest

from lightbox.imaging.common_grid import average_on_scan
from lightbox.imaging.preprocess import Box

RANDOM = np.random.default_rng(2)


def by_fine_pixels(values, box, size_hw, parts):
    """The same by brute force: each native pixel split 12 x 12 looks up its map cell, then means over the parts."""
    fine = 12
    height, width = size_hw
    rows, columns = (np.arange(fine * height) + 0.5) / fine, (np.arange(fine * width) + 0.5) / fine
    down = np.floor((rows - box.top) / box.height * values.shape[0]).astype(int)
    across = np.floor((columns - box.left) / box.width * values.shape[1]).astype(int)
    known = ((down >= 0) & (down < values.shape[0]))[:, None] & ((across >= 0) & (across < values.shape[1]))[None]
    found = values[np.clip(down, 0, values.shape[0] - 1)][:, np.clip(across, 0, values.shape[1] - 1)]
    found = np.where(known, found, np.nan)
    out = np.full(parts, np.nan)
    part_row, part_column = (rows / height * parts[0]).astype(int), (columns / width * parts[1]).astype(int)
    for row in range(parts[0]):
        for column in range(parts[1]):
            cell = found[np.ix_(part_row == row, part_column == column)]
            if np.isfinite(cell).mean() >= 0.5:
                out[row, column] = np.nanmean(cell)
    return out


@pytest.mark.parametrize("box", [Box(0, 0, 24, 36), Box(6, 9, 12, 18), Box(3, 0, 16, 32)])
def test_it_is_what_brute_force_finds(box):
    values = RANDOM.random((8, 8))
    made = average_on_scan(values, box, (24, 36), longest_side=6)
    assert made.shape == (4, 6)
    np.testing.assert_allclose(made, by_fine_pixels(values, box, (24, 36), (4, 6)), atol=1e-9)


def test_the_whole_of_a_map_over_the_whole_scan_is_kept():
    values = RANDOM.random((224, 224))
    made = average_on_scan(values, Box(0, 0, 300, 500), (300, 500), longest_side=64)
    assert made.shape == (38, 64)
    assert made.mean() == pytest.approx(values.mean())


def test_outside_the_box_nothing_is_known():
    made = average_on_scan(np.ones((4, 4)), Box(50, 0, 50, 100), (100, 100), longest_side=10)
    assert np.isnan(made[:5]).all()
    np.testing.assert_allclose(made[5:], 1)


def test_two_networks_that_see_different_parts_of_a_scan_put_one_thing_in_one_place():
    """A blob at native (60, 30): on a grid of the whole scan and on a grid of a box."""
    for box in (Box(0, 0, 100, 100), Box(40, 10, 40, 60)):
        rows = (np.arange(32) + 0.5) * box.height / 32 + box.top
        columns = (np.arange(32) + 0.5) * box.width / 32 + box.left
        values = np.exp(-((rows[:, None] - 60) ** 2 + (columns[None] - 30) ** 2) / 20)
        made = np.nan_to_num(average_on_scan(values, box, (100, 100), longest_side=50))
        assert np.unravel_index(made.argmax(), made.shape) in {(29, 14), (30, 14), (29, 15), (30, 15)}
