"""Which superpixels are hidden in which sample: rows of zeros (hidden) and ones (shown)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Sampler(Protocol):
    """Draws rows, in two sets that a surrogate can be fitted to separately."""

    def draw(self, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """At least ``count`` further rows (samples, superpixels) of 0 and 1, and for each the half it belongs to."""


def build_sampler(name: str, superpixels: int, seed: int) -> Sampler:
    """The sampler of that name: "balanced" or "independent"."""
    return Balanced(superpixels, seed) if name == "balanced" else Independent(superpixels, seed)


class Independent:
    """The stock sampler of lime: every superpixel shown or hidden by a coin toss, from the same generator."""

    def __init__(self, superpixels: int, seed: int) -> None:
        self.superpixels = superpixels
        self.generator = np.random.RandomState(seed)  # lime's generator, so that draws are equal

    def draw(self, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        rows = self.generator.randint(0, 2, count * self.superpixels).reshape(count, self.superpixels)
        return rows.astype(np.int64), np.arange(count) % 2


class Balanced:
    """Randomised Hadamard designs with their fold-over: any two superpixels meet in all four states equally often.

    A block takes random columns of a Hadamard matrix of the next power of two, flips random
    columns, shuffles the rows and adds the mirror image of each row. For the same agreement with the answer of many
    samples it needs several times fewer passes than independent draws.
    """

    def __init__(self, superpixels: int, seed: int) -> None:
        self.superpixels = superpixels
        self.generator = np.random.default_rng(seed)
        self.order = 1 << int(superpixels).bit_length()  # a power of two with a column to spare for the intercept

    def draw(self, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        blocks = -(-count // (2 * self.order))
        if blocks == 1:
            rows = self._block()
            return rows, np.repeat([0, 1], self.order)  # the design and its fold-over
        blocks += blocks % 2
        rows = np.concatenate([self._block() for _ in range(blocks)])
        return rows, np.repeat(np.arange(blocks) % 2, 2 * self.order)

    def _block(self) -> NDArray[np.int64]:
        from scipy.linalg import hadamard

        columns = 1 + self.generator.permutation(self.order - 1)[: self.superpixels]
        signs = hadamard(self.order)[:, columns] * self.generator.choice([-1, 1], size=self.superpixels)
        signs = self.generator.permutation(signs)
        return np.asarray((np.concatenate([signs, -signs]) + 1) // 2, dtype=np.int64)
