"""How large a checkpoint is, from the header of its weights file: no weight is read, no torch is needed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

from lightbox.core.errors import UserFacingError

if TYPE_CHECKING:
    from lightbox.networks.card import Card

# Batch norm counts these while it trains; nobody trains them.
_COUNTED = ("running_mean", "running_var", "num_batches_tracked")
LENGTH_BYTES = 8
LARGEST_HEADER = 100_000_000


@dataclass(frozen=True, slots=True)
class Size:
    """A checkpoint's size.

    Args:
        parameters: numbers that training sets; the running statistics of batch norm are not among them.
        file_bytes: of the weights file.
    """

    parameters: int
    file_bytes: int


def read_size(card: Card) -> Size:
    """The size of the weights that a card describes.

    Raises:
        UserFacingError: the file is missing or is no safetensors file.

    Reference:
        The safetensors format: eight bytes of little-endian length, a JSON header with each tensor's shape, the data.
    """
    path = card.weights_path
    try:
        with path.open("rb") as stream:
            # A file that is none states any length; json then says so.
            length = min(LARGEST_HEADER, int.from_bytes(stream.read(LENGTH_BYTES), "little"))
            header: dict[str, dict[str, Any]] = json.loads(stream.read(length))
        parameters = sum(
            prod(tensor["shape"])
            for name, tensor in header.items()
            if name != "__metadata__" and not name.endswith(_COUNTED)
        )
        return Size(parameters, path.stat().st_size)
    except OSError as error:
        raise UserFacingError(
            f"The weights of {card.task}/{card.network} cannot be read ({error.strerror}).",
            f"See that {path.name} lies beside its card, and that this account may read it.",
        ) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UserFacingError(
            f"The weights of {card.task}/{card.network} cannot be read: {path.name} is no safetensors file.",
            "Take the file from where it was published, or train the checkpoint again.",
        ) from error
