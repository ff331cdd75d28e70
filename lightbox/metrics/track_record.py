"""How often a network has been right when it gave the answer that it gives now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lightbox.metrics.calibration import Calibration, calibrate
from lightbox.metrics.confusion import confusion_matrix, score
from lightbox.metrics.intervals import wilson
from lightbox.metrics.unseen import keep_strictest

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from lightbox.metrics.predictions import Predictions


# Of fewer scans of a class nothing is concluded on how often a network is right about it.
FEW = 10


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """One class of one network's test set, on scans that are new to it.

    Args:
        subset: which scans: `unseen.NEW`, `unseen.UNLEAKED` or `unseen.ALL`.
        scans: how many there are.
        label: key of the class.
        truly: scans that are of it.
        called: scans that the network calls so.
        right: scans that are, and are called so.
        found_interval: (low, high) of right / truly, Wilson, 95 %; (0, 1) where there are none.
        right_interval: likewise of right / called.
        confused_with: key of the class that most of those wrongly called so are; of equals the first, "" where none is.
        calibration: of the network's likeliest classes on these scans.
        accuracy: share of all these scans that are called right; None without scans.
        scans_of: how many of these scans are of each class, by its key: where a class is rarer than here, fewer of
            those called so are.
    """

    subset: str
    scans: int
    label: str
    truly: int
    called: int
    right: int
    found_interval: tuple[float, float]
    right_interval: tuple[float, float]
    confused_with: str
    calibration: Calibration
    accuracy: float | None
    scans_of: tuple[tuple[str, int], ...]

    @property
    def too_few(self) -> bool:
        """Whether too few of these scans are of the class to tell how often the answer is right."""
        return self.truly < FEW

    @property
    def wrong_more_often(self) -> bool:
        """Whether this answer is wrong more often than right, as far as can be told."""
        return not self.too_few and 2 * self.right < self.called


def find_track_record(answers: Predictions, label: str, seen: AbstractSet[str] = frozenset()) -> TrackRecord:
    """What the test set says of a network's answer.

    Args:
        answers: of the network on its whole test set.
        label: key of the class that it calls the scan now.
        seen: names of test pictures that training has seen; see `unseen.find_seen`.

    Raises:
        ValueError: the network knows no such class.
    """
    if label not in answers.classes:
        raise ValueError(f"{label!r} is not among the classes {', '.join(answers.classes)}")
    index = answers.classes.index(label)
    subset, kept = keep_strictest(answers, seen)
    matrix, scores = confusion_matrix(kept), score(kept)
    column = matrix[:, index].copy()
    right = int(column[index])
    column[index] = 0
    truly, called = scores.classes[index].scans, scores.classes[index].called
    return TrackRecord(
        subset=subset,
        scans=scores.scans,
        label=label,
        truly=truly,
        called=called,
        right=right,
        found_interval=wilson(right, truly),
        right_interval=wilson(right, called),
        confused_with=answers.classes[int(column.argmax())] if column.any() else "",
        calibration=calibrate(kept),
        accuracy=scores.accuracy,
        scans_of=tuple((key, int(matrix[place].sum())) for place, key in enumerate(answers.classes)),
    )
