"""An order of training pictures in which rare classes come as often as common ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def balanced_order(
    labels: NDArray[np.int64], generator: np.random.Generator, *, strength: float = 1.0
) -> NDArray[np.int64]:
    """Indices of one epoch, as many as there are labels, with the classes evened out.

    A class's pictures come in shuffled rounds: none comes a second time before all of its class came once. So a rare
    class is repeated, and of a common one a different part is left out in every epoch.

    Args:
        labels: (N,) class indices.
        generator: decides order and parts.
        strength: 0 keeps the classes' natural shares, 1 makes them equal, between them is a geometric mean.

    Returns:
        (N,) indices into ``labels``, shuffled.
    """
    counts = np.bincount(labels).astype(np.float64)
    present = np.flatnonzero(counts)
    weights = counts[present] ** (1.0 - strength)
    shares = _whole_numbers(weights / weights.sum() * len(labels), len(labels))
    parts = [
        _rounds(np.flatnonzero(labels == label), int(share), generator)
        for label, share in zip(present, shares, strict=True)
    ]
    order: NDArray[np.int64] = generator.permutation(np.concatenate(parts)) if parts else np.empty(0, dtype=np.int64)
    return order


def _whole_numbers(shares: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """Rounded so that they sum to ``total``: the largest remainders are rounded up."""
    whole = np.floor(shares).astype(np.int64)
    largest = np.argsort(whole - shares, kind="stable")[: total - int(whole.sum())]
    whole[largest] += 1
    return whole


def _rounds(places: NDArray[np.int64], count: int, generator: np.random.Generator) -> NDArray[np.int64]:
    rounds = [generator.permutation(places) for _round in range(-(-count // len(places)))]
    return np.concatenate(rounds)[:count] if rounds else places[:0]
