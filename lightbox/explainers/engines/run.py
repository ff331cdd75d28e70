"""What every method needs once: checked inputs, a network left as it was, a checked result."""

from __future__ import annotations

import time
from dataclasses import replace
from operator import index
from typing import TYPE_CHECKING, cast

import numpy as np
import torch

from lightbox.core.errors import UserFacingError
from lightbox.explainers.base import Attribution, Explained, MethodSpec, Target
from lightbox.explainers.engines.restore_network import seeded, untouched
from lightbox.explainers.parameters import complete_params

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray
    from torch import Tensor

    from lightbox.networks import Network

NOT_FINITE = "The computation overflowed: the map contains values that are not finite."


def explain_once(
    method: MethodSpec,
    network: Network,
    x: Tensor,
    target: Target,
    *,
    progress: Callable[[float], None] | None,
    params: Mapping[str, object],
) -> Attribution:
    """See `lightbox.explainers.run`."""
    complete = complete_params(method, network.spec, params)
    # Leaving inference mode and turning gradients on holds whatever the caller's mode is.
    with torch.inference_mode(mode=False), torch.enable_grad(), untouched(network.module):
        own = _own_copy(network, x)
        with seeded(int(complete.get("seed", 0)), own.device):
            logits = network.logits(own)[0]
            target = _check_target(network, logits, target, contrastive=method.contrastive)
            started = time.perf_counter()
            explained = method.explain(network, own, target, progress=progress or _ignore, **complete)
            seconds = time.perf_counter() - started
    values = _as_map(method, explained, (x.shape[2], x.shape[3]))
    finite = bool(np.isfinite(values).all())
    return Attribution(
        values=values,
        method=method.key,
        target=target if explained.against_used else replace(target, against=None),
        params={**complete, **explained.used},
        seconds=seconds,
        checks=explained.checks,
        caption=explained.caption,
        withheld=explained.withheld or ("" if finite else NOT_FINITE),
        scale_note=explained.scale_note,
        signed=method.signed if explained.signed is None else explained.signed,
        logit=float(logits[target.index]),
    )


def _ignore(_fraction: float) -> None:
    """The progress of a run that nobody watches."""


def _own_copy(network: Network, x: Tensor) -> Tensor:
    """A copy of the scan where the network's weights are, in their precision: engines change the input's flags."""
    if x.ndim != 4 or x.shape[0] != 1 or x.shape[1] != 3 or not x.is_floating_point():
        raise ValueError(f"x is one scan, (1, 3, H, W) floating point, not {tuple(x.shape)} {x.dtype}")
    if not bool(torch.isfinite(x).all()):
        raise ValueError("x has values that are not finite")
    like = next((parameter for parameter in network.module.parameters() if parameter.is_floating_point()), x)
    return x.detach().to(like.device, like.dtype, copy=True)


def _check_target(network: Network, logits: Tensor, target: Target, *, contrastive: bool) -> Target:
    """The target with plain integers; for contrastive methods with the strongest other class where none is given."""
    wanted = _check_class(network, logits, target.index)
    if not contrastive:
        return Target(wanted, None if target.against is None else _check_class(network, logits, target.against))
    if target.against is not None:
        return Target(wanted, _check_class(network, logits, target.against))
    others = logits.detach().clone()
    others[wanted] = -torch.inf
    return replace(target, index=wanted, against=int(others.argmax()))


def _check_class(network: Network, logits: Tensor, wanted: object) -> int:
    count = logits.shape[0]
    hint = f"It tells {count} classes apart, numbered 0 to {count - 1}: {', '.join(network.classes)}."
    try:
        number = index(cast("int", wanted))  # whatever a URL or a shell brought
    except TypeError:
        number = -1
    if not 0 <= number < count or isinstance(wanted, bool):
        raise UserFacingError(f"{network.spec.title} has no class {wanted!r}.", hint)
    return number


def _as_map(method: MethodSpec, explained: Explained, size_hw: tuple[int, int]) -> NDArray[np.float32]:
    values = explained.values
    if isinstance(values, torch.Tensor):
        values = values.detach().cpu().numpy()
    with np.errstate(over="ignore"):  # a float64 beyond float32 becomes infinite, and is then withheld
        array = np.array(values, dtype=np.float32)
    if array.shape != size_hw:
        raise RuntimeError(f"{method.key} returned a map of shape {array.shape} for an input of {size_hw}")
    array.setflags(write=False)
    return array
