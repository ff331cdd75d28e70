"""What a page needs to know of an architecture, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """One architecture.

    Args:
        key: file name, URL value and folder name.
        title: for people.
        description: one sentence: what it is and what differs from the paper.
        reference: the paper.
        build: ``build(class_count, **architecture) -> nn.Module`` with untrained weights, on the CPU, every
            activation and pool a module of its own that is used once, nothing in place. Under torch's "meta" device
            it must do without the values of tensors, and every buffer must be in its state dictionary.
        layers: Grad-CAM's choices, module name by title; the first is the preset (the last convolution).
        stages: modules, from the finest grid to the coarsest, whose mean activations say what kind of picture it is.
        pass_seconds: one scan forward on one core, about: whose maps are expected sooner.
    """

    key: str
    title: str
    description: str
    reference: str
    build: Callable[..., nn.Module]
    layers: dict[str, str]
    stages: tuple[str, ...] = ()
    pass_seconds: float = 1.0

    def __call__(self, class_count: int, **architecture: Any) -> nn.Module:
        return self.build(class_count, **architecture)
