"""Networks that tests explain: seeded, random, and not trivial (batch norm statistics, biases)."""

from __future__ import annotations

from functools import cache

import torch
from torch import nn

from lightbox.imaging.preprocess import Preprocessing
from lightbox.networks import NETWORKS, Network, NetworkSpec

CLASSES = ("normal", "bacterial", "viral")


@cache
def random_network(key: str, size: int, *, double: bool = False) -> Network:
    """An architecture with seeded weights. Batch norms have met data, and every bias is something.

    Zero biases would make completeness and conservation trivially true.
    """
    generator = torch.Generator().manual_seed(7)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        module = NETWORKS[key].build(len(CLASSES))
    norms = [child for child in module.modules() if isinstance(child, nn.BatchNorm2d)]
    with torch.no_grad():
        for norm in norms:
            norm.weight.uniform_(0.5, 1.5, generator=generator)
            norm.bias.normal_(0, 0.3, generator=generator)
            norm.momentum = 1.0
        for layer in module.modules():
            if isinstance(layer, nn.Linear):
                layer.weight.normal_(0, 0.3, generator=generator)
                layer.bias.normal_(0, 0.05, generator=generator)
        module.train()(torch.randn(4, 3, min(size, 96), min(size, 96), generator=generator))
        for norm in norms:
            norm.momentum = 0.1
            norm.running_var.clamp_(min=0.05)
    module.eval().requires_grad_(False)
    if double:
        module.double()
    mean = torch.linspace(0, 1, size).repeat(size, 1).numpy()
    return Network(NETWORKS[key], module, CLASSES, Preprocessing(size=size), "0" * 64, training_mean=mean)


def wrap(module: nn.Module, *, size: int = 8, layer: str = "0", classes: int = 3) -> Network:
    """Any module as a `Network`, with mean 0 and standard deviation 1 so that pixels are the input."""
    spec = NetworkSpec("toy", "Toy", "", "", lambda _count: module, {"First": layer})
    plain = Preprocessing(size=size, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))
    return Network(spec, module.eval(), tuple(f"class{index}" for index in range(classes)), plain, "0" * 64)


def grey_scan(network: Network, seed: int = 3) -> torch.Tensor:
    """A smooth grey picture with a bright disc, normalised for the network, in its precision."""
    size = network.preprocessing.size
    axis = torch.linspace(-1, 1, size)
    radius = (axis[:, None] - 0.2) ** 2 + (axis[None, :] + 0.3) ** 2
    noise = torch.rand(size, size, generator=torch.Generator().manual_seed(seed))
    pixels = (0.3 + 0.5 * (radius < 0.15) + 0.15 * noise).clamp(0, 1)
    x = network.to_input(pixels.numpy())
    like = next(network.module.parameters(), x)
    return x.to(like.dtype)
