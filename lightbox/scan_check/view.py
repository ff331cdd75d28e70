"""What the detector sees of a picture: what is not dark background, small, on its own brightness range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.imaging.preprocess import Preprocessing, prepare

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VIEW = Preprocessing(size=64, crop="head", percentiles=(1.0, 99.5))


def to_view(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """(H, W) in 0..1 to (64, 64) float32 in 0..1, cropped and squeezed to the square as the networks' inputs are.

    Without the crop a head with a wide margin was too small to tell its front from its back.
    """
    return prepare(pixels, VIEW).pixels
