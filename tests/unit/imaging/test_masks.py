"""A mask on the network's grid covers what it covers on the scan."""

import numpy as np
import pytest

from lightbox.imaging.masks import mask_on_grid, mask_outline
from lightbox.imaging.overlay import to_native
from lightbox.imaging.preprocess import Box


def rectangle(shape, top, left, height, width):
    mask = np.zeros(shape, dtype=bool)
    mask[top : top + height, left : left + width] = True
    return mask


def test_a_cell_is_in_where_the_mask_covers_half_of_it():
    mask = rectangle((8, 8), 0, 0, 3, 4)
    found = mask_on_grid(mask, Box(0, 0, 8, 8), 4)
    # Two rows of cells: the first covered wholly, the second by exactly half.
    np.testing.assert_array_equal(found, rectangle((4, 4), 0, 0, 2, 2))


def test_a_grid_finer_than_the_scan_repeats_its_pixels():
    mask = np.array([[True, False], [False, False]])
    np.testing.assert_array_equal(mask_on_grid(mask, Box(0, 0, 2, 2), 6), rectangle((6, 6), 0, 0, 3, 3))


def test_sizes_that_do_not_divide_keep_the_area():
    mask = rectangle((511, 397), 100, 50, 200, 170)
    found = mask_on_grid(mask, Box(0, 0, 511, 397), 224)
    assert found.mean() == pytest.approx(mask.mean(), rel=0.02)


def test_the_crop_moves_the_mask_as_it_moves_the_map():
    mask = rectangle((100, 120), 40, 60, 20, 25)
    box = Box(20, 30, 64, 80)  # cells of 4 x 5 pixels, and the mask's edges fall on theirs
    found = mask_on_grid(mask, box, 16)
    np.testing.assert_array_equal(found, rectangle((16, 16), 5, 6, 5, 5))
    placed = to_native(found.astype(np.float32), box, mask.shape)
    assert np.nansum(placed[mask]) > 0.75 * np.nansum(placed)
    np.testing.assert_array_equal(np.argwhere(placed == 1).mean(axis=0), np.argwhere(mask).mean(axis=0))


def test_a_small_mask_is_never_lost():
    mask = rectangle((512, 512), 300, 200, 1, 1)
    found = mask_on_grid(mask, Box(0, 0, 512, 512), 16)
    np.testing.assert_array_equal(np.argwhere(found), [[9, 6]])


def test_what_lies_outside_the_box_is_not_seen():
    assert not mask_on_grid(rectangle((64, 64), 0, 0, 8, 8), Box(32, 32, 32, 32), 16).any()


def test_an_outline_runs_half_a_pixel_around_the_mask_and_is_closed():
    (line,) = mask_outline(rectangle((20, 20), 5, 8, 4, 6))
    np.testing.assert_array_equal(line[0], line[-1])
    np.testing.assert_allclose([line.min(axis=0), line.max(axis=0)], [[4.5, 7.5], [8.5, 13.5]])


def test_a_mask_at_the_edge_is_closed_along_it_and_parts_have_a_line_each():
    (line,) = mask_outline(rectangle((20, 20), 0, 0, 4, 20))
    assert line.min() == -0.5
    two = rectangle((20, 20), 2, 2, 3, 3) | rectangle((20, 20), 12, 12, 3, 3)
    assert len(mask_outline(two)) == 2
    assert mask_outline(np.zeros((20, 20), dtype=bool)) == []
