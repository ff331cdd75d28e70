"""The check that every picture passes before a network is asked: is this a scan of the kind, and does it lie right?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.scan_check.detector import load_detector
from lightbox.scan_check.turns import set_upright
from lightbox.scan_check.verdicts import ANSWERS, BRAIN, CHEST, NUMBERS, OTHER, Answer
from lightbox.scan_check.view import to_view

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The kinds that the detector was trained on; of a task of another kind it can say nothing.
KINDS = (CHEST, BRAIN)
# A picture is of the kind where that is at least so probable.
KIND_LIMIT = 0.65
# Of the kind, it lies wrong where another way is likelier than upright, and upright has less than this share. Both
# limits were chosen with the test scans in view; rates.json has what they do.
UPRIGHT_LIMIT = 0.38


@dataclass(frozen=True, slots=True)
class ScanCheck:
    """What the detector says of a picture.

    Args:
        probabilities: one for each of `ANSWERS`, in their order; their sum is 1.
    """

    probabilities: tuple[float, ...]

    def kind_probability(self, kind: str) -> float:
        """How probably the picture is of a kind, however it lies."""
        return sum(p for answer, p in zip(ANSWERS, self.probabilities, strict=True) if answer.kind == kind)

    def fit(self, task: str) -> float:
        """How probably it is an upright scan of a task's kind; 1 for a task that the detector does not know."""
        return self.probabilities[NUMBERS[Answer(task)]] if task in KINDS else 1.0

    def suspicion(self, task: str) -> Answer | None:
        """What the picture is instead of an upright scan of the task's kind; None where nothing seems wrong.

        "other" stands for whatever is not clearly a scan of another kind.
        """
        if task not in KINDS:
            return None
        share = self.kind_probability(task)
        if share < KIND_LIMIT:
            # Named only where it is as certain as a scan of the expected kind would have to be.
            rival = next((kind for kind in KINDS if kind != task and self.kind_probability(kind) >= KIND_LIMIT), OTHER)
            return self._likeliest(rival)
        likeliest = self._likeliest(task)
        right = likeliest == Answer(task) or self.fit(task) >= UPRIGHT_LIMIT * share
        return None if right else likeliest

    def _likeliest(self, kind: str) -> Answer:
        """The most probable answer of a kind."""
        return max(
            (answer for answer in ANSWERS if answer.kind == kind), key=lambda one: self.probabilities[NUMBERS[one]]
        )


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
