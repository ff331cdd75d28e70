"""Class activation maps by pytorch-grad-cam, raw: neither rescaled nor clipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from lightbox.networks.engines import torchvision_import  # noqa: F401  (must precede pytorch_grad_cam, which imports torchvision)

# isort: split
from pytorch_grad_cam import GradCAM, GradCAMPlusPlus, HiResCAM, LayerCAM

if TYPE_CHECKING:
    from torch import Tensor, nn

VARIANTS = {
    "grad_cam": GradCAM,
    "grad_cam_plus_plus": GradCAMPlusPlus,
    "hires_cam": HiResCAM,
    "layer_cam": LayerCAM,
}


def raw_map(module: nn.Module, layer: str, x: Tensor, index: int, variant: str) -> Tensor:
    """(h, w) on the layer's own grid: the weighted sum of its channels, before any ReLU.

    Args:
        module: the network, in evaluation mode.
        layer: name of one of its modules.
        x: (1, 3, H, W).
        index: a class that exists. The library swallows the error of one that does not.
        variant: key of `VARIANTS`.
    """
    scan = x.detach().clone().requires_grad_()
    target_layer = module.get_submodule(layer)
    # Not as a context manager: its exit swallows every IndexError, ours and the network's included.
    cam = VARIANTS[variant](module, [target_layer])
    recorder = cam.activations_and_grads
    try:
        logits = recorder(scan)
        torch.autograd.grad(logits[0, index], scan)
        activations, gradients = recorder.activations[0].numpy(), recorder.gradients[0].numpy()
        values = cam.get_cam_image(scan, target_layer, None, activations, gradients, eigen_smooth=False)
    finally:
        recorder.release()
    return torch.as_tensor(values[0])


def upsample(values: Tensor, size_hw: tuple[int, int]) -> Tensor:
    """(h, w) to (H, W), bilinearly."""
    return torch.nn.functional.interpolate(values[None, None], size=size_hw, mode="bilinear", align_corners=False)[0, 0]
