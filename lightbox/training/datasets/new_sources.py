"""A test set of our own, of collections that bring none: whole groups of look-alikes that training never sees."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lightbox.core.merge_groups import unite

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lightbox.training.datasets.example import Example

SPLIT = "new_sources"


def further_datasets(examples: Sequence[Example]) -> set[str]:
    """The data sets without a test picture, where others bring some; empty where there is only one data set."""
    named = {example.dataset for example in examples}
    return named - {example.dataset for example in examples if example.split != "train"} if len(named) > 1 else set()


def drop_test_look_alikes(examples: Sequence[Example], tied: Iterable[Sequence[str]]) -> list[Example]:
    """Without the pictures of further data sets that look like a test picture: the published split stays as it is.

    Args:
        examples: of all splits.
        tied: names of pictures that look alike, group by group.
    """
    further = further_datasets(examples)
    tested = {example.name for example in examples if example.split == "test"}
    like_test = {name for names in tied if not tested.isdisjoint(names) for name in names}
    return [row for row in examples if row.dataset not in further or row.name not in like_test]


def hold_out_new_sources(
    examples: Sequence[Example], tied: Iterable[Sequence[str]], *, test_share: float, validation_share: float, seed: int
) -> list[Example]:
    """The same examples; of the further data sets ``test_share`` moved to `SPLIT` and some to "validation".

    Only groups of look-alikes move that hold no picture of another data set, and each moves as a whole: so nothing
    that is judged looks like what a network learns from, nor like what an older one learned from, which knew the
    first data set only. Groups are drawn class by class. A class of which there are fewer than three such groups is
    left in training.

    Args:
        examples: of all splits.
        tied: names of pictures that look alike, group by group.
        test_share: of the further pictures of each class, 0 to 1; 0 holds none out.
        validation_share: likewise.
        seed: of the draw.
    """
    further = further_datasets(examples)
    united = unite([[example.name] for example in examples] + [list(names) for names in tied])
    members: defaultdict[str, list[Example]] = defaultdict(list)
    for example in examples:
        members[united[example.name]].append(example)
    clean = {stands: rows for stands, rows in members.items() if all(row.dataset in further for row in rows)}
    sizes = Counter(example.label for example in examples if example.dataset in further)
    generator = np.random.default_rng((seed, 575))
    placed: dict[str, str] = {}
    for label in sorted(sizes):
        groups = [stands for stands in sorted(clean) if clean[stands][0].label == label]
        if len(groups) < len((SPLIT, "validation", "train")):
            continue
        drawn = iter(generator.permutation(groups).tolist())
        for split, share in ((SPLIT, test_share), ("validation", validation_share)):
            taken = 0
            for stands in drawn if share else ():
                placed |= {row.name: split for row in clean[stands]}
                taken += len(clean[stands])
                if taken >= share * sizes[label]:
                    break
    return [replace(row, split=placed[row.name]) if row.name in placed else row for row in examples]
