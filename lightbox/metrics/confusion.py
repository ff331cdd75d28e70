"""Which classes a network mixes up, and the figures that follow from the table of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.metrics.intervals import wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.metrics.predictions import Predictions

NORMALISATIONS = ("counts", "rows", "columns")


@dataclass(frozen=True, slots=True)
class ClassScores:
    """How well one class is found; None where a figure is a division by zero.

    Args:
        key: of the class.
        scans: how many scans truly are of it.
        called: how many scans the network calls so.
        precision: of those called so, the share that are; None where none is called so.
        recall: of those that are, the share called so; None where the set has none.
        f1: harmonic mean of the two; None where the class is neither there nor called.
    """

    key: str
    scans: int
    called: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class Scores:
    """The figures of one confusion matrix.

    The means over classes count the classes that the set has scans of, each the same; a class that is never
    called counts with a precision of 0, or staying silent about it would be rewarded. None for a set without scans.

    Args:
        scans: N.
        right: how many are called what they are.
        accuracy: right / N.
        interval: (low, high) of the accuracy, Wilson, 95 %.
        balanced_accuracy: mean recall.
        macro_precision: mean precision.
        macro_f1: mean F1.
        classes: by class, in the network's order.
    """

    scans: int
    right: int
    accuracy: float | None
    interval: tuple[float, float]
    balanced_accuracy: float | None
    macro_precision: float | None
    macro_f1: float | None
    classes: tuple[ClassScores, ...]


def confusion_matrix(predictions: Predictions) -> NDArray[np.int64]:
    """(C, C) counts: the true class down, the class that the network calls it across."""
    count = len(predictions.classes)
    cells = predictions.labels * count + predictions.predicted
    return np.bincount(cells, minlength=count * count).reshape(count, count).astype(np.int64)


def normalise(matrix: NDArray[np.int64], how: str) -> NDArray[np.float64]:
    """The matrix as shares of its "rows" (of those that are) or "columns" (of those called so), or its "counts".

    NaN throughout a row or column without scans: nothing of it is known.
    """
    if how not in NORMALISATIONS:
        raise ValueError(f"a matrix is normalised by one of {NORMALISATIONS}, not {how!r}")
    values = matrix.astype(np.float64)
    if how == "counts":
        return values
    totals = values.sum(axis=1 if how == "rows" else 0, keepdims=True)
    shares: NDArray[np.float64] = np.divide(values, totals, out=np.full_like(values, np.nan), where=totals > 0)
    return shares


def score(predictions: Predictions) -> Scores:
    """All figures of a network's answers.

    Reference:
        Brodersen et al. (2010), The balanced accuracy and its posterior distribution, ICPR.
    """
    matrix = confusion_matrix(predictions)
    scans, right = int(matrix.sum()), int(np.trace(matrix))
    classes = tuple(_score_class(key, matrix, index) for index, key in enumerate(predictions.classes))
    present = [each for each in classes if each.scans]
    return Scores(
        scans=scans,
        right=right,
        accuracy=_share(right, scans),
        interval=wilson(right, scans),
        balanced_accuracy=_mean([each.recall for each in present]),
        macro_precision=_mean([each.precision for each in present]),
        macro_f1=_mean([each.f1 for each in present]),
        classes=classes,
    )


def largest_mistake(matrix: NDArray[np.int64]) -> tuple[int, int]:
    """(true, called) of the fullest cell off the diagonal; of equals the first. (0, 0) where nothing is mixed up."""
    mistakes = matrix * ~np.eye(len(matrix), dtype=np.bool_)
    if not mistakes.any():
        return 0, 0
    true, called = divmod(int(mistakes.argmax()), len(matrix))
    return true, called


def scans_in_cell(predictions: Predictions, true: int, called: int) -> NDArray[np.int64]:
    """(K,) the scans of one cell, those that the network is surest about first; of equals in the set's order."""
    (found,) = np.nonzero((predictions.labels == true) & (predictions.predicted == called))
    order = np.argsort(-predictions.probabilities[found, called], kind="stable")
    return found[order].astype(np.int64)


def _score_class(key: str, matrix: NDArray[np.int64], index: int) -> ClassScores:
    right, scans, called = int(matrix[index, index]), int(matrix[index].sum()), int(matrix[:, index].sum())
    return ClassScores(
        key=key,
        scans=scans,
        called=called,
        precision=_share(right, called),
        recall=_share(right, scans),
        f1=_share(2 * right, scans + called),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _mean(values: list[float | None]) -> float | None:
    return sum(value or 0.0 for value in values) / len(values) if values else None
