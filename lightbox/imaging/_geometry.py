"""Turning a picture to the usual view, and giving it square pixels."""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lightbox.core import settings
from lightbox.imaging.preprocess import resize

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

Vector = tuple[float, float, float]
# Nobody sees a circle that is one per cent too wide.
LEAST_RATIO, MOST_RATIO = 1.01, 20.0
# Another view must be this much nearer to the usual one: a slice halfway between two views stays as it is stored.
CLEARLY = 0.9


class Hanging(NamedTuple):
    """The usual view of a plane: which way the patient lies in it, in patient coordinates (x left, y back, z head).

    Args:
        right: where the picture's right points.
        down: where its lower edge points.
    """

    right: Vector
    down: Vector


LEFT, BACK, FRONT, FEET = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, -1.0)
SAGITTAL, CORONAL, AXIAL = Hanging(BACK, FEET), Hanging(LEFT, FEET), Hanging(LEFT, BACK)
LATERAL = Hanging(FRONT, FEET)
# By the axis that stands on the plane.
BY_NORMAL = (SAGITTAL, CORONAL, AXIAL)


class Turn(NamedTuple):
    """One of the eight ways to lay a picture: first its diagonal is the mirror, then it is flipped."""

    transposed: bool = False
    upside_down: bool = False
    mirrored: bool = False

    @property
    def words(self) -> str:
        """What is done, as in "the picture was ...", "" where nothing is."""
        if self.transposed:
            return "turned by 90 degrees" if self.upside_down != self.mirrored else "turned by 90 degrees and mirrored"
        if self.upside_down and self.mirrored:
            return "turned by 180 degrees"
        return "flipped top to bottom" if self.upside_down else "flipped left to right" if self.mirrored else ""

    def apply(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """(H, W) or (W, H), laid this way."""
        laid = pixels.T if self.transposed else pixels
        laid = laid[::-1] if self.upside_down else laid
        return np.ascontiguousarray(laid[:, ::-1] if self.mirrored else laid)

    def lay(self, right: Vector, down: Vector) -> tuple[Vector, Vector]:
        """Where right and down of the picture point once it is laid this way."""
        across, along = (down, right) if self.transposed else (right, down)
        return _reversed(across) if self.mirrored else across, _reversed(along) if self.upside_down else along


def _reversed(direction: Vector) -> Vector:
    x, y, z = direction
    return -x, -y, -z


def planes(right: Vector, down: Vector) -> list[int]:
    """The axes that stand on the plane: 0 sagittal, 1 coronal, 2 axial; several where the plane lies halfway."""
    normal = np.abs(np.cross(right, down))
    return [axis for axis in range(3) if normal[axis] >= CLEARLY * normal.max()]


def find_turn_to(hangings: Iterable[Hanging], right: Vector, down: Vector) -> Turn:
    """The turn that brings a picture nearest to one of the usual views; none where it is near enough to one.

    Args:
        hangings: the views that are usual for it.
        right: where the picture's right points, in patient coordinates, length 1.
        down: where its lower edge points, likewise.
    """

    def nearness(turn: Turn) -> float:
        across, along = turn.lay(right, down)
        return max(float(np.dot(across, usual.right)) + float(np.dot(along, usual.down)) for usual in hangings)

    hangings = tuple(hangings)
    stored = Turn()
    # Turns before mirrors: those keep left and right apart.
    turns = sorted((Turn(*flags) for flags in product((False, True), repeat=3)), key=_mirrors)
    best = max(turns, key=lambda turn: round(nearness(turn), 6))
    return stored if nearness(stored) >= CLEARLY * nearness(best) else best


def _mirrors(turn: Turn) -> int:
    return sum(turn) % 2


def square_pixels(pixels: NDArray[np.float32], tall: float) -> NDArray[np.float32]:
    """The picture resampled so that its pixels are square.

    The coarser direction gets more pixels, so that nothing is lost; where that would exceed ``MAX_MEGAPIXELS``, the
    finer one gets fewer.

    Args:
        pixels: (H, W) in 0..1.
        tall: height of a stored pixel by its width, in 1 / `MOST_RATIO` .. `MOST_RATIO`.
    """
    height, width = pixels.shape
    finer = (round(height * tall), width) if tall > 1 else (height, round(width / tall))
    coarser = (height, max(1, round(width / tall))) if tall > 1 else (max(1, round(height * tall)), width)
    fits = math.prod(finer) <= settings.get_number("MAX_MEGAPIXELS") * 1e6
    resampled: NDArray[np.float32] = np.clip(resize(pixels, finer if fits else coarser), 0, 1)
    return resampled
