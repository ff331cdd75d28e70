"""The words name the place where the relevance was planted."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lightbox.imaging.describe import REGIONS, describe, find_place

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
    assert f"100 % of the evidence for the class lies in the {FIELDS[row, column]};" in text
    assert "no evidence against it" in text


def test_share_is_computed():
    values = np.zeros((9, 9))
    values[8, 8], values[0, 0] = 71, 29
    assert describe(values).startswith("71 % of the evidence for the class lies in the lower right third;")


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
    assert f"100 % of the evidence lies in the {words};" in describe(values, signed=False)


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
    assert "evidence for the class lies in the upper left third" in text
    assert "25 % of all evidence is against it." in text
    assert "evidence against it lies in the lower left third" in text


def test_map_without_positive_values_says_so():
    assert describe(-np.eye(9)).startswith("There is no evidence for the class.")


@pytest.mark.parametrize("signed", [True, False])
def test_map_of_nothing_says_so(signed):
    for values in (np.zeros((5, 5)), np.full((5, 5), np.nan)):
        assert describe(values, signed=signed) == "The map is zero everywhere."


def test_outside_the_crop_counts_as_nothing():
    values = np.full((9, 9), np.nan)
    values[4, 4] = 1
    assert "100 % of the evidence for the class lies in the central third" in describe(values)


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


def blob(row, column, size=(64, 64), width=0.04):
    rows, columns = (np.arange(size[0]) + 0.5) / size[0], (np.arange(size[1]) + 0.5) / size[1]
    return np.exp(-((rows[:, None] - row) ** 2 + (columns[None] - column) ** 2) / (2 * width**2))


@pytest.mark.parametrize(
    ("row", "column", "edge"),
    [
        (0.05, 0.05, "upper left corner"),
        (0.95, 0.95, "lower right corner"),
        (0.05, 0.95, "upper right corner"),
        (0.5, 0.05, "left border"),
        (0.95, 0.5, "lower border"),
        (0.25, 0.25, None),
        (0.5, 0.5, None),
    ],
)
def test_corners_and_borders_are_told_apart_from_the_thirds_that_they_lie_in(row, column, edge):
    place = find_place(blob(row, column))
    assert (place.edge.words if place.edge else None) == edge
    assert place.region is not None
    assert place.region.kind == "field"
    assert not place.diffuse


def test_a_map_along_a_whole_border_lies_at_it():
    values = np.zeros((80, 80))
    values[:, :8] = 1
    place = find_place(values)
    assert (place.region.words, place.edge.words, place.share) == ("left third", "left border", 1)


def test_two_far_places_are_several_places_and_an_even_map_is_spread():
    two = find_place(blob(0.2, 0.2) + blob(0.8, 0.8))
    assert two.region is None
    assert not two.diffuse
    assert "The evidence lies in several places;" in describe(blob(0.2, 0.2) + blob(0.8, 0.8), signed=False)
    noise = find_place(np.maximum(np.random.default_rng(0).normal(size=(64, 64)), 0))
    assert noise.diffuse
    assert noise.share == pytest.approx(1 / 9, abs=0.03)


def test_the_thirds_cover_the_picture_once():
    values = np.random.default_rng(1).random((38, 50))
    for kind, times in (("field", 1), ("quarter", 1), ("band", 2)):
        assert sum(region.share(values) for region in REGIONS if region.kind == kind) == pytest.approx(times)


def test_half_is_not_most():
    values = np.zeros((9, 9))
    values[1, 1], values[7, 7], values[1, 7] = 4, 2, 2
    place = find_place(values)
    assert place.region.words == "upper third"
    assert place.share == 0.75


@pytest.mark.parametrize(("row", "column", "words"), [(0.33, 0.66, "upper right"), (0.66, 0.33, "lower left")])
def test_what_lies_across_thirds_is_named_by_its_quarter(row, column, words):
    place = find_place(blob(row, column))
    assert place.region.words == f"{words} quarter"


def test_what_lies_in_the_middle_is_on_neither_side():
    values = np.zeros((9, 9))
    values[:, 4] = 1
    assert find_place(values).region.words == "middle third from left to right"
