"""Outliers that were made, in features that were made."""

import numpy as np
import pytest

from lightbox.embedding.familiarity import NEIGHBOURS, QUANTILE, learn

RNG = np.random.default_rng(5)


def blocks(count, *, centre=0.0, spread=1.0):
    """Two kinds of features of scans that vary in three ways only, of very different scale."""
    ways = RNG.normal(centre, spread, (count, 3))
    mix = np.random.default_rng(1).normal(size=(3, 20))
    fine = ways @ mix + 0.05 * RNG.normal(size=(count, 20))
    coarse = 1000 * ways[:, :2] + 5000
    return [fine.astype(np.float32), coarse.astype(np.float32)]


@pytest.fixture(scope="module")
def known():
    return learn(blocks(400))


def test_one_in_a_hundred_known_scans_lies_beyond_the_threshold(known):
    assert np.mean(known.distances > known.threshold) == pytest.approx(1 - QUANTILE, abs=0.003)
    assert np.all(np.diff(known.distances) >= 0)


def test_scans_like_the_known_ones_are_rarely_called_far(known):
    assert np.mean(known.measure(blocks(400)) > known.threshold) < 0.06


def test_scans_of_another_kind_are_called_far_even_in_a_direction_that_never_varied(known):
    assert np.all(known.measure(blocks(50, centre=8.0)) > known.threshold)
    strange = blocks(50)
    strange[0] = strange[0] + 3 * RNG.normal(size=20).astype(np.float32)
    assert np.mean(known.measure(strange) > known.threshold) > 0.95


def test_the_distance_is_the_mean_to_the_nearest_few():
    known = learn(blocks(60), rounded=False)
    points = known.locate(blocks(3))
    apart = np.sort(np.linalg.norm(points[:, None] - known.known[None], axis=2), axis=1)[:, :NEIGHBOURS].mean(axis=1)
    again = [np.zeros((3, 20), np.float32), np.zeros((3, 2), np.float32)]
    assert known.measure(again).shape == (3,)
    from lightbox.embedding.familiarity import _distances

    np.testing.assert_allclose(_distances(points, known.known), apart, rtol=1e-5)


def test_a_rank_is_the_share_of_known_scans_that_are_nearer(known):
    assert known.rank(0) == 0
    assert known.rank(1e9) == 1
    assert known.rank(float(np.median(known.distances))) == pytest.approx(0.5, abs=0.01)


def test_a_channel_that_never_varies_makes_nothing_infinite():
    constant = [np.full((50, 4), 2.5, dtype=np.float32), RNG.normal(size=(50, 4)).astype(np.float32)]
    known = learn(constant)
    assert np.isfinite(known.measure(constant)).all()


def test_too_few_scans_are_refused():
    with pytest.raises(ValueError, match="too few"):
        learn(blocks(NEIGHBOURS + 1))
