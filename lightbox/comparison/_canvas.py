"""A scan at the size that it has in the combined picture, and the maps over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.imaging.overlay import grey_bytes, render, with_outline
from lightbox.imaging.preprocess import Box, resize

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.comparison.comparison import Comparison
    from lightbox.comparison.drawing import Drawing
    from lightbox.comparison.truth import Truth
    from lightbox.imaging.colour import Scale

# In pixels. A larger scan is reduced, one that is narrower is enlarged by a whole factor.
LONGEST_SIDE, SMALLEST_WIDTH = 640, 320
PLACEHOLDER, EDGE = 238, 200


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """The scan at the size of the grid's pictures.

    Args:
        pixels: (h, w) in 0..1, reduced where the scan is larger than the grid's pictures.
        native_hw: size of the scan itself.
        factor: how often each pixel is repeated.
        truth: outlined, where it is given.
    """

    pixels: NDArray[np.float32]
    native_hw: tuple[int, int]
    factor: int
    truth: Truth | None

    @classmethod
    def of(cls, comparison: Comparison, truth: Truth | None) -> Canvas:
        pixels = comparison.scan.pixels
        height, width = pixels.shape
        share = min(1.0, LONGEST_SIDE / max(height, width))
        size_hw = (max(1, round(share * height)), max(1, round(share * width)))
        reduced = pixels if size_hw == (height, width) else resize(pixels, size_hw)
        return cls(reduced, (height, width), -(-SMALLEST_WIDTH // size_hw[1]), truth)

    @property
    def width(self) -> int:
        return int(self.factor * self.pixels.shape[1])

    def scan(self) -> NDArray[np.uint8]:
        """(H, W, 3) the scan alone."""
        return self._enlarged(np.repeat(grey_bytes(self.pixels)[..., None], 3, axis=2))

    def empty(self) -> NDArray[np.uint8]:
        """(H, W, 3) a grey field in the place of a map."""
        field = np.full((*self.scan().shape[:2], 3), PLACEHOLDER, dtype=np.uint8)
        field[[0, -1]] = EDGE
        field[:, [0, -1]] = EDGE
        return field

    def map(self, values: NDArray[np.float32], box: Box, scale: Scale, drawing: Drawing) -> NDArray[np.uint8]:
        """(H, W, 3) a map over the scan, with the outline."""
        drawn = render(
            self.pixels,
            values,
            self._placed(box),
            scale,
            view=drawing.view,
            opacity=drawing.opacity,
            positive_only=drawing.positive_only,
        )
        enlarged = self._enlarged(drawn)
        if self.truth is None:
            return enlarged
        return with_outline(enlarged, [self._on_picture(line) for line in self.truth.lines])

    def _placed(self, box: Box) -> Box:
        """The box on the reduced scan, its edges on the nearest pixels."""
        (height, width), (native_height, native_width) = self.pixels.shape, self.native_hw
        top, bottom = (round(row * height / native_height) for row in (box.top, box.top + box.height))
        left, right = (round(column * width / native_width) for column in (box.left, box.left + box.width))
        top, left = min(top, height - 1), min(left, width - 1)
        return Box(top, left, max(1, bottom - top), max(1, right - left))

    def _on_picture(self, line: NDArray[np.float64]) -> NDArray[np.float64]:
        """Positions on the native scan as positions on the grid's picture; both count from pixel centres."""
        shares = (line + 0.5) / np.array(self.native_hw)
        placed: NDArray[np.float64] = shares * np.array(self.pixels.shape) * self.factor - 0.5
        return placed

    def _enlarged(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return picture.repeat(self.factor, axis=0).repeat(self.factor, axis=1)
