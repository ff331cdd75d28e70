"""A job that nobody wants any more stops between two of torch's operations, in the middle of a pass too.

A batch of a large network takes seconds where other programs want the cores; one operation of it takes tenths of one.
Nothing is computed otherwise than without: the operations are watched, not changed.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_here = threading.local()


class Cancelled(Exception):  # noqa: N818  (it is not an error)
    """Nobody wants the running job any more."""


@contextmanager
def heeding(is_wanted: Callable[[], bool]) -> Iterator[None]:
    """In this context and thread `check` asks this."""
    _here.is_wanted = is_wanted
    try:
        yield
    finally:
        del _here.is_wanted


def check() -> None:
    """Raise `Cancelled` where this thread runs a job that nobody wants any more."""
    is_wanted = getattr(_here, "is_wanted", None)
    if is_wanted is not None and not is_wanted():
        raise Cancelled


@contextmanager
def between_operations() -> Iterator[None]:
    """`check` before each operation of torch that this thread begins, and where one going backward reads what was kept.

    Raised once: what then puts things in order runs to its end, and may use torch for it.
    """
    import torch
    from torch.overrides import TorchFunctionMode

    raised = False

    def look() -> None:
        nonlocal raised
        if not raised:
            try:
                check()
            except Cancelled:
                raised = True
                raise

    class Watched(TorchFunctionMode):
        def __torch_function__(
            self,
            operation: Callable[..., Any],
            _types: object,
            arguments: tuple[Any, ...] = (),
            options: dict[str, Any] | None = None,
        ) -> Any:
            look()
            return operation(*arguments, **(options or {}))

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        return tensor

    def give_back(tensor: torch.Tensor) -> torch.Tensor:
        look()
        return tensor

    with Watched(), torch.autograd.graph.saved_tensors_hooks(keep, give_back):
        yield
