"""How many scans go through a network at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn

LARGE = 5_000_000  # parameters: VGG16 and ResNet50 have 15 and 24 M, the ConvNet 0.04 M
FEW = 2


def scans_at_once(module: nn.Module, most: int, *, quick: bool = False) -> int:
    """``most`` for a small network, on an accelerator, or in bfloat16; two for a large network on a CPU otherwise.

    Progress is reported between two batches only, and outside the engine's workers a run stops there only. On one core
    two scans at once go at the pace of eight, and answer sooner. ``quick`` passes are soon over in any case.

    The number depends on no time that is measured while it runs: the same scan gives the same map, to the last bit.
    """
    return most if quick or not on_cpu(module) or not is_large(module) else min(FEW, most)


def is_large(module: nn.Module) -> bool:
    return sum(parameter.numel() for parameter in module.parameters()) > LARGE


def on_cpu(module: nn.Module) -> bool:
    return all(parameter.device.type == "cpu" for parameter in module.parameters())
