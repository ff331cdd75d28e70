"""The small ConvNet: one to five blocks of convolution, batch norm, ReLU and max-pool."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from lightbox.networks.spec import NetworkSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import nn

CHANNELS = (16, 36, 45, 54)
MOST_BLOCKS = 5
WIDEST = 512


def build(class_count: int, *, channels: Sequence[int] = CHANNELS) -> nn.Module:
    """(N, 3, H, W) to (N, class_count) logits; 3x3 convolutions without padding, global average pooling.

    Args:
        class_count: number of logits.
        channels: of each block, from the input on: one to five. The last block is called 4 whatever their number,
            so that the same names mean the same distance from the answer.

    Raises:
        ValueError: another number of blocks, or a width that is none.
    """
    from torch import nn

    if not 1 <= len(channels) <= MOST_BLOCKS:
        raise ValueError(f"the ConvNet has 1 to {MOST_BLOCKS} blocks, not {len(channels)}")
    if not all(isinstance(width, int) and 1 <= width <= WIDEST for width in channels):
        raise ValueError(f"a block has 1 to {WIDEST} channels, not {list(channels)}")
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    before = 3
    for block, width in enumerate(channels, start=len(CHANNELS) - len(channels) + 1):
        layers[f"conv{block}"] = nn.Conv2d(before, width, kernel_size=3)
        layers[f"norm{block}"] = nn.BatchNorm2d(width)
        layers[f"relu{block}"] = nn.ReLU()
        layers[f"pool{block}"] = nn.MaxPool2d(2)
        before = width
    layers["average"] = nn.AdaptiveAvgPool2d(1)
    layers["flatten"] = nn.Flatten()
    layers["classifier"] = nn.Linear(before, class_count)
    return nn.Sequential(layers)


def smallest_size(blocks: int) -> int:
    """Side of the smallest input grid that so many blocks leave a pixel of."""
    side = 1
    for _block in range(blocks):
        side = 2 * side + 2
    return side


SPEC = NetworkSpec(
    key="convnet",
    title="ConvNet",
    description="Four or five blocks of 3x3 convolution, batch norm, ReLU and max-pool; small and quick.",
    reference="",
    build=build,
    layers={"Block 4 (last convolution)": "relu4", "Block 3": "relu3", "Block 2": "relu2"},
    stages=("relu1", "relu2", "relu3", "relu4"),
    pass_seconds=0.01,
)
