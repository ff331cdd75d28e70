"""What the check says to a person: one sentence, and the one thing that would put it right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lightbox.core.tasks import TASKS
from lightbox.scan_check.check import check_scan
from lightbox.scan_check.turns import FLIPPED, LEFT_MIRRORED, MIRRORED, RIGHT_MIRRORED, UPRIGHT, UPSIDE_DOWN
from lightbox.scan_check.verdicts import OTHER

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lightbox.scan_check.verdicts import Answer

OPEN_AS, CORRECT, NOTHING = "open_as", "correct", ""
# What people call a picture of a kind, in the middle of a sentence.
NOUNS = {"chest_xray": "a chest X-ray", "brain_mri": "a brain MRI slice"}
PLURALS = {"chest_xray": "chest X-rays", "brain_mri": "brain MRI slices"}
_LIES = {
    UPSIDE_DOWN: "upside down",
    FLIPPED: "flipped top to bottom",
    MIRRORED: "with left and right exchanged",
    LEFT_MIRRORED: "turned on its side and mirrored",
    RIGHT_MIRRORED: "turned on its side and mirrored",
}
# What a mirror exchanges is the patient's left and right, and sometimes the picture is right and the patient is rare.
MIRROR_HINT = "A heart on the right side looks like this too."


@dataclass(frozen=True, slots=True)
class Concern:
    """Why a network should not be asked about a picture yet.

    Args:
        sentence: what seems to be wrong.
        consequence: why that matters.
        remedy: "open_as" (it is a scan of kind ``answer.kind``), "correct" (see `lightbox.scan_check.check.correct`),
            or "" where nothing would help.
        answer: what the picture probably is.
    """

    sentence: str
    consequence: str
    remedy: str
    answer: Answer

    def __str__(self) -> str:
        return f"{self.sentence} {self.consequence}"


def find_concern(pixels: NDArray[np.float32], task: str) -> Concern | None:
    """Check a picture that is to be shown to the networks of a task; None where nothing seems wrong.

    Args:
        pixels: (H, W) in 0..1 at native resolution, as in a `Scan`.
        task: key of a task.
    """
    answer = check_scan(pixels).suspicion(task)
    return None if answer is None else explain_suspicion(answer, task)


def explain_suspicion(answer: Answer, task: str) -> Concern:
    """A suspicion in words."""
    wanted = NOUNS[task]
    if answer.kind == OTHER:
        sentence = f"It is not clear that this is {wanted}."
        consequence = "A network names one of its classes whatever it is shown; here its answer and maps mean nothing."
        return Concern(sentence, consequence, NOTHING, answer)
    if answer.kind != task:
        sentence = f"This looks like {NOUNS[answer.kind]}, not like {wanted}."
        consequence = f"Networks for {TASKS[task].title} have never seen one; their answer and maps would mean nothing."
        return Concern(sentence, consequence, OPEN_AS, answer)
    faults = [_lies(answer.turn)] if answer.turn != UPRIGHT else []
    faults += ["with black and white exchanged"] if answer.inverted else []
    sentence = f"This looks like {wanted} {' and '.join(faults)}."
    consequence = "The networks have learned from scans that are not; their answer can change with it."
    if answer.turn == MIRRORED:
        consequence = f"{MIRROR_HINT} {consequence}"
    return Concern(sentence, consequence, CORRECT, answer)


def _lies(turn: str) -> str:
    return _LIES.get(turn, "turned on its side")
