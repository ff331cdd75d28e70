"""A part of a data set in which every class keeps its share."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lightbox.training.datasets.example import Example


def sample(examples: Sequence[Example], count: int, seed: int) -> list[Example]:
    """About ``count`` of the examples, each class by its share, in the order of their names."""
    if len(examples) <= count:
        return sorted(examples, key=lambda one: one.name)
    chance = np.random.default_rng(seed)
    chosen: list[Example] = []
    sizes = Counter(one.label for one in examples)
    for label in sorted(sizes):
        group = sorted((one for one in examples if one.label == label), key=lambda one: one.name)
        wanted = max(1, round(count * sizes[label] / len(examples)))
        chosen += [group[index] for index in chance.permutation(len(group))[:wanted]]
    return sorted(chosen, key=lambda one: one.name)
