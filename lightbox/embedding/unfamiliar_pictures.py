"""Pictures that are no scan of the kind a network knows: for measuring how often they are noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# What the rates in an atlas are about, in the order in which they are told.
GROUPS = {
    "test": "test scans that no training scan equals",
    "phantom": "synthetic scans",
    "other": "scans of the other kind",
    "photo": "photographs and textures",
    "noise": "noise, blank pictures and ramps",
    "negative": "test scans with black and white exchanged",
    "turned": "test scans upside down",
}
# They ship inside scikit-image, so that anyone can measure again.
PHOTOS = (
    "astronaut", "brick", "camera", "cat", "cell", "clock", "coffee", "coins", "grass", "gravel", "horse",
    "hubble_deep_field", "immunohistochemistry", "microaneurysms", "moon", "page", "retina", "rocket", "text",
)  # fmt: skip


def make_photos() -> list[NDArray[np.float32]]:
    """Grey photographs, micrographs, textures and printed pages, (H, W) float32 in 0..1."""
    from skimage import color, data
    from skimage.util import img_as_float32

    pictures = []
    for name in PHOTOS:
        picture = img_as_float32(getattr(data, name)())
        pictures.append(picture if picture.ndim == 2 else color.rgb2gray(picture[..., :3]).astype(np.float32))
    return pictures


def make_noise(seed: int = 0) -> list[NDArray[np.float32]]:
    """Noise of two kinds and three grains, blank pictures, ramps; (256, 256) float32 in 0..1."""
    chance = np.random.default_rng(seed)
    pictures: list[NDArray[np.float32]] = []
    for grain in (1, 4, 16):
        cells = 256 // grain
        pictures.append(_blow_up(chance.random((cells, cells)), grain))
        pictures.append(_blow_up(np.clip(0.5 + 0.15 * chance.standard_normal((cells, cells)), 0, 1), grain))
    pictures += [np.full((256, 256), level, dtype=np.float32) for level in (0.0, 0.25, 0.5, 1.0)]
    across = np.tile(np.linspace(0, 1, 256, dtype=np.float32), (256, 1))
    return [*pictures, across, across.T.copy()]


def negatives(prepared: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """Prepared scans with black and white exchanged."""
    return [(1 - one).astype(np.float32) for one in prepared]


def turned(prepared: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """Prepared scans upside down."""
    return [np.ascontiguousarray(one[::-1]) for one in prepared]


def _blow_up(cells: NDArray[np.float64], grain: int) -> NDArray[np.float32]:
    return np.kron(cells, np.ones((grain, grain))).astype(np.float32)
