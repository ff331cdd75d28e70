"""Pictures as the network will see them, decoded once and held in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from torch.nn import functional

from lightbox.imaging.preprocess import prepare
from lightbox.imaging.read_local import read_grey

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    from lightbox.imaging.preprocess import Preprocessing
    from lightbox.training.datasets import Example


@dataclass(frozen=True, slots=True)
class Pictures:
    """Prepared pictures of one split.

    Args:
        pixels: (N, S, S) uint8; 255 stands for 1.
        labels: (N,) int64 class indices.
        examples: where they come from.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]
    examples: tuple[Example, ...]

    def __len__(self) -> int:
        return len(self.labels)


def load_pictures(
    examples: Sequence[Example], split: str, classes: Sequence[str], preprocessing: Preprocessing
) -> Pictures:
    """The examples of one split, prepared by the same code as at use and rounded to 8 bits.

    Raises:
        UserFacingError: a picture cannot be read; the sentence names it.
    """
    chosen = tuple(example for example in examples if example.split == split)
    size = preprocessing.size
    pixels = np.empty((len(chosen), size, size), dtype=np.uint8)
    for index, example in enumerate(chosen):
        prepared = prepare(read_example(example), preprocessing)
        pixels[index] = np.rint(prepared.pixels * 255)
    labels = np.array([classes.index(example.label) for example in chosen], dtype=np.int64)
    return Pictures(pixels, labels, chosen)


def read_example(example: Example) -> NDArray[np.float32]:
    """(H, W) float32 in 0..1 at native resolution, as `read_grey` says.

    Raises:
        UserFacingError: the picture cannot be read; the sentence gives its name in the data set.
    """
    hint = "Take it out; `lightbox audit` lists all such files."
    return read_grey(example.path, name=example.name, hint=hint)


def at_size(pixels: Tensor, size: int) -> Tensor:
    """(N, 1, S, S) resampled to (N, 1, size, size); the same tensor where it has that size already."""
    if pixels.shape[-1] == size:
        return pixels
    return functional.interpolate(pixels, size=(size, size), mode="bilinear", antialias=True, align_corners=False)


def batches(order: NDArray[np.int64], batch_size: int) -> Iterator[NDArray[np.int64]]:
    """``order`` in parts; a last part of one is dropped (batch norm needs two)."""
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        if len(batch) > 1:
            yield batch
