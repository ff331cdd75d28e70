"""A map lands where it belongs, at native size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightbox.imaging.colour import Scale, scale_limit
from lightbox.imaging.overlay import (
    CONTOUR_LEVELS,
    colour_layer,
    contour_levels,
    contours,
    render,
    to_native,
)
from lightbox.imaging.preprocess import Box, Preprocessing, prepare
from tests.unit.imaging.builders import phantom

SCAN = phantom(60, 80).astype(np.float32) / 255
UNIT = Scale(1.0, signed=True)


def blob(size: int = 16, row: int = 5, column: int = 9) -> np.ndarray:
    rows, columns = np.mgrid[:size, :size]
    return np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / 8).astype(np.float32)


@pytest.mark.parametrize("grid", [(7, 7), (8, 8), (14, 14), (5, 9)])
@pytest.mark.parametrize(
    ("size_hw", "box"),
    [
        ((101, 77), Box(0, 0, 101, 77)),
        ((100, 60), Box(0, 0, 100, 60)),
        ((91, 133), Box(13, 22, 57, 101)),
        ((64, 64), Box(1, 2, 33, 62)),
    ],
)
def test_single_cell_lands_on_its_native_centre(grid, size_hw, box):
    for cell in ((0, 0), (grid[0] // 2, grid[1] // 2), (grid[0] - 1, grid[1] - 1), (1, grid[1] - 2)):
        values = np.zeros(grid, np.float32)
        values[cell] = 1
        native = np.nan_to_num(to_native(values, box, size_hw))
        cell_hw = np.array([box.height / grid[0], box.width / grid[1]])
        expected = np.array([box.top, box.left]) + (np.array(cell) + 0.5) * cell_hw - 0.5
        peaks = np.argwhere(native == native.max())
        assert (np.abs(peaks.mean(axis=0) - expected) <= 0.5 * cell_hw).all()
        if 0 < cell[0] < grid[0] - 1 and 0 < cell[1] < grid[1] - 1:
            # Away from the border the spot is symmetric: its centre of mass is exact.
            rows, columns = np.mgrid[: size_hw[0], : size_hw[1]]
            mass = np.array([(rows * native).sum(), (columns * native).sum()]) / native.sum()
            np.testing.assert_allclose(mass, expected, atol=0.05 * cell_hw.max())


def test_interpolation_between_cell_centres_is_bilinear():
    values = np.array([[0.0, 1.0], [2.0, 3.0]], np.float32)
    native = to_native(values, Box(0, 0, 8, 8), (8, 8))
    # Native pixel centres at (i + 0.5) / 4 - 0.5 in cells, held at the outer centres.
    at = np.clip((np.arange(8) + 0.5) / 4 - 0.5, 0, 1)
    np.testing.assert_allclose(native, at[None, :] + 2 * at[:, None], atol=1e-6)


def test_outside_the_box_there_is_no_number():
    native = to_native(blob(), Box(10, 20, 30, 40), (60, 80))
    inside = np.zeros((60, 80), bool)
    inside[10:40, 20:60] = True
    np.testing.assert_array_equal(np.isfinite(native), inside)


def test_map_of_the_input_lies_on_the_scan_it_was_made_from():
    # What the network sees, put back, is the scan again: crop and squeeze undone by the same box.
    scan = np.zeros((181, 140), np.float32)
    rows, columns = np.mgrid[:181, :140]
    scan[30:150, 25:121] = (0.4 + 0.3 * np.sin(rows / 9) + 0.3 * np.cos(columns / 7))[30:150, 25:121]
    prepared = prepare(scan, Preprocessing(size=224, crop="head", percentiles=(0.0, 100.0)))
    assert prepared.box != Box(0, 0, 181, 140)
    native = to_native(prepared.pixels, prepared.box, scan.shape)
    seen = np.isfinite(native)
    assert np.corrcoef(native[seen], scan[seen])[0, 1] > 0.999


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_values_never_grow_and_constants_stay(data):
    height, width = data.draw(st.integers(1, 50)), data.draw(st.integers(1, 50))
    top, left = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    box = Box(top, left, data.draw(st.integers(1, height - top)), data.draw(st.integers(1, width - left)))
    values = np.random.default_rng(height * width).normal(size=(9, 9)).astype(np.float32)
    native = to_native(values, box, (height, width))
    assert np.nanmax(native) <= values.max() + 1e-5
    assert np.nanmin(native) >= values.min() - 1e-5
    constant = to_native(np.full((9, 9), 0.7, np.float32), box, (height, width))
    np.testing.assert_allclose(constant[np.isfinite(constant)], 0.7, atol=1e-6)


@pytest.mark.parametrize("box", [Box(-1, 0, 5, 5), Box(0, 0, 61, 80), Box(50, 0, 11, 80), Box(0, 79, 5, 2)])
def test_box_beyond_the_scan_is_an_error(box):
    with pytest.raises(ValueError, match="beyond a scan"):
        to_native(blob(), box, (60, 80))


@pytest.mark.parametrize("view", ["overlay", "map", "contours"])
@pytest.mark.parametrize("signed", [True, False])
def test_picture_has_the_native_size(view, signed):
    picture = render(SCAN, blob(), Box(4, 6, 50, 70), Scale(1.0, signed=signed), view=view)
    assert picture.shape == (60, 80, 3)
    assert picture.dtype == np.uint8


def test_overlay_of_nothing_is_the_scan():
    for scale in (UNIT, Scale(0.0, signed=True)):
        picture = render(SCAN, np.zeros((16, 16)), Box(0, 0, 60, 80), scale)
        np.testing.assert_array_equal(picture, np.rint(SCAN * 255)[..., None].repeat(3, -1))


def test_overlay_reddens_where_positive_blues_where_negative_and_leaves_the_rest():
    values = np.zeros((16, 16), np.float32)
    values[2:5, 2:5], values[11:14, 11:14] = 1, -1
    grey = np.full((64, 64), 0.5, np.float32)
    picture = render(grey, values, Box(0, 0, 64, 64), UNIT).astype(int)
    assert picture[14, 14, 0] > picture[14, 14, 2] + 40
    assert picture[50, 50, 2] > picture[50, 50, 0] + 40
    assert (picture[14, 50] == 128).all()
    positive = render(grey, values, Box(0, 0, 64, 64), UNIT, positive_only=True)
    assert (positive[50, 50] == 128).all()
    np.testing.assert_array_equal(positive[14, 14], picture[14, 14])


def test_map_view_is_white_outside_the_box():
    picture = render(SCAN, blob(), Box(10, 20, 30, 40), UNIT, view="map")
    assert (picture[0, 0] == 255).all()
    assert not (picture[20, 30] == 255).all()


def test_layer_in_the_browser_and_picture_in_the_export_agree():
    native = to_native(blob(), Box(0, 0, 60, 80), (60, 80))
    layer = colour_layer(native, UNIT, opacity=0.5).astype(float)
    share = layer[..., 3:] / 255
    blended = np.rint(SCAN * 255)[..., None] * (1 - share) + layer[..., :3] * share
    picture = render(SCAN, blob(), Box(0, 0, 60, 80), UNIT, opacity=0.5)
    np.testing.assert_allclose(picture, blended, atol=1)
    assert layer[..., 3].max() == round(255 * 0.5)


def test_contour_runs_along_its_level_in_native_coordinates():
    rows, columns = np.mgrid[:60, :80]
    cone = 30 - np.hypot(rows - 25, columns - 45)
    (line,) = contours(cone, (20.0,))
    radius = np.hypot(line[:, 0] - 25, line[:, 1] - 45)
    np.testing.assert_allclose(radius, 10, atol=0.1)


def test_contours_end_at_the_edge_of_the_box():
    native = to_native(np.tile(np.linspace(-1, 1, 16), (16, 1)), Box(10, 20, 30, 40), (60, 80))
    (line,) = contours(native, (0.5,))
    assert line[:, 0].min() == pytest.approx(10)
    assert line[:, 0].max() == pytest.approx(39)


def test_contour_levels_are_shares_of_the_limit():
    assert CONTOUR_LEVELS == (0.5, 0.8)
    assert contour_levels(Scale(2.0, signed=True)) == (1.0, 1.6, -1.0, -1.6)
    assert contour_levels(Scale(2.0, signed=True), positive_only=True) == (1.0, 1.6)
    assert contour_levels(Scale(2.0, signed=False)) == (1.0, 1.6)
    assert contour_levels(Scale(0.0, signed=True)) == ()


def test_contours_are_drawn_around_the_peak_only():
    values = blob()
    grey = np.full((64, 64), 0.5, np.float32)
    picture = render(grey, values, Box(0, 0, 64, 64), scale_limit(values, percentile=None), view="contours")
    drawn = np.argwhere((picture != 128).any(axis=-1))
    centre = np.array([5.5 * 4 - 0.5, 9.5 * 4 - 0.5])
    assert len(drawn) > 20
    assert np.hypot(*(drawn - centre).T).max() < 15
    assert (picture[22, 38] == 128).all()  # the peak itself stays visible


def test_unknown_view_is_an_error():
    with pytest.raises(ValueError, match="view is one of"):
        render(SCAN, blob(), Box(0, 0, 60, 80), UNIT, view="jet")
