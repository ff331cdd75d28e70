"""Colours tell the sign and the size of a value, and zero is neutral."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightbox.imaging.colour import (
    COLOURMAPS,
    STEPS,
    Scale,
    colour,
    colour_signed,
    colour_unsigned,
    scale_limit,
    table,
)


@pytest.mark.parametrize("limit", [1e-30, 0.3, 1.0, 7e8])
def test_zero_is_exactly_neutral_in_signed_colours(limit):
    drawn = colour_signed(np.array([[0.0, -0.0]]), limit)[0]
    assert len(np.unique(drawn)) == 1  # red equals green equals blue
    np.testing.assert_array_equal(drawn[0], table("coolwarm")[STEPS // 2])


def test_signed_ends_are_blue_and_red_and_symmetric_in_position():
    low, high = colour_signed(np.array([[-2.0, 2.0]]), 2.0)[0].astype(int)
    assert low[2] > low[0] + 50
    assert high[0] > high[2] + 50
    ramp = colour_signed(np.linspace(-1, 1, STEPS)[None], 1.0)[0]
    np.testing.assert_array_equal(ramp, table("coolwarm"))


def test_small_values_keep_their_sign_in_colour():
    below, above = colour_signed(np.array([[-0.02, 0.02]]), 1.0)[0].astype(int)
    assert below[2] > below[0]
    assert above[0] > above[2]


@pytest.mark.parametrize("colourmap", ["cividis", "inferno", "gray"])
def test_unsigned_colours_run_from_zero_and_rise_in_lightness(colourmap):
    drawn = colour_unsigned(np.linspace(-0.5, 1.5, 200)[None], 1.0, colourmap=colourmap)[0]
    np.testing.assert_array_equal(drawn[0], table(colourmap)[0])
    np.testing.assert_array_equal(drawn[-1], table(colourmap)[-1])
    lightness = drawn @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(lightness) >= -1.5).all()  # rounding to bytes


def test_values_beyond_the_limit_get_the_last_colour_and_nan_is_white():
    drawn = colour_signed(np.array([[5.0, np.inf, -5.0, -np.inf, np.nan]]), 1.0)[0]
    np.testing.assert_array_equal(drawn[[0, 1]], table("coolwarm")[[-1, -1]])
    np.testing.assert_array_equal(drawn[[2, 3]], table("coolwarm")[[0, 0]])
    np.testing.assert_array_equal(drawn[4], 255)


def test_zero_limit_draws_nothing_but_neutral():
    drawn = colour_signed(np.zeros((3, 3)), 0.0)
    np.testing.assert_array_equal(drawn, np.broadcast_to(table("coolwarm")[STEPS // 2], (3, 3, 3)))


def test_jet_is_not_offered():
    assert "jet" not in COLOURMAPS
    with pytest.raises(ValueError, match="one of"):
        table("jet")


def test_tables_cannot_be_changed_by_a_caller():
    with pytest.raises(ValueError, match="read-only"):
        table("cividis")[0] = 0


def test_limit_is_the_largest_magnitude_without_a_percentile():
    values = np.array([[1.0, -3.0], [2.0, np.nan]])
    assert scale_limit(values, percentile=None) == Scale(3.0, signed=True)
    assert scale_limit(values, percentile=100) == Scale(3.0, signed=True)
    assert scale_limit(values, signed=False, percentile=None) == Scale(2.0, signed=False)


def test_outliers_are_clipped_by_default_and_it_is_said():
    values = np.random.default_rng(0).normal(size=(100, 100))
    values[3, 4] = 1000
    scale = scale_limit(values)
    assert scale.limit == pytest.approx(np.percentile(np.abs(values), 99.5))
    assert scale.clipped_percentile == 99.5
    assert scale.clipped_share == pytest.approx(0.005)
    assert "99.5th percentile" in scale.sentence
    assert "0.5 %" in scale.sentence


def test_no_clipping_is_claimed_where_none_happens():
    plateau = np.zeros((20, 20))
    plateau[:10] = 2.0  # like superpixels: a tenth and more share the largest value
    assert scale_limit(plateau) == Scale(2.0, signed=True)
    single = np.zeros((50, 50))
    single[0, 0] = -4.0
    assert scale_limit(single) == Scale(4.0, signed=True)
    assert "largest value" in scale_limit(single).sentence


@pytest.mark.parametrize("values", [np.zeros((4, 4)), np.full((4, 4), np.nan)])
def test_map_of_nothing_has_limit_zero_and_says_so(values):
    assert scale_limit(values).limit == 0
    assert "zero everywhere" in scale_limit(values).sentence


@settings(deadline=None)
@given(st.lists(st.floats(-1e30, 1e30), min_size=1, max_size=50), st.booleans())
def test_scale_covers_what_it_does_not_call_clipped(numbers, signed):
    values = np.array([numbers])
    scale = scale_limit(values, signed=signed)
    beyond = (np.abs(values) if signed else values) > scale.limit
    assert beyond.any() == (scale.clipped_percentile is not None)
    assert colour(values, scale).shape == (1, len(numbers), 3)


@settings(deadline=None)
@given(st.floats(1e-6, 1e6), st.floats(-2, 2))
def test_colours_do_not_depend_on_the_unit(limit, share):
    # A product may round to the other side of a step: neighbouring colours differ by at most 5.
    drawn = colour_signed(np.array([[share * limit]]), limit).astype(int)
    assert np.abs(drawn - colour_signed(np.array([[share]]), 1.0)).max() <= 5
