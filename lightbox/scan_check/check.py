"""The check that every picture passes before a network is asked: is this a scan of the kind, and does it lie right?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.scan_check.answers import ANSWERS, BRAIN, CHEST, NUMBERS, OTHER, Answer
from lightbox.scan_check.detector import load_detector
from lightbox.scan_check.turns import set_upright
from lightbox.scan_check.view import to_view

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The kinds that the detector was trained on; of a task of another kind it can say nothing.
KINDS = (CHEST, BRAIN)
# A picture whose probability of being as it should be is lower raises a concern. Chosen on half of the test scans;
# rates.json has what they do on the other half, and on pictures of other kinds.
LIMIT = 0.3


@dataclass(frozen=True, slots=True)
class ScanCheck:
    """What the detector says of a picture.

    Args:
        probabilities: one for each of `ANSWERS`, in their order; their sum is 1.
    """

    probabilities: tuple[float, ...]

    @property
    def answer(self) -> Answer:
        """The most probable answer."""
        return ANSWERS[int(np.argmax(self.probabilities))]

    def kind_probability(self, kind: str) -> float:
        """How probably the picture is of a kind, however it lies."""
        return sum(p for answer, p in zip(ANSWERS, self.probabilities, strict=True) if answer.kind == kind)

    def fit(self, task: str) -> float:
        """How probably it is an upright scan of a task's kind; 1 for a task that the detector does not know."""
        return self.probabilities[NUMBERS[Answer(task)]] if task in KINDS else 1.0

    def suspicion(self, task: str) -> Answer | None:
        """What the picture probably is instead of an upright scan of the task's kind; None where nothing is wrong."""
        if self.fit(task) >= LIMIT:
            return None
        wanted = NUMBERS[Answer(task)]
        others = [(p, number) for number, p in enumerate(self.probabilities) if number != wanted]
        kind = max((*KINDS, OTHER), key=self.kind_probability)
        return ANSWERS[max(row for row in others if ANSWERS[row[1]].kind == kind)[1]]


def check_scan(pixels: NDArray[np.float32]) -> ScanCheck:
    """Ask the detector about a picture: some milliseconds, without torch.

    Args:
        pixels: (H, W) in 0..1 at native resolution, as in a `Scan`.
    """
    return ScanCheck(tuple(load_detector().probabilities(to_view(pixels)).tolist()))


def correct(pixels: NDArray[np.float32], answer: Answer) -> NDArray[np.float32]:
    """A picture that is as ``answer`` says, (H, W) in 0..1, set upright and with black as 0 again."""
    upright = set_upright(pixels, answer.turn)
    return np.asarray(1 - upright, dtype=np.float32) if answer.inverted else upright
