"""The measures on arrays small enough to count by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightbox.metrics.localisation import (
    localise,
    pointing_game,
    relevance_mass_accuracy,
    relevance_rank_accuracy,
)

MASK = np.array([[1, 1, 0, 0], [0, 0, 0, 0]], dtype=bool)


def test_counted_by_hand():
    values = np.array([[4.0, 1.0, 3.0, -9.0], [0.0, 2.0, 0.0, 0.0]])
    found = localise(values, MASK)
    assert found.pointing == 1.0  # 4 is inside
    assert found.mass == pytest.approx(5 / 10)  # 4 + 1 of 4 + 1 + 3 + 2; what is negative is not counted
    assert found.rank == pytest.approx(1 / 2)  # of the top two, 4 is inside and 3 is not
    assert found.area == pytest.approx(2 / 8)
    assert found.positive


def test_a_map_equal_to_its_mask_scores_one_and_its_opposite_zero():
    perfect, wrong = localise(MASK.astype(float), MASK), localise((~MASK).astype(float), MASK)
    assert (perfect.pointing, perfect.mass, perfect.rank) == (1, 1, 1)
    assert (wrong.pointing, wrong.mass, wrong.rank) == (0, 0, 0)


def test_the_maximum_must_hit_itself_a_neighbour_does_not_count():
    values = np.zeros((2, 4))
    values[0, 2] = 1.0
    assert pointing_game(values, MASK) == 0.0


def test_tied_maxima_count_by_the_share_inside():
    values = np.array([[5.0, 0.0, 5.0, 5.0], [5.0, 0.0, 0.0, 0.0]])
    assert pointing_game(values, MASK) == pytest.approx(1 / 4)


def test_ties_at_the_last_place_count_by_the_share_inside():
    values = np.array([[9.0, 3.0, 3.0, 3.0], [0.0, 0.0, 0.0, 0.0]])
    # One place goes to 9, inside; three pixels share the other, one of them inside.
    assert relevance_rank_accuracy(values, MASK) == pytest.approx((1 + 1 / 3) / 2)


@pytest.mark.parametrize("values", [np.zeros((2, 4)), -np.ones((2, 4))], ids=["zero", "negative"])
def test_a_map_without_positive_relevance_names_no_place(values):
    found = localise(values, MASK)
    assert (found.pointing, found.mass, found.rank, found.positive) == (0, 0, 0, False)


def test_pixels_without_positive_relevance_do_not_fill_up_the_ranks():
    values = np.zeros((2, 4))
    values[0, 0] = 1.0
    assert relevance_rank_accuracy(values, MASK) == pytest.approx(1 / 2)


def test_an_empty_mask_is_nothing_to_point_at():
    assert localise(np.ones((2, 4)), np.zeros((2, 4), dtype=bool)) is None
    assert relevance_rank_accuracy(np.ones((2, 4)), np.zeros((2, 4), dtype=bool)) == 0


def test_a_mask_of_the_whole_picture_is_always_hit():
    found = localise(np.arange(8.0).reshape(2, 4) + 1, np.ones((2, 4), dtype=bool))
    assert (found.pointing, found.mass, found.rank, found.area) == (1, 1, 1, 1)


def test_a_uniform_map_scores_the_area_in_every_measure():
    found = localise(np.full((2, 4), 0.3), MASK)
    np.testing.assert_allclose([found.pointing, found.mass, found.rank], found.area, rtol=1e-12)


def test_noise_scores_the_area_on_average():
    chance = np.random.default_rng(0)
    mask = np.zeros((20, 20), dtype=bool)
    mask[3:9, 4:14] = True
    scores = [localise(chance.uniform(0, 1, (20, 20)), mask) for _ in range(400)]
    # Four standard errors of 400 hits at 15 %: 0.07; of the means, far less.
    assert np.mean([score.pointing for score in scores]) == pytest.approx(0.15, abs=0.07)
    assert np.mean([score.mass for score in scores]) == pytest.approx(0.15, abs=0.01)
    assert np.mean([score.rank for score in scores]) == pytest.approx(0.15, abs=0.02)


@given(scale=st.floats(1e-30, 1e30), seed=st.integers(0, 1000))
def test_the_unit_of_relevance_does_not_matter(scale, seed):
    values = np.random.default_rng(seed).normal(size=(2, 4))
    once, scaled = localise(values, MASK), localise(values * scale, MASK)
    assert once.pointing == scaled.pointing
    assert once.rank == pytest.approx(scaled.rank)
    assert once.mass == pytest.approx(scaled.mass)


def test_huge_values_do_not_overflow():
    assert relevance_mass_accuracy(np.full((2, 4), 1e308), MASK) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("values", "mask", "message"),
    [
        (np.ones((3, 4)), MASK, "do not match"),
        (np.ones((2, 4)), MASK.astype(float), "do not match"),
        (np.full((2, 4), np.nan), MASK, "not finite"),
    ],
)
def test_what_cannot_be_scored_is_refused(values, mask, message):
    with pytest.raises(ValueError, match=message):
        localise(values, mask)
