"""Passes through a large network in bfloat16, where the processor is made for it and the map allows it.

Whether it does is measured for each map, on a few passes in both: `departure`. On three real scans each, the four
trained large networks depart by 0.2 to 1.3 % (LIME) and by 6 to 12 % (one gradient halfway, of which the average over
a path of 32 points leaves 4 % or less); networks with random weights by 5 to 39 % and by 34 % or more.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch import nn

from lightbox.explainers.engines.batches import is_large, on_cpu

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor
    from torch.utils.hooks import RemovableHandle


def may_be_quick(module: nn.Module) -> bool:
    """Whether bfloat16 is worth trying: the weights are float32, on a CPU that multiplies it, and many.

    Small networks wait for memory rather than for arithmetic.
    """
    single = all(parameter.dtype == torch.float32 for parameter in module.parameters())
    return single and on_cpu(module) and is_large(module) and processor_pays()


def processor_pays() -> bool:
    """Whether this processor computes faster in bfloat16 than in float32: with tiles for it (AMX), and AMD's AVX-512.

    On AMD's processors its instructions take half the time of float32's. Others without tiles that were tried are
    slower at it, with or without instructions for it. ``python -m benchmarks.precision`` times both.
    """
    able = torch.cpu.get_capabilities()
    return bool(able.get("amx_bf16")) or bool(able.get("avx512_bf16") and "AMD" in str(able.get("cpu_name", "")))


def departure(quick: Tensor, full: Tensor) -> float:
    """How far numbers in bfloat16 lie from those in float32: the spread of the difference, of the spread of the latter.

    Infinite where the latter are all equal, so that there is nothing to compare with.
    """
    spread = float(full.double().std(correction=0))
    return float((quick.double() - full.double()).std(correction=0)) / spread if spread else math.inf


@contextmanager
def passes(module: nn.Module, *, quick: bool) -> Iterator[None]:
    """Where the network is called in this context, it computes in bfloat16, but for its last linear layer.

    A logit in bfloat16 has three digits, and what a hidden superpixel does to it is often in the fourth: features are
    handed to the classifier in bfloat16, and it answers in float32.
    """
    if not quick:
        yield
        return
    device = next((parameter.device.type for parameter in module.parameters()), "cpu")
    handles: list[RemovableHandle] = []
    for layer in [layer for layer in module.modules() if isinstance(layer, nn.Linear)][-1:]:
        handles.append(layer.register_forward_pre_hook(_in_full))
        handles.append(layer.register_forward_hook(_in_bfloat16_again, always_call=True))
    try:
        with torch.autocast(device, dtype=torch.bfloat16):
            yield
    finally:
        for handle in handles:
            handle.remove()


def _in_full(layer: nn.Linear, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    torch.set_autocast_enabled(layer.weight.device.type, False)  # noqa: FBT003  (torch's signature)
    return tuple(tensor.to(layer.weight.dtype) for tensor in inputs)


def _in_bfloat16_again(layer: nn.Linear, _inputs: object, _output: object) -> None:
    torch.set_autocast_enabled(layer.weight.device.type, True)  # noqa: FBT003
