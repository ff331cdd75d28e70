"""VGG16 with batch norm, and global average pooling in place of its 124 M parameter classifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.networks.spec import NetworkSpec

if TYPE_CHECKING:
    from torch import nn


def build(class_count: int) -> nn.Module:
    """(N, 3, H, W) to (N, class_count) logits; ``features`` carries torchvision's parameter names."""
    from collections import OrderedDict

    from torch import nn

    from lightbox.networks.engines.torchvision_import import models

    features = models.vgg16_bn(weights=None).features
    for module in features:
        if isinstance(module, nn.ReLU):
            module.inplace = False
    return nn.Sequential(
        OrderedDict(
            features=features,
            average=nn.AdaptiveAvgPool2d(1),
            flatten=nn.Flatten(),
            classifier=nn.Linear(512, class_count),
        )
    )


SPEC = NetworkSpec(
    key="vgg16",
    title="VGG16",
    description=(
        "torchvision's vgg16_bn features, then global average pooling and one linear layer: "
        "15 M parameters instead of 138 M."
    ),
    reference="Simonyan, Zisserman (2015), arXiv:1409.1556",
    build=build,
    layers={
        "Block 5 (last convolution)": "features.42",
        "Block 4": "features.32",
        "Block 3": "features.22",
    },
    stages=("features.5", "features.12", "features.22", "features.32", "features.42"),
    pass_seconds=0.3,
)
