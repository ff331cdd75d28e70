"""The known scans most like a new one, by its features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

METRICS = ("cosine", "euclid")


def measure(vector: NDArray[np.float32], vectors: NDArray[np.float32], metric: str) -> NDArray[np.float64]:
    """(N,) distances from a (K,) vector to (N, K) vectors: 1 minus the cosine of the angle, or Euclid's.

    A vector of length zero has no direction: its cosine distance to everything is 1.

    Raises:
        ValueError: the metric is not one of `METRICS`.
    """
    point, others = vector.astype(np.float64), vectors.astype(np.float64)
    if metric == "euclid":
        apart: NDArray[np.float64] = np.linalg.norm(others - point, axis=1)
        return apart
    if metric != "cosine":
        raise ValueError(f"metric is one of {METRICS}, not {metric!r}")
    lengths = np.linalg.norm(others, axis=1) * np.linalg.norm(point)
    cosines = np.divide(others @ point, lengths, out=np.zeros(len(others)), where=lengths > 0)
    found: NDArray[np.float64] = np.maximum(0.0, 1 - cosines)
    return found


def find_nearest(
    vector: NDArray[np.float32], vectors: NDArray[np.float32], *, metric: str, count: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Indices of the ``count`` nearest vectors, the nearest first, and their distances; of equals the first."""
    distances = measure(vector, vectors, metric)
    order = np.argsort(distances, kind="stable")[:count]
    return order, distances[order]
