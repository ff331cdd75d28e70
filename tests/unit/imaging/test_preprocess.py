import numpy as np
import pytest

from lightbox.imaging.preprocess import Box, Preprocessing, find_head, prepare, resize


def disc(height, width, centre, radius):
    rows, columns = np.mgrid[:height, :width]
    inside = (rows - centre[0]) ** 2 + (columns - centre[1]) ** 2 <= radius**2
    return np.where(inside, 0.6, 0.01).astype(np.float32)


def test_the_head_is_found_to_the_pixel_row_where_it_is_two_percent_wide():
    box = find_head(disc(300, 400, (120, 230), 80))
    assert abs(box.top - 40) <= 1
    assert abs(box.left - 150) <= 1
    assert abs(box.height - 161) <= 2
    assert abs(box.width - 161) <= 2


def test_the_crop_makes_margins_irrelevant():
    small = prepare(disc(224, 224, (112, 112), 100), Preprocessing(crop="head")).pixels
    wide = prepare(disc(448, 448, (260, 200), 100), Preprocessing(crop="head")).pixels
    assert np.abs(small - wide).mean() < 0.02


def test_percentiles_make_exposure_irrelevant():
    pixels = np.random.default_rng(0).random((90, 90)).astype(np.float32)
    dark = prepare(pixels * 0.3 + 0.1, Preprocessing(size=64)).pixels
    bright = prepare(pixels * 0.6 + 0.3, Preprocessing(size=64)).pixels
    np.testing.assert_allclose(dark, bright, atol=1e-5)  # float32 rounding only


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_a_constant_picture_stays_as_it_is(value):
    prepared = prepare(np.full((50, 80), value, np.float32), Preprocessing(size=32, crop="head"))
    np.testing.assert_array_equal(prepared.pixels, np.float32(value))
    assert prepared.box == Box(0, 0, 50, 80)


def test_a_speck_is_not_taken_for_a_head():
    pixels = np.zeros((200, 200), np.float32)
    pixels[90:100, 90:100] = 1
    assert find_head(pixels) == Box(0, 0, 200, 200)


def test_resize_keeps_the_range_and_the_mean():
    pixels = np.random.default_rng(1).random((301, 173)).astype(np.float32)
    small = resize(pixels, (64, 64))
    assert small.shape == (64, 64)
    assert 0 <= small.min() <= small.max() <= 1
    assert small.mean() == pytest.approx(pixels.mean(), abs=0.01)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("crop", "lungs", "crop is one of"),
        ("percentiles", (99.0, 1.0), "percentiles rise"),
        ("size", "224", "size is a whole number"),
        ("size", 100_000, "size is a whole number"),
        ("std", (0.0, 1.0, 1.0), "std above 0"),
    ],
)
def test_impossible_steps_are_refused(field, value, sentence):
    with pytest.raises(ValueError, match=sentence):
        Preprocessing(**{field: value})
