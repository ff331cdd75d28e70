"""Gives a network back as it was, whatever a method did to it, and says what it did."""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor, nn

_HOOK_TABLES = (
    "_forward_hooks",
    "_forward_hooks_with_kwargs",
    "_forward_hooks_always_called",
    "_forward_pre_hooks",
    "_forward_pre_hooks_with_kwargs",
    "_backward_hooks",
    "_backward_pre_hooks",
)


@contextmanager
def untouched(module: nn.Module) -> Iterator[None]:
    """Evaluation mode and frozen weights inside; modes, flags, ``.grad`` and hooks as before afterwards.

    Raises:
        RuntimeError: on leaving, where hooks had been left behind (they are removed), or weights or the module tree
            are not what they were (they cannot be put back; load the network again). An exception that is already
            on its way goes on instead, with a note.
    """
    before = _Snapshot(module)
    module.eval().requires_grad_(requires_grad=False)
    try:
        yield
    except BaseException as error:
        for complaint in before.restore():
            error.add_note(complaint)
        raise
    complaints = before.restore()
    if complaints:
        raise RuntimeError(" ".join(complaints))


class _Snapshot:
    """What a network was like: enough to put back what can be, and to notice what cannot."""

    def __init__(self, module: nn.Module) -> None:
        self.module = module
        self.tree = _tree(module)
        self.modes = [(child, child.training) for child in module.modules()]
        self.hooks = [(child, name, dict(getattr(child, name))) for child in module.modules() for name in _HOOK_TABLES]
        self.parameters = [
            (parameter, parameter.requires_grad, parameter.grad, _copy(parameter.grad))
            for parameter in module.parameters()
        ]
        self.contents = _contents(module)

    def restore(self) -> list[str]:
        """Put back modes, flags, gradients and hooks; one sentence for each thing a method left behind."""
        complaints = []
        leaked = sum(self._restore_hooks(*row) for row in self.hooks)
        if leaked:
            complaints.append(f"The method left {leaked} hooks on the network; they were removed.")
        for child, training in self.modes:
            child.training = training
        for parameter, requires_grad, grad, values in self.parameters:
            parameter.requires_grad_(requires_grad)
            parameter.grad = grad
            if grad is not None and values is not None:
                grad.copy_(values)
        if _tree(self.module) != self.tree:
            complaints.append("The method left the network's modules changed; load the network again.")
        if _contents(self.module) != self.contents:
            complaints.append("The method left the network's weights changed; load the network again.")
        return complaints

    @staticmethod
    def _restore_hooks(child: nn.Module, name: str, saved: dict[int, Any]) -> int:
        table = getattr(child, name)
        leaked = sum(key not in saved for key in table)
        if dict(table) != saved:
            table.clear()
            table.update(saved)
        return leaked


def _copy(grad: Tensor | None) -> Tensor | None:
    return None if grad is None else grad.detach().clone()


def _tree(module: nn.Module) -> list[tuple[str, int, bool]]:
    """Every module by name and identity, and whether its forward is overridden on the instance (canonizers do)."""
    return [(name, id(child), "forward" in vars(child)) for name, child in module.named_modules()]


def _contents(module: nn.Module) -> list[tuple[str, int, int, int]]:
    """Identity, memory and in-place version of every parameter and buffer: cheap, and any change shows."""
    tensors = [*module.named_parameters(), *module.named_buffers()]
    # Weights loaded under inference mode carry no version; their identity and memory still count.
    return [(name, id(t), t.data_ptr(), 0 if t.is_inference() else t._version) for name, t in tensors]  # noqa: SLF001


@contextmanager
def seeded(seed: int, device: torch.device) -> Iterator[None]:
    """The same random numbers inside every time; torch's, NumPy's and Python's generators go on as before."""
    python_state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002  (the global one is the point)
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        np.random.seed(seed)  # noqa: NPY002
        random.seed(seed)
        try:
            yield
        finally:
            random.setstate(python_state)
            np.random.set_state(numpy_state)  # noqa: NPY002
