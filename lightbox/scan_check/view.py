"""What the detector sees of a picture: all of it, small, on its own brightness range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.imaging.preprocess import Preprocessing, prepare

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VIEW = Preprocessing(size=64, crop="none", percentiles=(1.0, 99.5))


def to_view(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """(H, W) in 0..1 to (64, 64) float32 in 0..1, squeezed to the square as the networks' inputs are."""
    return prepare(pixels, VIEW).pixels
