"""How much two maps are alike, whatever their units: by the order of all places, and by the strongest ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

STRONGEST = 0.05


def rank_correlation(first: NDArray[Any], second: NDArray[Any]) -> float:
    """Spearman's correlation, -1..1, over the places where both maps are known; NaN where one of them is flat.

    Equal values share the mean of their ranks.

    Args:
        first: (H, W), NaN where nothing is known.
        second: likewise.

    Reference:
        Spearman (1904), The proof and measurement of association between two things.
    """
    from scipy.stats import rankdata

    a, b = _common(first, second)
    if a.size < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return float("nan")
    return float(np.corrcoef(rankdata(a), rankdata(b))[0, 1])


def strongest_overlap(first: NDArray[Any], second: NDArray[Any], *, share: float = STRONGEST) -> float:
    """Of the strongest places of two maps, the share, 0..1, that both have; by chance about ``share``.

    Only places with a value above zero are strong. Where the last of them are as strong as others that do not fit,
    all of these count in part, so that the order of equals does not matter. 0 where a map has none.

    Args:
        first: (H, W), NaN where nothing is known.
        second: likewise.
        share: of the places where both are known, that are called the strongest.
    """
    a, b = _common(first, second)
    count = max(1, round(share * a.size)) if a.size else 0
    if not count or not (a > 0).any() or not (b > 0).any():
        return 0.0
    return float(np.minimum(_membership(a, count), _membership(b, count)).sum() / count)


def keep_strongest(values: NDArray[Any], *, share: float = STRONGEST) -> NDArray[np.float64]:
    """(H, W): the map's strongest places with their values, and 0 elsewhere; see `strongest_overlap` for which.

    Args:
        values: (H, W), NaN where nothing is known.
        share: of the places that are known.
    """
    known = np.isfinite(values)
    kept = np.zeros(values.shape)
    count = max(1, round(share * known.sum())) if known.any() else 0
    if count:
        found = values[known].astype(np.float64)
        kept[known] = np.maximum(found, 0) * _membership(found, count)
    return kept


def _common(first: NDArray[Any], second: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if first.shape != second.shape:
        raise ValueError(f"maps of {first.shape} and {second.shape} are not on one grid")
    both = np.isfinite(first) & np.isfinite(second)
    return first[both].astype(np.float64), second[both].astype(np.float64)


def _membership(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """How much of each place, 0..1, is among the ``count`` strongest."""
    edge = np.partition(values, values.size - count)[values.size - count]
    members: NDArray[np.float64] = (values > max(edge, 0)).astype(np.float64)
    if edge > 0:
        equal = values == edge
        members[equal] = (count - members.sum()) / equal.sum()
    return members
