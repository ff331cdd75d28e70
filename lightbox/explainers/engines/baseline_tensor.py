"""Baselines as tensors in a network's input space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from lightbox.explainers.baselines import BASELINES

if TYPE_CHECKING:
    from torch import Tensor

    from lightbox.networks import Network


def baseline_input(network: Network, x: Tensor, key: str, seed: int = 0) -> Tensor:
    """The baseline of a normalised scan, made in pixel space and then normalised.

    Args:
        network: whose normalisation and training mean are used.
        x: (1, 3, H, W), normalised.
        key: of `BASELINES`.
        seed: of the noise.

    Returns:
        (1, 3, H, W) of x's dtype and device, normalised.

    Raises:
        UserFacingError: see `BaselineSpec.make`.
    """
    pixels = network.denormalise(x).detach().cpu().numpy()
    made = BASELINES[key].make(pixels, seed, network.training_mean)
    return network.normalise(torch.as_tensor(made, dtype=x.dtype, device=x.device))
