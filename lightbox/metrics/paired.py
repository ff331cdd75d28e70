"""Two networks on the same scans: how far apart they are, and whether chance alone would do that."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from lightbox.core.errors import UserFacingError
from lightbox.metrics.intervals import NORMAL_QUANTILE

if TYPE_CHECKING:
    from lightbox.metrics.predictions import Predictions


@dataclass(frozen=True, slots=True)
class Paired:
    """Network A against network B.

    Args:
        scans: that both were asked.
        only_a: scans that A alone calls right.
        only_b: scans that B alone calls right.
        difference: accuracy of A minus accuracy of B.
        interval: (low, high) of the difference, 95 %.
        p_value: of the exact McNemar test that neither is better.
    """

    scans: int
    only_a: int
    only_b: int
    difference: float
    interval: tuple[float, float]
    p_value: float


def compare(a: Predictions, b: Predictions) -> Paired:
    """The difference of two networks' accuracies on the same scans.

    Scans that both call right, or both wrong, say nothing about which is better; so the interval is narrower
    than what the two networks' own intervals suggest.

    Raises:
        UserFacingError: the two know different classes, or were asked about different scans, or about none.

    Reference:
        McNemar (1947), Psychometrika 12, 153-157. The interval: Bonett and Price (2012), Journal of Educational and
        Behavioral Statistics 37, 479-488: Wald after one scan was added to either kind of disagreement.
    """
    from scipy.stats import binomtest

    b = align(b, a)
    count = len(a)
    only_a, only_b = int((a.right & ~b.right).sum()), int((b.right & ~a.right).sum())
    share_a, share_b = (only_a + 1) / (count + 2), (only_b + 1) / (count + 2)
    half = NORMAL_QUANTILE * sqrt((share_a + share_b - (share_a - share_b) ** 2) / (count + 2))
    apart = only_a + only_b
    return Paired(
        scans=count,
        only_a=only_a,
        only_b=only_b,
        difference=(only_a - only_b) / count,
        interval=(max(-1.0, share_a - share_b - half), min(1.0, share_a - share_b + half)),
        p_value=float(binomtest(only_a, apart).pvalue) if apart else 1.0,
    )


def align(answers: Predictions, like: Predictions) -> Predictions:
    """``answers`` in the order of the scans, and of the classes, of ``like``.

    Raises:
        UserFacingError: the classes, the files or their true classes are not the same; it says which.
    """
    if set(answers.classes) != set(like.classes):
        raise UserFacingError(
            f"These two networks tell different classes apart ({', '.join(like.classes)}; "
            f"{', '.join(answers.classes)}), so their difference says nothing.",
            "Choose two networks with the same classes.",
        )
    answers = answers.in_order(like.classes)
    if not len(answers) or not len(like):
        raise _different("one of them was tested on none")
    places = {name: place for place, name in enumerate(answers.names)}
    alone = sorted(places.keys() ^ set(like.names))
    if alone:
        raise _different(f"{len(alone)} of the files were given to one of them only, such as {alone[0]}")
    answers = answers.take(np.array([places[name] for name in like.names], dtype=np.int64))
    for name, mine, theirs in zip(like.names, answers.sha256, like.sha256, strict=True):
        if mine != theirs:
            raise _different(f"the file {name} had another content for each")
    differs = np.flatnonzero(answers.labels != like.labels)
    if len(differs):
        first = int(differs[0])
        one, other = like.classes[like.labels[first]], like.classes[answers.labels[first]]
        raise _different(
            f"the true class of {like.names[first]} was {one} for one and {other} for the other", " and true classes"
        )
    return answers


def _different(why: str, what: str = "") -> UserFacingError:
    return UserFacingError(
        f"These two networks were not tested on the same scans{what}, so their difference says nothing: {why}.",
        "Choose two that were, or test both on the same set.",
    )
