"""ResNet50, torchvision's, with every activation and addition a module of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.networks.spec import NetworkSpec

if TYPE_CHECKING:
    from torch import nn


def build(class_count: int) -> nn.Module:
    """(N, 3, H, W) to (N, class_count) logits."""
    from lightbox.networks.engines.residual import build_resnet50

    return build_resnet50(class_count)


SPEC = NetworkSpec(
    key="resnet50",
    title="ResNet50",
    description="Fifty layers of residual bottleneck blocks, torchvision's version 1.5; 23.5 M parameters.",
    reference="He, Zhang, Ren, Sun (2016), arXiv:1512.03385",
    build=build,
    layers={"Stage 4 (last convolution)": "layer4", "Stage 3": "layer3", "Stage 2": "layer2"},
    stages=("relu", "layer1", "layer2", "layer3"),
    pass_seconds=0.1,
)
