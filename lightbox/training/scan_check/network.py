"""The detector as it learns: the same layers in torch, with batch norm between them."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, cast

import torch
from torch import nn

from lightbox.scan_check.detector import BLOCKS
from lightbox.scan_check.verdicts import ANSWERS
from lightbox.scan_check.view import VIEW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

CHANNELS = (16, 32, 64, 96)
MIXED, HIDDEN = 24, 96


def build() -> nn.Sequential:
    """(N, 1, 64, 64) in 0..1 to (N, answers) logits."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    before = 1
    for block, width in enumerate(CHANNELS, start=1):
        layers[f"conv{block}"] = nn.Conv2d(before, width, 3, padding=1, bias=False)
        layers[f"norm{block}"] = nn.BatchNorm2d(width)
        layers[f"relu{block}"] = nn.ReLU(inplace=True)
        layers[f"pool{block}"] = nn.MaxPool2d(2)
        before = width
    side = VIEW.size // 2**BLOCKS
    layers["mix"] = nn.Conv2d(before, MIXED, 1)
    layers["mix_relu"] = nn.ReLU(inplace=True)
    layers["flatten"] = nn.Flatten()
    layers["drop"] = nn.Dropout(0.3)
    layers["hidden"] = nn.Linear(MIXED * side * side, HIDDEN)
    layers["hidden_relu"] = nn.ReLU(inplace=True)
    layers["answer"] = nn.Linear(HIDDEN, len(ANSWERS))
    return nn.Sequential(layers)


def fold(network: nn.Sequential) -> dict[str, Tensor]:
    """The weights as `lightbox.scan_check.detector.Detector` wants them, batch norm folded into the convolutions."""
    layers = dict(network.named_children())
    weights: dict[str, Tensor] = {}
    for block in range(1, BLOCKS + 1):
        convolution, norm = cast("nn.Conv2d", layers[f"conv{block}"]), cast("nn.BatchNorm2d", layers[f"norm{block}"])
        mean, variance = cast("Tensor", norm.running_mean), cast("Tensor", norm.running_var)
        scale = norm.weight / torch.sqrt(variance + norm.eps)
        weights[f"conv{block}"] = convolution.weight * scale[:, None, None, None]
        weights[f"conv{block}.bias"] = norm.bias - mean * scale
    weights["mix"] = cast("Tensor", layers["mix"].weight)[:, :, 0, 0]
    weights["mix.bias"] = cast("Tensor", layers["mix"].bias)
    for name in ("hidden", "answer"):
        weights[name] = cast("Tensor", layers[name].weight)
        weights[f"{name}.bias"] = cast("Tensor", layers[name].bias)
    return {name: value.detach().float().contiguous() for name, value in weights.items()}


def unfold(weights: Mapping[str, Tensor]) -> nn.Sequential:
    """A network that gives what folded weights give, in evaluation mode; its batch norms do nothing yet."""
    network = build()
    layers = dict(network.named_children())
    state = network.state_dict()
    for block in range(1, BLOCKS + 1):
        norm = cast("nn.BatchNorm2d", layers[f"norm{block}"])
        state[f"conv{block}.weight"] = weights[f"conv{block}"].float()
        state[f"norm{block}.bias"] = weights[f"conv{block}.bias"].float()
        state[f"norm{block}.running_var"] = torch.full_like(state[f"norm{block}.running_var"], 1 - norm.eps)
    state["mix.weight"] = weights["mix"].float()[:, :, None, None]
    state["mix.bias"] = weights["mix.bias"].float()
    for name in ("hidden", "answer"):
        state[f"{name}.weight"] = weights[name].float()
        state[f"{name}.bias"] = weights[f"{name}.bias"].float()
    network.load_state_dict(state)
    return network.eval()
