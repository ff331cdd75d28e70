"""Two measures of likeness against their textbook formulas."""

import numpy as np
import pytest

from lightbox.metrics.likeness import rank_correlation, strongest_overlap

RANDOM = np.random.default_rng(5)


def spearman_by_formula(a, b):
    """1 - 6 sum d^2 / (n (n^2 - 1)), for values without ties."""
    ranks = [np.argsort(np.argsort(each.ravel())) for each in (a, b)]
    n = a.size
    return 1 - 6 * ((ranks[0] - ranks[1]) ** 2).sum() / (n * (n**2 - 1))


def test_spearman_is_the_formulas_without_ties():
    for _ in range(20):
        a, b = RANDOM.random((6, 7)), RANDOM.random((6, 7))
        assert rank_correlation(a, b) == pytest.approx(spearman_by_formula(a, b))
        assert rank_correlation(a, b) == rank_correlation(b, a)


def test_the_unit_and_any_rising_change_of_it_do_not_matter():
    a, b = RANDOM.random((8, 8)), RANDOM.random((8, 8))
    assert rank_correlation(a, b) == pytest.approx(rank_correlation(1e-9 * a, np.exp(30 * b)))
    assert strongest_overlap(a, b) == strongest_overlap(1e9 * a, b**3)
    assert rank_correlation(a, a**5) == pytest.approx(1)
    assert rank_correlation(a, -a) == pytest.approx(-1)


def test_equal_values_share_their_ranks():
    """Ranks 1.5 1.5 3 4 and 1 2 3.5 3.5, by hand: covariance 4, variances 4.5 each."""
    assert rank_correlation(np.array([[0.0, 0, 1, 2]]), np.array([[0.0, 1, 2, 2]])) == pytest.approx(4 / 4.5)


def test_a_flat_map_is_like_nothing():
    assert np.isnan(rank_correlation(np.ones((3, 3)), RANDOM.random((3, 3))))
    assert strongest_overlap(np.zeros((3, 3)), RANDOM.random((3, 3))) == 0


def test_what_one_of_them_does_not_know_does_not_count():
    a, b = RANDOM.random((10, 10)), RANDOM.random((10, 10))
    a[:5], b[:, 5:] = np.nan, np.nan
    assert rank_correlation(a, b) == rank_correlation(a[5:, :5], b[5:, :5])
    assert strongest_overlap(a, b, share=0.2) == strongest_overlap(a[5:, :5], b[5:, :5], share=0.2)
    assert np.isnan(rank_correlation(a, np.full((10, 10), np.nan)))
    assert strongest_overlap(a, np.full((10, 10), np.nan)) == 0


def test_overlap_counts_the_strongest_places_that_both_have():
    a = np.arange(100.0).reshape(10, 10)  # the strongest five: 95 to 99
    b = np.zeros((10, 10))
    b.ravel()[[99, 98, 3, 4, 5]] = [1, 2, 3, 4, 5]
    assert strongest_overlap(a, b) == pytest.approx(2 / 5)
    assert strongest_overlap(a, a) == 1
    assert strongest_overlap(a, -a) == 0, "nothing of the second is above zero"


def test_equals_count_by_the_share_of_them_that_fits():
    """Ten places are equally strong and five are wanted: each counts half. The other map has five of the ten."""
    a, b = np.zeros((10, 10)), np.zeros((10, 10))
    a.ravel()[:10] = 1
    b.ravel()[:5] = 1
    assert strongest_overlap(a, b) == pytest.approx(5 * 0.5 / 5)
    assert strongest_overlap(a, a) == pytest.approx(1)


def test_chance_is_near_the_share():
    values = [strongest_overlap(RANDOM.random((64, 64)), RANDOM.random((64, 64))) for _ in range(30)]
    assert np.mean(values) == pytest.approx(0.05, abs=0.01)


def test_maps_on_different_grids_are_refused():
    with pytest.raises(ValueError, match="not on one grid"):
        rank_correlation(np.ones((2, 2)), np.ones((3, 3)))
