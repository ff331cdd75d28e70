"""Photographs, micrographs, textures and pages that packages ship: what people upload that is no scan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

# By name of scikit-image's bundled pictures. Those held out are never learned from.
LEARNED = (
    "astronaut", "brick", "camera", "cat", "coffee", "coins", "colorwheel", "grass", "hubble_deep_field",
    "immunohistochemistry", "logo", "page", "retina", "checkerboard",
)  # fmt: skip
HELD_OUT = ("clock", "cell", "gravel", "horse", "microaneurysms", "moon", "rocket", "text", "binary_blobs")


def learned_photographs() -> list[NDArray[np.uint8]]:
    """(H, W) or (H, W, 3) uint8: scikit-image's and scikit-learn's, and small faces blown up."""
    from skimage import data

    pictures = [_as_bytes(_bundled(name)) for name in LEARNED]
    left, _right, _disparity = data.stereo_motorcycle()
    faces = data.lfw_subset()[::8]
    pictures += [_as_bytes(left), _load_sklearn("china.jpg")]
    pictures += [
        np.asarray(Image.fromarray(_as_bytes(face)).resize((128, 128), Image.Resampling.BICUBIC)) for face in faces
    ]
    return pictures


def held_out_photographs() -> list[NDArray[np.uint8]]:
    """(H, W) or (H, W, 3) uint8, none of which the detector has learned from."""
    from skimage import data

    pictures = [_as_bytes(_bundled(name)) for name in HELD_OUT if name != "binary_blobs"]
    pictures += [_as_bytes(data.binary_blobs(256, rng=7)), _load_sklearn("flower.jpg")]
    return pictures


def to_grey(picture: NDArray[np.uint8], weights: NDArray[np.float64]) -> NDArray[np.float32]:
    """(H, W) float32 in 0..1; colours are mixed with the three ``weights``, which sum to 1."""
    scaled = picture.astype(np.float32) / np.float32(255)
    return scaled if scaled.ndim == 2 else np.asarray(scaled[..., :3] @ weights.astype(np.float32))


def _bundled(name: str) -> NDArray[np.generic]:
    from skimage import data

    maker: Callable[[], NDArray[np.generic]] = getattr(data, name)
    return maker()


def _as_bytes(picture: NDArray[np.generic]) -> NDArray[np.uint8]:
    from skimage.util import img_as_ubyte

    return np.asarray(img_as_ubyte(picture))


def _load_sklearn(name: str) -> NDArray[np.uint8]:
    import sklearn.datasets

    return np.asarray(Image.open(Path(sklearn.datasets.__file__).parent / "images" / name).convert("RGB"))
