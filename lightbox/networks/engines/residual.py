"""torchvision's ResNet blocks with every step a module of its own.

The stock block calls one in-place ReLU three times and adds with ``+=``: hooks can see
neither (captum's LRP on it returned relevance that sums to -1.5e29 for a logit of 25).
Names of parameters stay torchvision's, so its state dictionaries load.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from lightbox.networks.engines.torchvision_import import models


class Add(nn.Module):
    """The residual addition, as a module that hooks and canonizers can find."""

    def forward(self, branch: Tensor, identity: Tensor) -> Tensor:
        return branch + identity


class SeparateBottleneck(models.resnet.Bottleneck):  # type: ignore[misc,name-defined]
    """A bottleneck block whose three ReLUs and whose addition are separate modules."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.relu = nn.Identity()  # never called; the stock forward is replaced below
        self.relu1, self.relu2, self.relu3 = nn.ReLU(), nn.ReLU(), nn.ReLU()
        self.add = Add()

    def forward(self, x: Tensor) -> Tensor:
        identity = x if self.downsample is None else self.downsample(x)
        branch = self.relu1(self.bn1(self.conv1(x)))
        branch = self.relu2(self.bn2(self.conv2(branch)))
        branch = self.bn3(self.conv3(branch))
        output: Tensor = self.relu3(self.add(branch, identity))
        return output


def build_resnet50(class_count: int) -> nn.Module:
    """ResNet50 with torchvision's parameter names, (N, 3, H, W) to (N, class_count) logits."""
    network: nn.Module = models.ResNet(SeparateBottleneck, [3, 4, 6, 3], num_classes=class_count)
    network.relu = nn.ReLU()
    return network
