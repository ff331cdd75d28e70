"""The detector: a small convolutional network, computed in NumPy so that it runs wherever a scan is opened."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from lightbox.scan_check.turns import TURNS, turn
from lightbox.scan_check.verdicts import ANSWERS, NUMBERS, after

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

WEIGHTS_NAME = "detector.safetensors"
BLOCKS = 4
# Copies whose answers are averaged: a picture laid in all eight ways is asked about eight times.
COPIES = TURNS
_LOWEST = -60.0


@dataclass(frozen=True, slots=True, eq=False)
class Detector:
    """Four blocks of 3x3 convolution, ReLU and max-pool, a 1x1 convolution that keeps the layout, two linear layers.

    Args:
        weights: float32 by name: ``conv1``..``conv4`` (out, in, 3, 3), ``mix`` (out, in), ``hidden`` (out, in) and
            ``answer`` (answers, in), each with its ``.bias``; batch norm is folded into them.
    """

    weights: Mapping[str, NDArray[np.float32]]

    def logits(self, views: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N, 64, 64) views in 0..1 to (N, answers) logits, in the order of `ANSWERS`."""
        x = np.asarray(views, dtype=np.float32)[:, None]
        for block in range(1, BLOCKS + 1):
            x = _pool(_convolve(x, self.weights[f"conv{block}"], self.weights[f"conv{block}.bias"]))
        mixed = np.einsum("nchw,oc->nohw", x, self.weights["mix"], optimize=True)
        mixed = np.maximum(mixed + self.weights["mix.bias"][:, None, None], 0)
        hidden = mixed.reshape(len(x), -1) @ self.weights["hidden"].T + self.weights["hidden.bias"]
        return np.asarray(np.maximum(hidden, 0) @ self.weights["answer"].T + self.weights["answer.bias"])

    def probabilities(self, view: NDArray[np.float32], copies: tuple[str, ...] = COPIES) -> NDArray[np.float64]:
        """(answers,) of one (64, 64) view, the mean over its turned copies' log-probabilities, normalised.

        What a copy answers is turned back, so that all speak of the picture as it lies.
        """
        views = np.stack([turn(view, name) for name in copies])
        scores = log_softmax(self.logits(views))
        total = np.zeros(len(ANSWERS))
        for name, row in zip(copies, scores, strict=True):
            total += row[_TURNED_BACK[name]]
        return np.asarray(np.exp(log_softmax(total[None] / len(copies))[0]))


def log_softmax(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    """(N, K) logarithms of the probabilities, in float64."""
    values = np.asarray(logits, dtype=np.float64)
    values = values - values.max(axis=1, keepdims=True)
    return np.asarray(np.maximum(values - np.log(np.exp(values).sum(axis=1, keepdims=True)), _LOWEST))


@cache
def load_detector() -> Detector:
    """The shipped detector, read once a process."""
    from safetensors.numpy import load

    content = resources.files("lightbox.scan_check").joinpath(WEIGHTS_NAME).read_bytes()
    return Detector({name: np.asarray(value, dtype=np.float32) for name, value in load(content).items()})


def _convolve(x: NDArray[np.float32], weight: NDArray[np.float32], bias: NDArray[np.float32]) -> NDArray[np.float32]:
    """3x3 convolution with a margin of zeros, and ReLU: (N, C, H, W) to (N, O, H, W)."""
    count, channels, height, width = x.shape
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    # Channels and taps in one axis: a single matrix product does the work.
    taps = np.stack(
        [padded[:, :, row : row + height, column : column + width] for row in range(3) for column in range(3)], axis=2
    ).reshape(count, channels * 9, height * width)
    out = weight.reshape(len(weight), -1) @ taps + bias[:, None]
    return np.asarray(np.maximum(out, 0)).reshape(count, len(weight), height, width)


def _pool(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """The largest of each 2x2 square: (N, C, H, W) to (N, C, H / 2, W / 2)."""
    # NumPy is slow at a maximum over two axes as short as these.
    rows = np.maximum(x[:, :, ::2], x[:, :, 1::2])
    return np.asarray(np.maximum(rows[:, :, :, ::2], rows[:, :, :, 1::2]))


def _back(name: str) -> NDArray[np.int64]:
    """For each answer about the picture, the answer that its copy turned by ``name`` would get."""
    return np.array([NUMBERS[after(name, answer)] for answer in ANSWERS])


_TURNED_BACK = {name: _back(name) for name in TURNS}
