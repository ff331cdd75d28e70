"""What a network sees of a scan: crop, window and resize, the same at use as in training."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

CROPS = ("none", "head")
HEAD_THRESHOLD = 0.08
HEAD_COVERAGE = 0.02
SMALLEST_CROP = 0.25
MIN_SIZE, MAX_SIZE = 1, 1024


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the native grid, in pixels."""

    top: int
    left: int
    height: int
    width: int


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """The steps from a scan to a network's input, as its card states them.

    Args:
        size: side of the square input grid, in pixels.
        crop: "none", or "head" (the bounding box of what is not dark background).
        percentiles: the percentiles of the cropped pixels that become 0 and 1; values beyond are clipped.
        mean: per channel, of the 0..1 values.
        std: per channel, of the 0..1 values.
    """

    size: int = 224
    crop: str = "none"
    percentiles: tuple[float, float] = (1.0, 99.5)
    mean: tuple[float, float, float] = (0.5, 0.5, 0.5)
    std: tuple[float, float, float] = (0.25, 0.25, 0.25)

    def __post_init__(self) -> None:
        if self.crop not in CROPS:
            raise ValueError(f"crop is one of {CROPS}, not {self.crop!r}")
        if not isinstance(self.size, int) or not MIN_SIZE <= self.size <= MAX_SIZE:
            raise ValueError(f"size is a whole number from {MIN_SIZE} to {MAX_SIZE}, not {self.size!r}")
        if len(self.mean) != 3 or len(self.std) != 3 or min(self.std) <= 0:
            raise ValueError("mean and std are three numbers each, std above 0")
        low, high = self.percentiles
        if not 0 <= low < high <= 100:
            raise ValueError(f"percentiles rise within 0..100, not {self.percentiles}")

    @property
    def steps(self) -> tuple[int, str, tuple[float, float]]:
        """All that `prepare` goes by: networks that differ in nothing else see the same pixels."""
        return self.size, self.crop, self.percentiles


@dataclass(frozen=True, eq=False)  # without slots, so that the digest is kept once somebody has asked for it
class Prepared:
    """A network's view of a scan, before mean and standard deviation are applied.

    Args:
        pixels: (size, size) float32 in 0..1, read-only. The network reads it three times, once a channel.
        box: where on the native scan these pixels lie. The box is squeezed to the square.
        steps: `Preprocessing.steps` that they came about by.
    """

    pixels: NDArray[np.float32]
    box: Box
    steps: tuple[int, str, tuple[float, float]]

    @cached_property
    def sha256(self) -> str:
        """See `digest`."""
        return digest(self.pixels)


def prepare(pixels: NDArray[np.float32], preprocessing: Preprocessing) -> Prepared:
    """Crop, window to percentiles, squeeze to the square grid.

    Args:
        pixels: (H, W) float32 in 0..1, as in a `Scan`.
        preprocessing: the network's own steps.
    """
    box = find_head(pixels) if preprocessing.crop == "head" else Box(0, 0, *pixels.shape)
    cropped = pixels[box.top : box.top + box.height, box.left : box.left + box.width]
    low, high = np.percentile(cropped, preprocessing.percentiles)
    # A constant picture has no range to stretch: leave it as it is.
    windowed = np.clip((cropped - low) / (high - low), 0, 1) if high > low else cropped
    small = resize(windowed.astype(np.float32), (preprocessing.size, preprocessing.size))
    return Prepared(small, box, preprocessing.steps)


def digest(pixels: NDArray[np.float32]) -> str:
    """sha256 over shape, type and every byte."""
    header = f"{pixels.shape}{pixels.dtype.str}".encode()
    return hashlib.sha256(header + np.ascontiguousarray(pixels).tobytes()).hexdigest()


def resize(pixels: NDArray[np.float32], size_hw: tuple[int, int]) -> NDArray[np.float32]:
    """Antialiased bilinear resize of a (H, W) float32 picture; the range does not grow."""
    image = Image.fromarray(pixels)
    resized = image.resize((size_hw[1], size_hw[0]), Image.Resampling.BILINEAR)
    return np.asarray(resized, dtype=np.float32)


def find_head(pixels: NDArray[np.float32]) -> Box:
    """The bounding box of the head in an MRI slice: the rows and columns that are not dark background.

    A row or column counts when at least 2 % of its pixels are brighter than 8 % of the 99.5th percentile.
    Where that leaves less than a quarter of either side, the scan is not what this rule was
    made for, and the whole picture is returned.
    """
    height, width = pixels.shape
    bright = pixels > HEAD_THRESHOLD * np.percentile(pixels, 99.5)
    rows = np.flatnonzero(bright.mean(axis=1) > HEAD_COVERAGE)
    columns = np.flatnonzero(bright.mean(axis=0) > HEAD_COVERAGE)
    if rows.size == 0 or columns.size == 0:
        return Box(0, 0, height, width)
    box = Box(
        int(rows[0]),
        int(columns[0]),
        int(rows[-1] - rows[0] + 1),
        int(columns[-1] - columns[0] + 1),
    )
    if box.height < SMALLEST_CROP * height or box.width < SMALLEST_CROP * width:
        return Box(0, 0, height, width)
    return box
