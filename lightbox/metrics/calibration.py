"""Whether a network that says 90 % is right nine times of ten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.metrics.intervals import wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.metrics.predictions import Predictions

BINS = 15
# A difference between confidence and accuracy smaller than this is called none.
CLOSE = 0.02


@dataclass(frozen=True, slots=True)
class Bin:
    """The scans whose likeliest class has a probability in (low, high]; the first bin has 0 too.

    Args:
        low: where the bin begins.
        high: where it ends.
        scans: how many there are, 1 or more.
        confidence: their mean probability of the likeliest class.
        accuracy: the share of them that are called right.
        interval: (low, high) of the accuracy, Wilson, 95 %.
    """

    low: float
    high: float
    scans: int
    confidence: float
    accuracy: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Confidence against accuracy.

    Args:
        bins: those with scans, of `BINS` equally wide ones.
        error: expected calibration error, 0..1; None without scans.
        confidence: mean probability of the likeliest class; None without scans.
    """

    bins: tuple[Bin, ...]
    error: float | None
    confidence: float | None


def tendency(confidence: float, accuracy: float) -> int:
    """1 where a network is surer on average than it is right, -1 where it is less sure, 0 where both nearly agree."""
    gap = confidence - accuracy
    return 0 if abs(gap) < CLOSE else 1 if gap > 0 else -1


def calibrate(predictions: Predictions, *, bins: int = BINS) -> Calibration:
    """The reliability diagram of the likeliest class, and the expected calibration error.

    The error is the mean over all scans of ``|accuracy - confidence|`` of their bin. It depends on the bins, so
    it is comparable only with errors over the same ones.

    Reference:
        Guo, Pleiss, Sun, Weinberger (2017), arXiv:1706.04599, equations 2 and 3, M = 15 bins of equal width.
    """
    if not len(predictions):
        return Calibration((), None, None)
    confidence = predictions.probabilities.max(axis=1)
    found = _fill(confidence, predictions.right, bins)
    return Calibration(tuple(found), _gap(found), float(_rounded(confidence).mean()))


def expected_calibration_error(
    confidence: NDArray[np.floating], right: NDArray[np.bool_], *, bins: int = BINS
) -> float:
    """The error of `calibrate`, of (N,) probabilities of the likeliest class and whether it is the true one; N >= 1."""
    return _gap(_fill(confidence, right, bins))


def _fill(confidence: NDArray[np.floating], right: NDArray[np.bool_], bins: int) -> list[Bin]:
    confidence = _rounded(confidence)
    places = np.searchsorted(np.arange(1, bins) / bins, confidence)
    found = []
    for place in np.unique(places):
        inside = places == place
        scans, hits = int(inside.sum()), int(right[inside].sum())
        mean = float(confidence[inside].mean())
        found.append(Bin(place / bins, (place + 1) / bins, scans, mean, hits / scans, wilson(hits, scans)))
    return found


def _gap(found: list[Bin]) -> float:
    return sum(each.scans * abs(each.accuracy - each.confidence) for each in found) / sum(each.scans for each in found)


def _rounded(confidence: NDArray[np.floating]) -> NDArray[np.float64]:
    # 0.4 is stored as 0.400000006, which would lie beyond an edge at 0.4.
    return np.asarray(np.round(confidence.astype(np.float64), 6), dtype=np.float64)
