"""How a DICOM picture lies and what shape its pixels have: as its tags say, with a word about it.

Reference:
    DICOM PS3.3 C.7.6.2.1.1 (image orientation), C.7.6.1.1.1 (patient orientation), C.7.6.3.1.7 (pixel aspect ratio),
    10.7.1.3 (pixel spacing: between rows first, then between columns).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lightbox.imaging._dicom_values import UnreadableError, numbers, place_of, word, words
from lightbox.imaging._geometry import (
    BY_NORMAL,
    LATERAL,
    LEAST_RATIO,
    MOST_RATIO,
    SAGITTAL,
    Turn,
    Vector,
    find_turn_to,
    planes,
    square_pixels,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom import Dataset

    from lightbox.imaging.scan import Sides

SPACINGS = ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing", "PixelAspectRatio")
LETTERS: dict[str, Vector] = {
    "L": (1, 0, 0),
    "R": (-1, 0, 0),
    "P": (0, 1, 0),
    "A": (0, -1, 0),
    "H": (0, 0, 1),
    "F": (0, 0, -1),
}
# Pictures of one shadow on a plate. Their side view faces either way, and views along the body follow rules of
# their own (a breast, a skull), so these are left as they are stored.
PROJECTIONS = frozenset({"DX", "CR", "DR", "MG", "RG", "RF", "XA", "PX", "IO", "XC"})
SAGITTAL_AXIS, AXIAL_AXIS = 0, 2
# A direction that leads less clearly to one side of the patient, by more than 36 degrees, names none.
OUTRIGHT = 0.8


def to_usual_view(
    grey: NDArray[np.float32], dataset: Dataset, notes: list[str]
) -> tuple[NDArray[np.float32], Sides | None]:
    """The picture with square pixels, laid as a viewer hangs it, with a note on each change; and how the patient lies.

    Slices: seen from the feet, from the front and from the left. Radiographs: the patient's left on the right, and the
    feet below.

    Args:
        grey: (H, W) in 0..1, as stored.
        dataset: the technical tags.
        notes: sentences are added.

    Returns:
        The picture, and which side of the patient each of its edges shows, see `Provenance`; None where no tag says so.
    """
    grey = _with_square_pixels(grey, dataset, notes)
    turn, directions = _turn(dataset, notes)
    sides = None if directions is None else _sides(*turn.lay(*directions))
    if not any(turn):
        return grey, sides
    notes.append(f"The picture was {turn.words} to the usual view, as its orientation tags ask.")
    return turn.apply(grey), sides


def _sides(right: Vector, down: Vector) -> Sides | None:
    """The letters at the left, right, upper and lower edge of a picture with these directions."""
    (to_left, to_right), (up, to_below) = _opposite_letters(right), _opposite_letters(down)
    return (to_left, to_right, up, to_below) if to_right or to_below else None


def _opposite_letters(direction: Vector) -> tuple[str, str]:
    """Where a direction comes from and where it leads; "" for both where it leads between two."""
    for letter, axis in LETTERS.items():
        if float(np.dot(direction, axis)) >= OUTRIGHT:
            opposite = next(other for other, away in LETTERS.items() if np.dot(away, axis) < 0)
            return opposite, letter
    return "", ""


def _with_square_pixels(grey: NDArray[np.float32], dataset: Dataset, notes: list[str]) -> NDArray[np.float32]:
    tall, name = _ratio(dataset, notes)
    if 1 / LEAST_RATIO <= tall <= LEAST_RATIO:
        return grey
    squared = square_pixels(grey, tall)
    notes.append(
        f"The pixels of the file are not square ({name}: {tall:.4g} times as high as wide); the picture was resampled "
        f"from {grey.shape[1]} x {grey.shape[0]} to {squared.shape[1]} x {squared.shape[0]}."
    )
    return squared


def _ratio(dataset: Dataset, notes: list[str]) -> tuple[float, str]:
    """Height of a pixel by its width, and the tag that says so; 1 where none does. The first tag that does wins."""
    for name in SPACINGS:
        try:
            stated = numbers(place_of(dataset, name), name, notes)
        except UnreadableError:
            notes.append(f"The {name} of the file could not be read and was ignored.")
            continue
        if not stated:
            continue
        if len(stated) == 2 and min(stated) > 0 and 1 / MOST_RATIO <= stated[0] / stated[1] <= MOST_RATIO:
            return stated[0] / stated[1], name
        notes.append(f"The {name} of the file makes no sense and was ignored.")
    return 1.0, ""


def _turn(dataset: Dataset, notes: list[str]) -> tuple[Turn, tuple[Vector, Vector] | None]:
    """The turn that the orientation tags ask for, and the directions that they state, right and down as stored.

    Numbers come before letters: they are the more exact.
    """
    if word(dataset, "AnatomicalOrientationType") == "QUADRUPED":
        return Turn(), None
    try:
        stated = numbers(place_of(dataset, "ImageOrientationPatient"), "ImageOrientationPatient", notes)
        if stated:
            right, down = _directions(stated)
            return find_turn_to([BY_NORMAL[axis] for axis in planes(right, down)], right, down), (right, down)
        letters = words(place_of(dataset, "PatientOrientation"), "PatientOrientation")
        if not any(letters):
            return Turn(), None
        right, down = _directions_of_letters(letters)
    except UnreadableError:
        notes.append("The orientation tags of the file make no sense; the picture is shown as stored.")
        return Turn(), None
    axes = planes(right, down)
    hangings = [BY_NORMAL[axis] for axis in axes]
    if word(dataset, "Modality") in PROJECTIONS:
        if AXIAL_AXIS in axes:
            return Turn(), (right, down)
        if SAGITTAL_AXIS in axes:
            hangings = [*hangings, SAGITTAL, LATERAL]
    return find_turn_to(hangings, right, down), (right, down)


def _directions(stated: list[float]) -> tuple[Vector, Vector]:
    """Right and down in patient coordinates.

    Raises:
        UnreadableError: these are no two directions at a right angle.
    """
    if len(stated) != 6 or not np.isfinite(stated).all():
        raise UnreadableError
    right, down = np.array(stated[:3]), np.array(stated[3:])
    lengths = np.linalg.norm(right), np.linalg.norm(down)
    if not all(0.9 < length < 1.1 for length in lengths) or abs(right @ down) > 0.1:
        raise UnreadableError
    right, down = right / lengths[0], down / lengths[1]
    return (float(right[0]), float(right[1]), float(right[2])), (float(down[0]), float(down[1]), float(down[2]))


def _directions_of_letters(letters: list[str]) -> tuple[Vector, Vector]:
    """Right and down of codes such as L and F; further letters of a code weigh half of the one before.

    Raises:
        UnreadableError: the codes are others, or the same direction twice.
    """
    if len(letters) != 2:
        raise UnreadableError
    directions = []
    for code in letters:
        if not 1 <= len(code) <= 3 or not set(code) <= set(LETTERS):
            raise UnreadableError
        summed = sum(np.array(LETTERS[letter], dtype=float) / 2**place for place, letter in enumerate(code))
        length = float(np.linalg.norm(summed))
        if length < 1:  # of opposite letters
            raise UnreadableError
        directions.append(summed / length)
    right, down = directions
    if abs(right @ down) > 0.9:
        raise UnreadableError
    return (float(right[0]), float(right[1]), float(right[2])), (float(down[0]), float(down[1]), float(down[2]))
