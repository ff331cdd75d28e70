"""How well a network's probabilities rank the scans of a class before all others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.metrics.predictions import Predictions

# More points than a chart has pixels are not seen, but travel to the browser.
MOST_POINTS = 400


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One class against all others.

    Args:
        key: of the class.
        scans: how many scans truly are of it.
        x: (K,) float64 in 0..1, K at most `MOST_POINTS`.
        y: (K,) float64 in 0..1.
        area: of the whole curve, before it was thinned out for drawing.
    """

    key: str
    scans: int
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    area: float


def roc(predictions: Predictions) -> tuple[Curve, ...]:
    """False positive rate across, recall up, one curve a class; ``area`` is the area under it.

    A class that no scan has, or that every scan has, has no curve and is left out.

    Reference:
        Fawcett (2006), An introduction to ROC analysis, Pattern Recognition Letters 27, 861-874.
    """
    from sklearn.metrics import auc, roc_curve

    curves = []
    for key, truth, probabilities in _classes(predictions):
        if truth.all():
            continue
        false, true, _thresholds = roc_curve(truth, probabilities)
        curves.append(Curve(key, int(truth.sum()), *thin(false, true), area=float(auc(false, true))))
    return tuple(curves)


def precision_recall(predictions: Predictions) -> tuple[Curve, ...]:
    """Recall across, precision up, one curve a class; ``area`` is the average precision, a sum without interpolation.

    A class that no scan has is left out.

    Reference:
        Davis, Goadrich (2006), The relationship between precision-recall and ROC curves, ICML: why not to interpolate.
    """
    from sklearn.metrics import average_precision_score, precision_recall_curve

    curves = []
    for key, truth, probabilities in _classes(predictions):
        precision, recall, _thresholds = precision_recall_curve(truth, probabilities)
        area = float(average_precision_score(truth, probabilities))
        curves.append(Curve(key, int(truth.sum()), *thin(recall[::-1], precision[::-1]), area=area))
    return tuple(curves)


def thin(x: NDArray[Any], y: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """At most `MOST_POINTS` of the points, evenly along the curve, the ends kept."""
    if len(x) <= MOST_POINTS:
        return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    walked = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(x)) + np.abs(np.diff(y)))])
    kept = np.searchsorted(walked, np.linspace(0, walked[-1], MOST_POINTS))
    kept[0], kept[-1] = 0, len(x) - 1
    kept = np.unique(kept)
    return np.asarray(x, dtype=np.float64)[kept], np.asarray(y, dtype=np.float64)[kept]


def _classes(predictions: Predictions) -> list[tuple[str, NDArray[np.bool_], NDArray[np.float32]]]:
    """Key, whether each scan is of it, and its probability, of each class that some scan has."""
    return [
        (key, predictions.labels == index, predictions.probabilities[:, index])
        for index, key in enumerate(predictions.classes)
        if (predictions.labels == index).any()
    ]
