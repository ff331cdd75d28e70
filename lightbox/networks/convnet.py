"""The small ConvNet: four blocks of convolution, batch norm, ReLU and max-pool."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from lightbox.networks.spec import NetworkSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import nn

CHANNELS = (16, 36, 45, 54)


def build(class_count: int, *, channels: Sequence[int] = CHANNELS) -> nn.Module:
    """(N, 3, H, W) to (N, class_count) logits; 3x3 convolutions without padding, global average pooling."""
    from torch import nn

    layers: OrderedDict[str, nn.Module] = OrderedDict()
    before = 3
    for block, width in enumerate(channels, start=1):
        layers[f"conv{block}"] = nn.Conv2d(before, width, kernel_size=3)
        layers[f"norm{block}"] = nn.BatchNorm2d(width)
        layers[f"relu{block}"] = nn.ReLU()
        layers[f"pool{block}"] = nn.MaxPool2d(2)
        before = width
    layers["average"] = nn.AdaptiveAvgPool2d(1)
    layers["flatten"] = nn.Flatten()
    layers["classifier"] = nn.Linear(before, class_count)
    return nn.Sequential(layers)


SPEC = NetworkSpec(
    key="convnet",
    title="ConvNet",
    description="Four blocks of 3x3 convolution, batch norm, ReLU and max-pool (16, 36, 45, 54 channels); quick.",
    reference="",
    build=build,
    layers={"Block 4 (last convolution)": "relu4", "Block 3": "relu3", "Block 2": "relu2"},
    stages=("relu1", "relu2", "relu3", "relu4"),
)
