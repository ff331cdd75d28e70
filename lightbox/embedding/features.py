"""What a network makes of a picture on the way to its answer: mean activations, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.imaging.preprocess import resize

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from torch import Tensor, nn
    from torch.utils.hooks import RemovableHandle

    from lightbox.networks import Network

BATCH = 16
# Side of the coarse copy of the picture: enough to tell a chest from a head, too little to tell two patients.
LAYOUT_SIDE = 12


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """What a network made of N pictures.

    Args:
        pooled: (N, D) float32, the input of the last linear layer: the last convolution's global average.
        blocks: (N, d) float32 each: the picture on a coarse grid, then the channel means of each stage of the network.
        logits: (N, classes) float32.
    """

    pooled: NDArray[np.float32]
    blocks: tuple[NDArray[np.float32], ...]
    logits: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.pooled)

    def take(self, indices: Sequence[int] | NDArray[np.int64]) -> Features:
        """The same for some of the pictures."""
        return Features(self.pooled[indices], tuple(block[indices] for block in self.blocks), self.logits[indices])


def extract(network: Network, pixels: NDArray[np.float32]) -> Features:
    """Features of prepared pixels, (N, S, S) float32 in 0..1, on whatever device the network is.

    Raises:
        ValueError: the architecture has no linear layer, or a stage that it names does not exist.
    """
    seen: dict[str, Tensor] = {}
    handles = _watch(network, seen)
    device = next(network.module.parameters()).device
    rows: list[list[NDArray[np.float32]]] = []
    try:
        for start in range(0, len(pixels), BATCH):
            seen.clear()
            logits = network.logits(network.to_input(pixels[start : start + BATCH]).to(device))
            stages = [seen[name] for name in network.spec.stages]
            rows.append([part.float().cpu().numpy() for part in (seen["pooled"], logits, *stages)])
    finally:
        for handle in handles:
            handle.remove()
    pooled, logits_all, *stages_all = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    return Features(pooled, (_layouts(pixels), *stages_all), logits_all)


def join(parts: Iterable[Features]) -> Features:
    """Several sets, one after the other."""
    listed = list(parts)
    return Features(
        np.concatenate([part.pooled for part in listed]),
        tuple(np.concatenate(blocks) for blocks in zip(*(part.blocks for part in listed), strict=True)),
        np.concatenate([part.logits for part in listed]),
    )


def _watch(network: Network, seen: dict[str, Tensor]) -> list[RemovableHandle]:
    """Hooks that leave the pooled features and the stages' channel means in ``seen``."""
    modules = dict(network.module.named_modules())
    absent = [name for name in network.spec.stages if name not in modules]
    if absent:
        raise ValueError(f"{network.spec.key} has no module {', '.join(absent)}")
    handles = [_last_linear(network.module).register_forward_pre_hook(lambda _, x: seen.update(pooled=x[0]))]

    def keep(name: str) -> RemovableHandle:
        handle: RemovableHandle = modules[name].register_forward_hook(
            lambda _module, _x, y: seen.update({name: y.mean(dim=(2, 3))})
        )
        return handle

    return [*handles, *(keep(name) for name in network.spec.stages)]


def _last_linear(module: nn.Module) -> nn.Module:
    from torch import nn

    linear = [child for child in module.modules() if isinstance(child, nn.Linear)]
    if not linear:
        raise ValueError("the architecture has no linear layer")
    return linear[-1]


def _layouts(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    small = [resize(np.ascontiguousarray(one, dtype=np.float32), (LAYOUT_SIDE, LAYOUT_SIDE)) for one in pixels]
    return np.stack(small).reshape(len(pixels), -1)
