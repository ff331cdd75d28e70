"""How many scans go through a network at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn

LARGE = 5_000_000  # parameters: VGG16 and ResNet50 have 15 and 24 M, the ConvNet 0.04 M
FEW = 2


def scans_at_once(module: nn.Module, most: int) -> int:
    """``most`` for a small network or on an accelerator, two for a large network on a CPU.

    A job can be stopped between two batches only, and one that does not stop within five seconds loses its worker.
    On one core eight scans take VGG16 2.7 s, and four with their gradients 2.6 s; two take 0.6 and 1.2 s, at the same
    pace (0.30 s a scan instead of 0.34; ResNet50 0.119 instead of 0.107).

    The number depends on nothing that is measured while it runs: the same scan gives the same map, to the last bit.
    """
    parameters = list(module.parameters())
    on_cpu = all(parameter.device.type == "cpu" for parameter in parameters)
    large = sum(parameter.numel() for parameter in parameters) > LARGE
    return min(FEW, most) if on_cpu and large else most
