"""Random changes that another scanner, another child or another technician could have made.

No flips: a flip moves the heart to the other side, and in the brain data side and position go with the class.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from lightbox.training.arrays import at_size
from lightbox.training.style import restyle

if TYPE_CHECKING:
    from collections.abc import Callable

ROTATION_DEGREES = 12.0
SCALE = 0.15
SHIFT = 0.08
SHEAR = 0.08
GAMMA = 0.35
CONTRAST = 0.15
NOISE = 0.04


def augment(
    pixels: Tensor, size: int, generator: torch.Generator, *, strength: float = 1.0, style: float = 0.0
) -> Tensor:
    """(N, 1, S, S) in 0..1 to (N, 1, size, size) in 0..1, each picture changed by its own draw.

    ``strength`` is a factor on the ranges below; ``style`` is the probability of each change that `restyle` makes.
    """
    count = pixels.shape[0]

    def uniform(low: float, high: float) -> Tensor:
        return torch.empty(count, device=pixels.device).uniform_(low, high, generator=generator)

    def scaled(low: float, high: float) -> Tensor:
        return uniform(strength * low, strength * high)

    grid = functional.affine_grid(_affine(scaled), [count, 1, size, size], align_corners=False)
    changed = functional.grid_sample(
        at_size(pixels, size), grid, mode="bilinear", padding_mode="zeros", align_corners=False
    )

    def column(values: Tensor) -> Tensor:
        return values.reshape(-1, 1, 1, 1)

    if style:
        changed = restyle(changed, style, generator)
    changed = changed.clamp(1e-4, 1) ** column(torch.exp(scaled(-GAMMA, GAMMA)))
    contrast = uniform(1 - strength * CONTRAST, 1 + strength * CONTRAST)
    changed = (changed - 0.5) * column(contrast) + 0.5 + column(scaled(-0.05, 0.05))
    noise = torch.empty_like(changed).normal_(generator=generator)
    return (changed + noise * column(scaled(0, NOISE))).clamp(0, 1)


def _affine(draw: Callable[[float, float], Tensor]) -> Tensor:
    """(N, 2, 3) output-to-input matrices: rotation, anisotropic scale, shear, shift, from N draws of each."""
    angle = draw(-ROTATION_DEGREES, ROTATION_DEGREES) * math.pi / 180
    across, down = (torch.exp(draw(-SCALE, SCALE)) for _ in range(2))
    shear = draw(-SHEAR, SHEAR)
    cosine, sine = torch.cos(angle), torch.sin(angle)
    rows = [
        torch.stack([across * cosine, shear - down * sine, draw(-SHIFT, SHIFT)], dim=1),
        torch.stack([across * sine, down * cosine, draw(-SHIFT, SHIFT)], dim=1),
    ]
    return torch.stack(rows, dim=1)
