"""Neighbours that are known beforehand."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from lightbox.embedding.neighbours import find_nearest, measure

VECTORS = np.array([[1, 0], [10, 0], [0, 1], [-1, 0], [0, 0]], dtype=np.float32)


def test_the_angle_ignores_length_and_the_distance_does_not():
    order, distances = find_nearest(np.array([9.0, 0.1], np.float32), VECTORS, metric="cosine", count=3)
    assert list(order) == [0, 1, 2]
    assert distances[0] == pytest.approx(distances[1])
    order, distances = find_nearest(np.array([9.0, 0.1], np.float32), VECTORS, metric="euclid", count=2)
    assert list(order) == [1, 0] or order[0] == 1
    assert distances[0] == pytest.approx(np.hypot(1, 0.1))


@pytest.mark.parametrize(("ours", "theirs"), [("cosine", "cosine"), ("euclid", "euclidean")])
def test_distances_equal_scipys(ours, theirs):
    rng = np.random.default_rng(0)
    point, others = rng.normal(size=(1, 6)).astype(np.float32), rng.normal(size=(30, 6)).astype(np.float32)
    np.testing.assert_allclose(measure(point[0], others, ours), cdist(point, others, theirs)[0], rtol=1e-6, atol=1e-9)


def test_a_vector_without_direction_is_near_nothing():
    assert measure(np.array([1.0, 1.0], np.float32), VECTORS, "cosine")[4] == 1


def test_an_unknown_metric_is_an_error():
    with pytest.raises(ValueError, match="metric is one of"):
        measure(VECTORS[0], VECTORS, "chance")
