"""Which networks there are for a task, which are broken, and which were never trained."""

from __future__ import annotations

from dataclasses import dataclass

from lightbox.core.errors import UserFacingError
from lightbox.networks import NETWORKS, Card, find_checkpoint


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
