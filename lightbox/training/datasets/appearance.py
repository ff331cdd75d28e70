"""What a picture looks like from outside, whatever it shows: size, colour, margin, brightness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Channels that differ by more than this many of 255 levels, beyond JPEG's own rounding, are colour.
COLOUR_LEVELS = 24
COLOUR_SHARE = 0.002
SIDE = 128
DARK, BRIGHT = 0.12, 0.75
MARGIN_TOLERANCE = 0.06


@dataclass(frozen=True, slots=True)
class Look:
    """A picture from outside.

    Args:
        width: in pixels.
        height: in pixels.
        mode: of the file: "L", "RGB", "I;16", ...
        coloured: share of the pixels whose channels differ by more than 24 of 255 levels.
        tone: brightness of the outermost pixels, 0..1, their median.
        margin: width of the frame of that brightness, 0..0.5, as a share of the side; the mean of four sides.
        levels: brightness at the 5th, 25th, 50th, 75th, 95th percentile, 0..1.
    """

    width: int
    height: int
    mode: str
    coloured: float
    tone: float
    margin: float
    levels: tuple[float, float, float, float, float]

    @property
    def in_colour(self) -> bool:
        return self.coloured > COLOUR_SHARE


def look_at(image: Image.Image, size: tuple[int, int] | None = None) -> Look:
    """The look of a picture, measured on at most 128 x 128 pixels of it.

    Args:
        image: decoded, or half so.
        size: width and height of the file, where ``image`` was decoded at a fraction of it.
    """
    width, height = size or image.size
    small = image.convert("RGB").resize((min(image.width, SIDE), min(image.height, SIDE)), Image.Resampling.BOX)
    channels = np.asarray(small, dtype=np.int16)
    spread = channels.max(axis=2) - channels.min(axis=2)
    grey = channels.mean(axis=2, dtype=np.float32) / 255
    ring = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    tone = float(np.median(ring))
    low, lower, middle, upper, high = (round(float(value), 4) for value in np.percentile(grey, (5, 25, 50, 75, 95)))
    return Look(
        width=width,
        height=height,
        mode=image.mode,
        coloured=round(float((spread > COLOUR_LEVELS).mean()), 4),
        tone=round(tone, 4),
        margin=round(_margin(grey, tone), 4),
        levels=(low, lower, middle, upper, high),
    )


def _margin(grey: NDArray[np.float32], tone: float) -> float:
    """Mean over the four sides of how far the frame of brightness ``tone`` reaches in."""
    like = np.abs(grey - tone) < MARGIN_TOLERANCE
    reaches = []
    for lines in (like, like[::-1], like.T, like.T[::-1]):
        # A line belongs to the margin while nearly all of it has the margin's brightness.
        inside = np.flatnonzero(lines.mean(axis=1) < 0.97)
        reaches.append(min(0.5, (inside[0] if inside.size else len(lines)) / len(lines)))
    return float(np.mean(reaches))
