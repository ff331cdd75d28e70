"""Which networks there are for a task, which are broken, and which were never trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.shell.language import _
from lightbox.core.errors import UserFacingError
from lightbox.core.tasks import TASKS, class_title
from lightbox.networks import NETWORKS, Card, find_checkpoint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """A task's networks, in the registry's order.

    Args:
        cards: of those that can be used, by key.
        broken: why a checkpoint that is there cannot be used, by key. Training it anew would overwrite it.
    """

    cards: dict[str, Card]
    broken: dict[str, UserFacingError]

    @property
    def absent(self) -> list[str]:
        """The titles of those that have no checkpoint at all."""
        return [spec.title for key, spec in NETWORKS.items() if key not in self.cards and key not in self.broken]


def known_classes(found: Mapping[str, Checkpoints]) -> list[str]:
    """Every class that a task or one of its checkpoints has: a checkpoint of somebody's own may have other ones."""
    classes = [key for task in TASKS.values() for key in task.classes]
    own = [key for checkpoints in found.values() for card in checkpoints.cards.values() for key in card.classes]
    return list(dict.fromkeys([*classes, *own]))


def same_classes(cards: Mapping[str, Card]) -> bool:
    """Whether all networks tell the same classes apart, in whatever order their cards list them."""
    return len({frozenset(card.classes) for card in cards.values()}) <= 1


def describe_classes(classes: Mapping[str, Sequence[str]]) -> str:
    """Such as: ConvNet: Normal, Pneumonia; ResNet50: Normal, Bacterial pneumonia, Viral pneumonia."""
    return "; ".join(
        f"{NETWORKS[network].title}: {', '.join(_(class_title(key)) for key in keys)}"
        for network, keys in classes.items()
    )


def find_all() -> dict[str, Checkpoints]:
    """What there is, by task. Every card is read: once a run of a page, so that a checkpoint may come and go."""
    return {task: find(task) for task in TASKS}


def find(task: str) -> Checkpoints:
    """What there is for a task."""
    found = Checkpoints({}, {})
    for key in NETWORKS:
        try:
            card = find_checkpoint(task, key)
        except UserFacingError as error:
            found.broken[key] = error
        else:
            if card is not None:
                found.cards[key] = card
    return found
