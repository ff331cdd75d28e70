"""What is varied, and what a point of it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optuna.distributions import BaseDistribution, FloatDistribution, IntDistribution

from lightbox.core.errors import UserFacingError
from lightbox.networks.architectures.convnet import CHANNELS, MOST_BLOCKS, smallest_size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lightbox.training.recipe import Recipe

FEWEST_BLOCKS = 3
WIDEST = 192


def build_space(sizes: Sequence[int]) -> dict[str, BaseDistribution]:
    """The distributions by name; no more blocks than the smallest grid leaves a pixel of.

    Raises:
        UserFacingError: not even three blocks fit.
    """
    most = max((blocks for blocks in range(1, MOST_BLOCKS + 1) if smallest_size(blocks) <= min(sizes)), default=0)
    if most < FEWEST_BLOCKS:
        raise UserFacingError(
            f"At {min(sizes)} pixels three blocks leave nothing of a picture.",
            f"Give --sizes of at least {smallest_size(FEWEST_BLOCKS)}.",
        )
    return {
        "blocks": IntDistribution(FEWEST_BLOCKS, most),
        "first_width": IntDistribution(8, 40, step=4),
        "growth": FloatDistribution(1.0, 2.0),
        "learning_rate": FloatDistribution(3e-4, 2e-2, log=True),
        "weight_decay": FloatDistribution(1e-4, 0.2, log=True),
        "augmentation": FloatDistribution(0.0, 1.6),
        "style": FloatDistribution(0.0, 0.6),
    }


def first_point(space: Mapping[str, BaseDistribution], recipe: Recipe) -> dict[str, Any]:
    """What ships, as near as the space has it: tried first, so that the rest is measured against it."""
    blocks = space["blocks"]
    return {
        "blocks": min(len(CHANNELS), blocks.high) if isinstance(blocks, IntDistribution) else len(CHANNELS),
        "first_width": CHANNELS[0],
        "growth": 1.5,
        "learning_rate": recipe.learning_rate,
        "weight_decay": recipe.weight_decay,
        "augmentation": recipe.augmentation,
        "style": recipe.style,
    }


def widths_of(params: Mapping[str, Any]) -> list[int]:
    """Channels of each block: the first, then each wider by the growth, at most 192."""
    widths = (params["first_width"] * params["growth"] ** block for block in range(params["blocks"]))
    return [min(WIDEST, round(width)) for width in widths]


def numbers_of(params: Mapping[str, Any]) -> dict[str, float]:
    """The part of a point that is a recipe's."""
    return {name: float(params[name]) for name in ("learning_rate", "weight_decay", "augmentation", "style")}
