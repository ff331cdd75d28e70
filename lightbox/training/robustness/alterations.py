"""Alterations that leave a scan what it is, each at a few strengths: what may happen to a file on its way."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Picture = NDArray[np.float32]
    Alteration = Callable[[Picture, float, np.random.Generator], Picture]

# Blur is given as on a grid of this many pixels, so that it means the same on pictures of every size.
GRID = 224


def rotate(pixels: Picture, degrees: float, chance: np.random.Generator) -> Picture:
    """Turned about the middle, to a side that chance decides; what comes into the frame is black."""
    angle = degrees * chance.choice((-1.0, 1.0))
    height, width = pixels.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1.0)
    return _warp(pixels, matrix)


def scale(pixels: Picture, factor: float, _chance: np.random.Generator) -> Picture:
    """Larger or smaller in the same frame; what comes into the frame is black."""
    height, width = pixels.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), 0.0, factor)
    return _warp(pixels, matrix)


def crop(pixels: Picture, share: float, chance: np.random.Generator) -> Picture:
    """Without a strip of ``share`` of the side at one of the four sides, which chance decides."""
    height, width = pixels.shape
    rows, columns = round(share * height), round(share * width)
    cuts = (pixels[rows:], pixels[: height - rows], pixels[:, columns:], pixels[:, : width - columns])
    return cuts[int(chance.integers(len(cuts)))]


def blur(pixels: Picture, sigma: float, _chance: np.random.Generator) -> Picture:
    """Gaussian, ``sigma`` in pixels of a grid of 224."""
    native = sigma * max(pixels.shape) / GRID
    return cast("Picture", cv2.GaussianBlur(pixels, (0, 0), native))


def noise(pixels: Picture, sigma: float, chance: np.random.Generator) -> Picture:
    """Gaussian, ``sigma`` a share of the range, on a grid of 224 at most: resizing would average finer noise away."""
    height, width = pixels.shape
    shrink = min(1.0, GRID / max(height, width))
    drawn = chance.normal(0, sigma, (max(1, round(height * shrink)), max(1, round(width * shrink))))
    grown = cv2.resize(drawn.astype(np.float32), (width, height), interpolation=cv2.INTER_NEAREST)
    return _clip(pixels + grown)


def compress(pixels: Picture, quality: float, _chance: np.random.Generator) -> Picture:
    """Stored as a JPEG of ``quality``, 1 to 95, and read again."""
    stored = io.BytesIO()
    Image.fromarray(np.rint(pixels * 255).astype(np.uint8)).save(stored, "JPEG", quality=int(quality))
    return np.asarray(Image.open(stored), dtype=np.float32) / np.float32(255)


def bend(pixels: Picture, gamma: float, _chance: np.random.Generator) -> Picture:
    """Contrast: ``pixels ** gamma``; below 1 brighter, above 1 darker."""
    return cast("Picture", pixels**gamma)


def invert(pixels: Picture, _strength: float, _chance: np.random.Generator) -> Picture:
    """Black and white exchanged."""
    return 1 - pixels


# Key to what it does and how strongly; the order is that of the table.
ALTERATIONS: dict[str, tuple[Alteration, tuple[float, ...]]] = {
    "rotation": (rotate, (5.0, 10.0, 20.0)),
    "scale": (scale, (0.8, 1.25)),
    "crop": (crop, (0.05, 0.1)),
    "blur": (blur, (1.0, 2.0)),
    "noise": (noise, (0.02, 0.05, 0.1)),
    "jpeg": (compress, (50.0, 20.0, 10.0)),
    "gamma": (bend, (0.6, 1.6)),
    "inversion": (invert, (1.0,)),
}


def alter(key: str, pixels: Picture, strength: float, seed: int, number: int) -> Picture:
    """(H, W) float32 in 0..1, altered; the same alteration of the same scan is the same each time.

    Args:
        key: of `ALTERATIONS`.
        pixels: (H, W) float32 in 0..1.
        strength: one of those there, or another.
        seed: of the whole measurement.
        number: of the scan.
    """
    kind = list(ALTERATIONS).index(key)
    chance = np.random.default_rng((seed, number, kind, round(1000 * strength)))
    changed = ALTERATIONS[key][0](pixels, strength, chance)
    if not math.isfinite(float(changed.sum())):
        raise ValueError(f"{key} at {strength} made a picture that is no number")
    return changed


def _warp(pixels: Picture, matrix: NDArray[np.float64]) -> Picture:
    return _clip(cv2.warpAffine(pixels, matrix, pixels.shape[::-1], flags=cv2.INTER_LINEAR))


def _clip(pixels: NDArray[np.floating]) -> Picture:
    return np.asarray(np.clip(pixels, 0, 1), dtype=np.float32)
