"""Positions on a plane by t-SNE, and the place of a new scan among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PERPLEXITY = 30.0
SEED = 0
# The new scan's neighbours among the known ones; openTSNE's own preset.
PLACING_PERPLEXITY = 5.0


def lay_out(vectors: NDArray[np.float32], *, perplexity: float = PERPLEXITY) -> NDArray[np.float32]:
    """(N, 2) positions of (N, K) vectors by the angles between them; the same vectors give the same positions.

    One thread and a fixed seed. N is at least 3 times the perplexity plus 1, see `fitting_perplexity`.
    """
    import openTSNE

    affinities = _affinities(vectors, perplexity)
    start = openTSNE.initialization.pca(_directions(vectors), random_state=SEED)
    embedding = openTSNE.TSNEEmbedding(start, affinities, negative_gradient_method="bh", n_jobs=1, random_state=SEED)
    embedding = embedding.optimize(n_iter=250, exaggeration=12, momentum=0.5)
    embedding = embedding.optimize(n_iter=500, momentum=0.8)
    return np.asarray(embedding, dtype=np.float32)


def place(
    vector: NDArray[np.float32], vectors: NDArray[np.float32], positions: NDArray[np.float32], *, perplexity: float
) -> NDArray[np.float32]:
    """(2,) where a new scan's vector lies among known ones, which stay where they are."""
    import openTSNE

    embedding = openTSNE.TSNEEmbedding(
        positions.astype(np.float64),
        _affinities(vectors, perplexity),
        negative_gradient_method="bh",
        n_jobs=1,
        random_state=SEED,
    )
    placed = embedding.transform(_directions(vector[None]), perplexity=PLACING_PERPLEXITY)
    position: NDArray[np.float32] = np.asarray(placed, dtype=np.float32)[0]
    return position


def fitting_perplexity(count: int) -> float:
    """`PERPLEXITY`, or less where there are few scans."""
    return min(PERPLEXITY, max(2.0, (count - 1) / 3 - 1))


def _affinities(vectors: NDArray[np.float32], perplexity: float) -> object:
    from openTSNE.affinity import PerplexityBasedNN

    return PerplexityBasedNN(
        _directions(vectors), perplexity=perplexity, metric="euclidean", method="exact", n_jobs=1, random_state=SEED
    )


def _directions(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """Vectors of length 1: Euclid's distance then orders them as the angle does. A zero vector stays."""
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
    directions: NDArray[np.float64] = np.divide(
        vectors.astype(np.float64), lengths, out=np.zeros(vectors.shape), where=lengths > 0
    )
    return directions
