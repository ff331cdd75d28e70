"""Random changes that leave a picture what it is: another margin, exposure, resolution, a label in the corner."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch.nn import functional

from lightbox.training.style import restyle

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

# Of the changed pictures, which `to_view` crops and makes smaller.
SIDE = 80
ROTATION_DEGREES = 14.0
STYLE = 0.25
LABELS = ("R", "L", "PORTABLE", "AP", "PA", "12:30", "T1 C+", "SE 4", "IM 12", "W 400 C 40", "ERECT", "A", "P", "H")


def change(pixels: Tensor, generator: torch.Generator, labels: Tensor) -> Tensor:
    """(N, 1, S, S) in 0..1 to (N, 1, 80, 80) in 0..1, each picture changed by its own draw.

    Args:
        pixels: the pictures.
        generator: of all draws.
        labels: (M, 1, 80, 80) in 0..1, sheets of burned-in writing, see `make_labels`.
    """
    count = len(pixels)

    def uniform(low: float, high: float) -> Tensor:
        return torch.empty(count).uniform_(low, high, generator=generator)

    def column(values: Tensor) -> Tensor:
        return values.reshape(-1, 1, 1, 1)

    def happens(probability: float) -> Tensor:
        return column(torch.rand(count, generator=generator) < probability)

    grid = functional.affine_grid(_affine(uniform), [count, 1, SIDE, SIDE], align_corners=False)
    moved = functional.grid_sample(pixels, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    # What lies outside the picture is black, white, or as grey as a scanner's bed.
    inside = functional.grid_sample(torch.ones_like(pixels), grid, padding_mode="zeros", align_corners=False)
    ground = column(torch.where(uniform(0, 1) < 0.6, torch.zeros(count), uniform(0, 1)))
    moved = moved * inside + ground * (1 - inside)
    moved = restyle(moved, STYLE, generator)
    moved = moved.clamp(1e-4, 1) ** column(torch.exp(uniform(-0.6, 0.6)))
    contrast = column(uniform(0.6, 1.3))
    moved = (moved - 0.5) * contrast + 0.5 + column(uniform(-0.1, 0.1))
    soft = functional.avg_pool2d(moved, 3, stride=1, padding=1, count_include_pad=False)
    moved = torch.where(happens(0.25), soft, moved)
    noise = torch.empty_like(moved).normal_(generator=generator)
    moved = (moved + happens(0.5) * noise * column(uniform(0, 0.08))).clamp(0, 1)
    sheet = labels[torch.randint(len(labels), (count,), generator=generator)]
    written: Tensor = torch.where(happens(0.3) & (sheet > 0.1), sheet, moved)
    return written


def make_labels(count: int, seed: int) -> Tensor:
    """(count, 1, 80, 80) in 0..1: a few words near the edges of an empty sheet."""
    chance = np.random.default_rng(seed)
    sheets = []
    for _sheet in range(count):
        canvas = Image.new("L", (SIDE, SIDE), 0)
        pen = ImageDraw.Draw(canvas)
        for _word in range(int(chance.integers(1, 7))):
            font = ImageFont.load_default(float(chance.uniform(5, 12)))
            place = (
                float(chance.uniform(0, 66)),
                float(chance.choice([chance.uniform(0, 12), chance.uniform(62, 74)])),
            )
            pen.text(place, str(chance.choice(LABELS)), fill=int(chance.integers(120, 256)), font=font)
        sheets.append(np.asarray(canvas, dtype=np.float32) / 255)
    return torch.as_tensor(np.stack(sheets))[:, None]


def _affine(draw: Callable[[float, float], Tensor]) -> Tensor:
    """(N, 2, 3) output-to-input matrices: a small rotation, a margin or a crop, another aspect ratio, a shift."""
    angle = draw(-ROTATION_DEGREES, ROTATION_DEGREES) * math.pi / 180
    size = torch.exp(draw(-0.33, 0.3))
    aspect = torch.exp(draw(-0.16, 0.16))
    shear = draw(-0.06, 0.06)
    across, down = size * aspect, size / aspect
    cosine, sine = torch.cos(angle), torch.sin(angle)
    # A crop may lie off the middle; a margin leaves less room for that.
    reach = 0.25 * (1 - size).clamp(min=0) + 0.08
    rows = [
        torch.stack([across * cosine, shear - down * sine, reach * draw(-1, 1)], dim=1),
        torch.stack([across * sine, down * cosine, reach * draw(-1, 1)], dim=1),
    ]
    return torch.stack(rows, dim=1)
