"""How far a picture lies from those that a network has seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

AXES_PER_BLOCK = 16
# Twice as many axes flag half as many test scans again and notice no more strangers (`lightbox embed` measures both).
# This number was chosen on such figures, so those in a file may flatter a little.
AXES = 16
NEIGHBOURS = 5
# One in a hundred of the known pictures lies farther from the others than this by definition.
QUANTILE = 0.99
# Directions with less than this share of the largest deviation are noise, and are left out.
SMALLEST_DEVIATION = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """How one kind of feature is standardised and cut to its main axes.

    Args:
        mean: (d,) float32.
        deviation: (d,) float32, above 0.
        axes: (d, k) float32, principal axes of the standardised values.
    """

    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]
    axes: NDArray[np.float32]

    def locate(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N, d) features as (N, k) coordinates."""
        return np.asarray(((values - self.mean) / self.deviation) @ self.axes, dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Familiarity:
    """Known pictures in a whitened space of few axes, and how far apart they lie.

    A picture's distance is the mean Euclidean distance to its `NEIGHBOURS` nearest known pictures. Measured on real
    scans, photographs and noise, the pooled features of the last layer alone let photographs pass (a cat lies among
    the brains); with every stage and a coarse copy of the picture they do not.

    Args:
        blocks: one for each kind of feature, see `lightbox.embedding.features.Features.blocks`.
        mean: (m,) float32, of the joined blocks' coordinates.
        axes: (m, q) float32, whitening: each axis has deviation 1 over the known pictures.
        known: (R, q) float32, the known pictures.
        distances: (R,) float32, rising: of each known picture to the others.
        threshold: distance beyond which a picture is called far outside.
    """

    blocks: tuple[Block, ...]
    mean: NDArray[np.float32]
    axes: NDArray[np.float32]
    known: NDArray[np.float32]
    distances: NDArray[np.float32]
    threshold: float

    def locate(self, blocks: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        """(N, q) coordinates of N pictures' blocks of features."""
        joined = _join(self.blocks, blocks)
        return np.asarray((joined - self.mean) @ self.axes, dtype=np.float32)

    def measure(self, blocks: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        """(N,) the distance of each picture."""
        return _distances(self.locate(blocks), self.known)

    def is_far(self, distance: float) -> bool:
        """Whether a picture at this distance lies far outside what the network has seen."""
        return bool(distance > self.threshold)

    def rank(self, distance: float) -> float:
        """The share of the known pictures that lie nearer to the others than this."""
        return float(np.searchsorted(self.distances, distance, side="left")) / len(self.distances)


def learn(blocks: Sequence[NDArray[np.float32]], *, rounded: bool = True) -> Familiarity:
    """What is familiar, from (R, d) blocks of features of pictures that the network was trained on.

    Args:
        blocks: of at least `NEIGHBOURS` + 2 pictures, all different.
        rounded: round to the float16 in which the file holds it, so that the threshold fits what is read back.

    Raises:
        ValueError: there are too few pictures.
    """
    count = len(blocks[0])
    if count < NEIGHBOURS + 2:
        raise ValueError(f"{count} pictures are too few to say what is familiar")
    learnt = tuple(_learn_block(block, rounded=rounded) for block in blocks)
    joined = _join(learnt, blocks)
    mean = joined.mean(axis=0)
    axes, deviations = _principal(joined - mean, AXES)
    axes = _cut(axes / deviations, rounded=rounded)
    mean = _cut(mean, rounded=rounded)
    known = _cut((joined - mean) @ axes, rounded=rounded)
    distances = np.sort(_distances(known, known, among_themselves=True))
    return Familiarity(learnt, mean, axes, known, distances, float(np.quantile(distances, QUANTILE)))


def _learn_block(values: NDArray[np.float32], *, rounded: bool) -> Block:
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    # A channel that never changes over the known pictures must not make every other picture infinitely far.
    deviation = deviation + max(SMALLEST_DEVIATION * float(values.std()), np.finfo(np.float16).tiny)
    mean, deviation = _cut(mean, rounded=rounded), _cut(deviation, rounded=rounded)
    standard = (values - mean) / deviation
    axes, _ = _principal(standard - standard.mean(axis=0), AXES_PER_BLOCK)
    return Block(mean, deviation, _cut(axes, rounded=rounded))


def _principal(centred: NDArray[np.float32], most: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(d, k) principal axes and (k,) deviations along them, k at most ``most``; signs are fixed."""
    _, singular, rows = np.linalg.svd(centred.astype(np.float64), full_matrices=False)
    deviations = singular / np.sqrt(len(centred))
    kept = max(1, min(most, int((deviations > SMALLEST_DEVIATION * max(deviations[0], 1e-12)).sum())))
    axes = rows[:kept].T
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(kept)])
    return (axes * signs).astype(np.float32), np.maximum(deviations[:kept], 1e-12).astype(np.float32)


def _join(learnt: Sequence[Block], blocks: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    return np.concatenate([one.locate(values) for one, values in zip(learnt, blocks, strict=True)], axis=1)


def _distances(
    points: NDArray[np.float32], known: NDArray[np.float32], *, among_themselves: bool = False
) -> NDArray[np.float32]:
    """Mean distance to the nearest `NEIGHBOURS` known points, itself left out where a point is one of them."""
    found = np.empty(len(points), dtype=np.float32)
    for index, point in enumerate(points.astype(np.float64)):
        apart = np.sqrt(((known - point) ** 2).sum(axis=1))
        if among_themselves:
            apart[index] = np.inf
        found[index] = np.partition(apart, NEIGHBOURS - 1)[:NEIGHBOURS].mean()
    return found


def _cut(values: NDArray[Any], *, rounded: bool) -> NDArray[np.float32]:
    return values.astype(np.float16).astype(np.float32) if rounded else values.astype(np.float32)
