"""Random changes of how a picture was taken, not of what it shows: another sequence, coil, filter or resolution.

In the brain data the tumours of one class mostly come from one scanner, so that a network can tell the class by
the look of the scanner; these changes take that short cut away.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

CURVE_POINTS = 6
FIELD_POINTS = 4
FIELD_STRENGTH = 0.35
SMALLEST_RESOLUTION = 0.4
FILTER_CHANNELS = 4


def restyle(pixels: Tensor, probability: float, generator: torch.Generator) -> Tensor:
    """Give each picture, each change with ``probability``, another tone curve, bias field, filter and resolution.

    Args:
        pixels: (N, 1, S, S) in 0..1.
        probability: of each of the four changes, 0..1.
        generator: of all draws, on the device of ``pixels``.

    Returns:
        (N, 1, S, S) in 0..1.
    """
    for change in (_tone_curve, _bias_field, _random_filter, _lower_resolution):
        chosen = torch.rand(len(pixels), device=pixels.device, generator=generator) < probability
        # Drawn for all, so that the draws that follow do not depend on who was chosen.
        pixels = torch.where(chosen.reshape(-1, 1, 1, 1), change(pixels, generator), pixels)
    return pixels


def _tone_curve(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """A random curve through 0 that mostly rises: tissues change their order of brightness, air stays dark."""
    count = len(pixels)
    heights = torch.rand(count, CURVE_POINTS, device=pixels.device, generator=generator)
    straight = torch.linspace(0, 1, CURVE_POINTS, device=pixels.device)
    wildness = torch.rand(count, 1, device=pixels.device, generator=generator)
    curve = straight + wildness * (heights - straight)
    curve[:, 0] = 0
    place = pixels.flatten(1) * (CURVE_POINTS - 1)
    left = place.floor().clamp(max=CURVE_POINTS - 2)
    share = place - left
    low = curve.gather(1, left.long())
    high = curve.gather(1, left.long() + 1)
    changed = low + share * (high - low)
    top = changed.amax(dim=1, keepdim=True).clamp(min=0.1)
    return (changed / top).clamp(0, 1).reshape(pixels.shape)


def _bias_field(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """A smooth gain over the picture, as a surface coil gives."""
    field = torch.empty(len(pixels), 1, FIELD_POINTS, FIELD_POINTS, device=pixels.device).normal_(generator=generator)
    smooth = functional.interpolate(field, size=pixels.shape[-2:], mode="bicubic", align_corners=True)
    return (pixels * torch.exp(FIELD_STRENGTH * smooth)).clamp(0, 1)


def _random_filter(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """A random two-layer convolution, mixed with the picture, of the picture's mean and deviation.

    After "global intensity non-linear augmentation": Ouyang et al., Causality-inspired Single-source Domain
    Generalization for Medical Image Segmentation, IEEE TMI 2022.
    """
    count = len(pixels)

    def draw(*shape: int) -> Tensor:
        return torch.empty(shape, device=pixels.device).normal_(generator=generator)

    first = draw(count * FILTER_CHANNELS, 1, 3, 3)
    second = draw(count, FILTER_CHANNELS, 1, 1)
    mix = torch.rand(count, 1, 1, 1, device=pixels.device, generator=generator)
    row = functional.conv2d(pixels.transpose(0, 1), first, padding=1, groups=count)
    row = functional.conv2d(functional.leaky_relu(row, 0.2), second, groups=count)
    filtered = row.transpose(0, 1)
    mixed = mix * _standardise(filtered) + (1 - mix) * _standardise(pixels)
    mean, deviation = _moments(pixels)
    return (mixed * deviation + mean).clamp(0, 1)


def _lower_resolution(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """Fewer pixels and back again; one draw for the whole batch, since sizes differ only between batches."""
    share = float(torch.rand(1, device=pixels.device, generator=generator))
    side = pixels.shape[-1]
    small = max(8, round(side * (SMALLEST_RESOLUTION + (1 - SMALLEST_RESOLUTION) * share)))
    shrunk = functional.interpolate(pixels, size=(small, small), mode="bilinear", antialias=True)
    return functional.interpolate(shrunk, size=(side, side), mode="bilinear", align_corners=False).clamp(0, 1)


def _moments(pixels: Tensor) -> tuple[Tensor, Tensor]:
    mean = pixels.mean(dim=(1, 2, 3), keepdim=True)
    return mean, pixels.std(dim=(1, 2, 3), keepdim=True).clamp(min=1e-3)


def _standardise(pixels: Tensor) -> Tensor:
    mean, deviation = _moments(pixels)
    return (pixels - mean) / deviation
