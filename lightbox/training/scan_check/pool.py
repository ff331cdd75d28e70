"""What the detector learns from: scans of both kinds, and pictures that are none, all held in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.imaging.preprocess import Preprocessing, prepare, resize
from lightbox.scan_check.verdicts import BRAIN, CHEST
from lightbox.training.arrays import read_example
from lightbox.training.scan_check.drawn import draw_stranger
from lightbox.training.scan_check.photographs import learned_photographs, to_grey
from lightbox.training.scan_check.spoilt import spoil

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lightbox.training.datasets import Example

SIDE = 128
SOURCE = Preprocessing(size=SIDE, crop="none", percentiles=(0.5, 99.9))


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Pictures by kind, each (N, 128, 128) uint8.

    Args:
        scans: by kind, "chest_xray" and "brain_mri".
        strangers: by way of making: "photograph", "drawn", "spoilt".
    """

    scans: dict[str, NDArray[np.uint8]]
    strangers: dict[str, NDArray[np.uint8]]


def fill_pool(examples: Mapping[str, Sequence[Example]], counts: Mapping[str, int], seed: int) -> Pool:
    """Read the scans and make ``counts`` strangers of each kind.

    Args:
        examples: by kind, the scans to learn from.
        counts: pictures of "photograph", "drawn" and "spoilt".
        seed: of all draws.

    Raises:
        UserFacingError: a scan cannot be read; the sentence names it.
    """
    chance = np.random.default_rng(seed)
    scans = {kind: read_scans(examples[kind]) for kind in (CHEST, BRAIN)}
    both = [
        picture.astype(np.float32) / 255
        for kind in scans
        for picture in scans[kind][:: max(1, len(scans[kind]) // 800)]
    ]
    photographs = learned_photographs()
    strangers = {
        "photograph": _stack([crop_photograph(photographs, chance) for _ in range(counts["photograph"])]),
        "drawn": _stack([draw_stranger(chance) for _ in range(counts["drawn"])]),
        "spoilt": _stack([spoil(both, chance) for _ in range(counts["spoilt"])]),
    }
    return Pool(scans, strangers)


def read_scans(examples: Sequence[Example]) -> NDArray[np.uint8]:
    """(N, 128, 128) uint8, each squeezed to the square."""
    return _stack([prepare(read_example(example), SOURCE).pixels for example in examples])


def crop_photograph(photographs: Sequence[NDArray[np.uint8]], chance: np.random.Generator) -> NDArray[np.float32]:
    """(128, 128) float32 in 0..1: some part of some photograph, its colours mixed at random."""
    grey = to_grey(photographs[int(chance.integers(len(photographs)))], chance.dirichlet([1, 1, 1]))
    height, width = grey.shape
    part = chance.uniform(0.3, 1, 2)
    rows, columns = max(8, int(height * part[0])), max(8, int(width * part[1]))
    top, left = int(chance.integers(0, height - rows + 1)), int(chance.integers(0, width - columns + 1))
    return resize(np.ascontiguousarray(grey[top : top + rows, left : left + columns]), (SIDE, SIDE))


def _stack(pictures: Sequence[NDArray[np.float32]]) -> NDArray[np.uint8]:
    if not pictures:
        return np.empty((0, SIDE, SIDE), dtype=np.uint8)
    return np.stack([np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8) for picture in pictures])
