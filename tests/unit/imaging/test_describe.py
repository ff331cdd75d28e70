"""The words name the place where the relevance was planted."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lightbox.imaging.describe import describe

FIELDS = {
    (0, 0): "upper left third", (0, 1): "upper middle third", (0, 2): "upper right third",
    (1, 0): "middle left third", (1, 1): "central third", (1, 2): "middle right third",
    (2, 0): "lower left third", (2, 1): "lower middle third", (2, 2): "lower right third",
}  # fmt: skip


@pytest.mark.parametrize(("row", "column"), FIELDS)
@pytest.mark.parametrize("size", [(30, 30), (31, 47), (3, 3)])
def test_planted_field_is_named(row, column, size):
    values = np.zeros(size)
    values[int((row + 0.5) * size[0] / 3), int((column + 0.5) * size[1] / 3)] = 2.0
    text = describe(values)
    assert f"100 % of the positive relevance lies in the {FIELDS[row, column]};" in text
    assert "no negative relevance" in text


def test_share_is_computed():
    values = np.zeros((9, 9))
    values[8, 8], values[0, 0] = 71, 29
    assert describe(values).startswith("71 % of the positive relevance lies in the lower right third;")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([(0, 2), (1, 2), (2, 2)], "right third"),
        ([(0, 0), (1, 0), (2, 0)], "left third"),
        ([(0, 1), (1, 1), (2, 1)], "middle third from left to right"),
        ([(0, 0), (0, 1), (0, 2)], "upper third"),
        ([(1, 0), (1, 1), (1, 2)], "middle third from top to bottom"),
        ([(2, 0), (2, 1), (2, 2)], "lower third"),
    ],
)
def test_band_is_named_where_no_field_holds_half(cells, words):
    values = np.zeros((3, 3))
    for cell in cells:
        values[cell] = 1
    assert f"100 % of the relevance lies in the {words};" in describe(values, signed=False)


def test_even_map_is_called_spread_out():
    assert "spread over the picture" in describe(np.ones((30, 30)), signed=False)


def test_strongest_point_is_placed_from_left_and_from_top():
    values = np.zeros((100, 200))
    values[25, 160] = 1
    assert "80 % of the way from left to right and 26 % from top to bottom" in describe(values)


def test_both_signs_are_described():
    values = np.zeros((9, 9))
    values[0, 0], values[8, 0] = 3, -1
    text = describe(values)
    assert "positive relevance lies in the upper left third" in text
    assert "Negative relevance is 25 % of the total magnitude." in text
    assert "negative relevance lies in the lower left third" in text


def test_map_without_positive_values_says_so():
    assert describe(-np.eye(9)).startswith("There is no positive relevance.")


@pytest.mark.parametrize("signed", [True, False])
def test_map_of_nothing_says_so(signed):
    for values in (np.zeros((5, 5)), np.full((5, 5), np.nan)):
        assert describe(values, signed=signed) == "The map is zero everywhere."


def test_outside_the_crop_counts_as_nothing():
    values = np.full((9, 9), np.nan)
    values[4, 4] = 1
    assert "100 % of the positive relevance lies in the central third" in describe(values)


@settings(deadline=None)
@given(arrays(np.float32, (7, 8), elements=st.floats(-(2.0**127), 2.0**127, width=32)), st.booleans())
def test_every_map_has_words_and_the_same_map_the_same(values, signed):
    text = describe(values, signed=signed)
    assert text == describe(values.copy(), signed=signed)
    assert "nan" not in text
    shares = [int(share) for share in re.findall(r"(\d+) %", text)]
    assert all(0 <= share <= 100 for share in shares)


def test_mirrored_map_changes_sides():
    values = np.zeros((9, 9))
    values[0, 1] = 1
    assert "upper left" in describe(values)
    assert "upper right" in describe(values[:, ::-1])
    assert "lower left" in describe(values[::-1])
