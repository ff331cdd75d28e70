"""Intervals against figures from outside, and by their meaning."""

import numpy as np
import pytest

from lightbox.metrics.intervals import FEW, bootstrap_mean, mean_of_shares, wilson


def test_wilson_agrees_with_the_published_example():
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3: 81 of 263 and 0 of 20.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_wilson_without_trials_excludes_nothing_and_refuses_nonsense():
    assert wilson(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="5 successes of 4"):
        wilson(5, 4)


def test_the_bootstrap_interval_is_the_normal_one_where_that_holds():
    values = np.random.default_rng(1).normal(3, 2, 400)
    error = values.std() / 20
    expected = (values.mean() - 1.96 * error, values.mean() + 1.96 * error)
    assert bootstrap_mean(values) == pytest.approx(expected, abs=0.03)  # 2000 resamples: about 0.01


def test_the_bootstrap_repeats_itself_and_stays_inside_the_values():
    values = [0.0, 0.2, 1.0]
    assert bootstrap_mean(values) == bootstrap_mean(values)
    low, high = bootstrap_mean(values)
    assert 0 <= low < high <= 1
    assert bootstrap_mean([0.4]) == (0.4, 0.4)
    with pytest.raises(ValueError, match="a mean needs"):
        bootstrap_mean([])


@pytest.mark.parametrize("count", [1, 2, 5, 10, 19])
def test_of_a_handful_of_skewed_shares_the_interval_holds_the_mean_as_often_as_it_says(count):
    samples = np.random.default_rng(0).beta(0.3, 2.0, (1000, count))
    true = 0.3 / 2.3

    held = [low <= true <= high for low, high in map(mean_of_shares, samples)]

    assert np.mean(held) >= 0.94


def test_from_a_few_shares_on_it_is_the_bootstraps():
    values = np.linspace(0, 1, FEW)
    assert mean_of_shares(values) == bootstrap_mean(values)
    assert mean_of_shares(values[1:]) != bootstrap_mean(values[1:])


def test_equal_shares_have_a_width_all_the_same():
    low, high = mean_of_shares([0.4])
    assert low < 0.1
    assert high > 0.8
    with pytest.raises(ValueError, match="values"):
        mean_of_shares([])
