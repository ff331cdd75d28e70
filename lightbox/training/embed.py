"""From a data folder and trained checkpoints to their atlases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.core.errors import UserFacingError
from lightbox.core.tasks import TASKS
from lightbox.embedding import unfamiliar_pictures
from lightbox.embedding.build import Known, build_atlas
from lightbox.embedding.features import extract, join
from lightbox.imaging.preprocess import prepare
from lightbox.networks import load_checkpoint
from lightbox.phantoms.phantom import GENERATOR_VERSION, make_phantom
from lightbox.phantoms.seeds import FRESH
from lightbox.provenance.training_files import find_training_files
from lightbox.training.arrays import read_example
from lightbox.training.datasets import leaked_names, read_examples
from lightbox.training.datasets.sampling import sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from lightbox.embedding.atlas import Atlas
    from lightbox.embedding.features import Features
    from lightbox.networks import Card, Network
    from lightbox.training.datasets import Example

# Phantoms that are familiar to a network that was trained on phantoms: other patients than those shown.
FIRST_FAMILIAR_SEED = FRESH.start + 100_000
PHANTOM_SIZE = 512
# Every seventh familiar scan is a phantom where the network was trained on phantoms too.
PHANTOM_SHARE = 1 / 7
OTHERS = 150
ALTERED = 60
SEED = 0


@dataclass(frozen=True, slots=True)
class Amounts:
    """How many scans an atlas is made from.

    Args:
        count: test scans shown.
        phantoms: synthetic scans shown.
        reference: training scans that are familiar.
    """

    count: int = 400
    phantoms: int = 100
    reference: int = 1000

    def __post_init__(self) -> None:
        if min(self.count, self.phantoms) < 10 or self.reference < 50:
            raise UserFacingError(
                f"{self.count} test scans, {self.phantoms} phantoms and {self.reference} training scans are too few.",
                "Give at least 10 test scans, 10 phantoms and 50 training scans.",
            )


@dataclass(frozen=True, slots=True, eq=False)
class _Scans:
    """What every network of a task looks at, at native resolution; real scans stay on disk until they are read."""

    test: list[Example]
    fresh: list[Example]
    train: list[Example]
    others: list[Example]
    phantoms: list[tuple[str, int, NDArray[np.float32]]]


def embed(
    cards: Sequence[Card],
    *,
    data: Path,
    other_data: Path,
    amounts: Amounts,
    on_step: Callable[[str], None],
) -> Iterator[Atlas]:
    """The atlases of networks of one task, one after the other; the same data and weights give the same atlas.

    Args:
        cards: of the networks, all of one task.
        data: the data folder, as for `lightbox train`.
        other_data: a folder of scans of the other tasks, to measure whether they are noticed.
        amounts: how many scans.
        on_step: told what begins.

    Raises:
        UserFacingError: the data folder cannot be used, or a network has other classes than the task.
    """
    task = cards[0].task
    for card in cards:
        if set(card.classes) != set(TASKS[task].classes):
            raise UserFacingError(
                f"{task}/{card.network} tells {', '.join(card.classes)} apart, and the scans to be shown are of "
                f"{', '.join(TASKS[task].classes)}.",
                "Leave this network out with --network.",
            )
    on_step(f"{task}: choosing scans and drawing phantoms")
    scans = _choose(cards, data, other_data, amounts)
    for card in cards:
        on_step(f"{task}/{card.network}: looking at the scans")
        yield _embed_one(card, scans, amounts, on_step)


def _choose(cards: Sequence[Card], data: Path, other_data: Path, amounts: Amounts) -> _Scans:
    task = cards[0].task
    examples = read_examples(data, task)
    # Familiar is what all of them have learned from, as far as that is listed: data may have grown since.
    lists = [files for card in cards if (files := find_training_files(card)) is not None]
    leaked = leaked_names(examples)
    test = sample([one for one in examples if one.split == "test"], amounts.count, SEED)
    # Equal files would make a scan its own neighbour, and the threshold too small.
    train = list({one.sha256: one for one in examples if one.split == "train"}.values())
    train = [one for one in train if all(files.knows(one.sha256) for files in lists)]
    if len(test) < 10 or len(train) < 50:
        raise UserFacingError(
            f"{data} holds too few scans of {task}: {len(test)} to test on and {len(train)} to train on.",
            "Give a folder with at least 10 and 50.",
        )
    return _Scans(
        test=test,
        fresh=[one for one in test if one.name not in leaked],
        train=sample(train, amounts.reference, SEED),
        others=_find_others(task, other_data),
        phantoms=draw(task, amounts.phantoms, FRESH.start),
    )


def _find_others(task: str, data: Path) -> list[Example]:
    """Scans of the other tasks; none where the folder has none, and then that rate is not measured."""
    found = []
    for other in TASKS:
        if other != task:
            try:
                found += [one for one in read_examples(data, other) if one.split == "test"]
            except UserFacingError:
                continue
    return sample(found, OTHERS, SEED)


def draw(task: str, count: int, first: int) -> list[tuple[str, int, NDArray[np.float32]]]:
    """Label, seed and pixels of ``count`` phantoms, the classes in turn."""
    classes = TASKS[task].classes
    made = []
    for number in range(count):
        label, seed = classes[number % len(classes)], first + number
        made.append((label, seed, make_phantom(task, label, seed, size=PHANTOM_SIZE).pixels))
    return made


def trained_on_phantoms(card: Card) -> bool:
    """Whether the card says that synthetic scans were among the training scans."""
    return any(
        bool(value) and ("phantom" in key or "synthetic" in key)
        for key, value in card.training.items()
        if not isinstance(value, str)
    )


def _embed_one(card: Card, scans: _Scans, amounts: Amounts, on_step: Callable[[str], None]) -> Atlas:
    network = load_checkpoint(card)
    test = _look_at_files(network, scans.test)
    phantoms = _look(network, [pixels for _, _, pixels in scans.phantoms])
    seen = _look_at_files(network, scans.train)
    phantoms_seen = trained_on_phantoms(card)
    if phantoms_seen:
        extra = draw(card.task, round(amounts.reference * PHANTOM_SHARE), FIRST_FAMILIAR_SEED)
        seen = join([seen, _look(network, [pixels for _, _, pixels in extra])])
    on_step(f"{card.task}/{card.network}: measuring on strangers, laying out")
    known = Known(
        names=(*(one.name for one in scans.test), *(f"phantom/{label}/{seed}" for label, seed, _ in scans.phantoms)),
        sha256=(*(one.sha256 for one in scans.test), *("" for _ in scans.phantoms)),
        labels=np.array([card.classes.index(label) for label in _labels(scans)], dtype=np.int64),
        phantom=np.arange(len(scans.test) + len(scans.phantoms)) >= len(scans.test),
        features=join([test, phantoms]),
    )
    settings = {
        "test_scans": len(scans.test),
        "phantoms": len(scans.phantoms),
        "phantom_first_seed": FRESH.start,
        "phantom_generator": GENERATOR_VERSION,
        "familiar_training_scans": len(scans.train),
        "familiar_phantoms": len(seen) - len(scans.train),
    }
    return build_atlas(card, known, seen, measured=_measure(network, scans, test, phantoms), settings=settings)


def _labels(scans: _Scans) -> list[str]:
    return [*(one.label for one in scans.test), *(label for label, _, _ in scans.phantoms)]


def _measure(
    network: Network, scans: _Scans, test: Features, phantoms: Features
) -> dict[str, Sequence[NDArray[np.float32]]]:
    """Blocks of features of each group of pictures; a group that is empty is left out."""
    size = network.preprocessing
    fresh_names = {one.name for one in scans.fresh}
    altered = [prepare(read_example(one), size).pixels for one in scans.fresh[:: max(1, len(scans.fresh) // ALTERED)]]
    groups: dict[str, Features | None] = {
        "test": test.take([index for index, one in enumerate(scans.test) if one.name in fresh_names]),
        "phantom": phantoms,
        "other": _look_at_files(network, scans.others) if scans.others else None,
        "photo": _look(network, unfamiliar_pictures.make_photos()),
        "noise": _look(network, unfamiliar_pictures.make_noise()),
        "negative": extract(network, np.stack(unfamiliar_pictures.negatives(altered))) if altered else None,
        "turned": extract(network, np.stack(unfamiliar_pictures.turned(altered))) if altered else None,
    }
    return {group: features.blocks for group, features in groups.items() if features is not None and len(features)}


def _look(network: Network, pictures: Sequence[NDArray[np.float32]]) -> Features:
    return extract(network, np.stack([prepare(one, network.preprocessing).pixels for one in pictures]))


def _look_at_files(network: Network, examples: Sequence[Example]) -> Features:
    """A few files at a time: thousands of prepared pictures need not be in memory together."""
    step = 64
    return join(
        _look(network, [read_example(one) for one in examples[start : start + step]])
        for start in range(0, len(examples), step)
    )
