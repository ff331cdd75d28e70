"""What the detector can answer: which kind of picture, how it lies, and whether black and white are exchanged."""

from __future__ import annotations

from typing import NamedTuple

from lightbox.scan_check.turns import COMPOSED, MIRRORED, TURNED_LEFT, TURNED_RIGHT, TURNS, UPRIGHT, UPSIDE_DOWN

CHEST, BRAIN, OTHER = "chest_xray", "brain_mri", "other"
# A head is nearly its own mirror image, and sagittal slices face either way: a brain has four ways to lie.
BRAIN_TURNS = (UPRIGHT, UPSIDE_DOWN, TURNED_LEFT, TURNED_RIGHT)


class Answer(NamedTuple):
    """One answer.

    Args:
        kind: "chest_xray", "brain_mri" or "other".
        turn: how it lies, one of `TURNS`; "upright" for what is no scan.
        inverted: whether black and white are exchanged.
    """

    kind: str
    turn: str = UPRIGHT
    inverted: bool = False


# In the order of the detector's logits.
ANSWERS = (
    *(Answer(CHEST, turn, inverted) for inverted in (False, True) for turn in TURNS),
    *(Answer(BRAIN, turn, inverted) for inverted in (False, True) for turn in BRAIN_TURNS),
    Answer(OTHER),
)
NUMBERS = {answer: number for number, answer in enumerate(ANSWERS)}


def find_answer(kind: str, turn: str = UPRIGHT, *, inverted: bool = False) -> Answer:
    """The answer for a picture that lies as ``turn`` says; a mirrored brain lies as one that is not."""
    if kind == OTHER:
        return Answer(OTHER)
    if kind == BRAIN and turn not in BRAIN_TURNS:
        turn = COMPOSED[turn][MIRRORED]
    return Answer(kind, turn, inverted)


def after(turn: str, answer: Answer) -> Answer:
    """The answer for the picture of ``answer`` once it has been turned."""
    return find_answer(answer.kind, COMPOSED[turn][answer.turn], inverted=answer.inverted)
