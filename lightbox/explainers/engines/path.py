"""Integrated gradients along one straight path, by captum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from captum.attr import IntegratedGradients

from lightbox.explainers.badges import SMALLEST_CLIMB
from lightbox.explainers.engines.batches import scans_at_once
from lightbox.explainers.engines.precision import departure, passes

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor, nn

MOST_AT_ONCE = 4  # points differentiated: quickest on two cores


@dataclass(frozen=True, slots=True)
class Path:
    """One integral.

    Args:
        values: (3, H, W).
        steps: points used.
        total: sum of the values.
        difference: logit at the scan less logit at the baseline: what the total should be.
        quick: whether the gradients were computed in bfloat16.
    """

    values: Tensor
    steps: int
    total: float
    difference: float
    quick: bool = False

    @property
    def gap(self) -> float:
        """How far the total is off, relative to the difference or to a thousandth of a logit."""
        return abs(self.total - self.difference) / max(abs(self.difference), SMALLEST_CLIMB)


def integrate(
    module: nn.Module,
    x: Tensor,
    baseline: Tensor,
    index: int,
    *,
    steps: int,
    quick: bool,
    after_chunk: Callable[[int], None],
) -> Path:
    """The path integral of the gradient of one logit, times the way.

    The logits at its ends, which the sum is checked against, are in full precision whatever the gradients are in.

    Args:
        module: (N, 3, H, W) to (N, classes).
        x: (1, 3, H, W), where the path ends.
        baseline: same shape, where it starts.
        index: the class.
        steps: Gauss-Legendre points.
        quick: whether the gradients are computed in bfloat16.
        after_chunk: called with the number of points done.
    """
    done = 0

    def logits(points: Tensor) -> Tensor:
        nonlocal done
        with passes(module, quick=quick):
            answer: Tensor = module(points.contiguous(memory_format=torch.channels_last))
        done += len(points)
        after_chunk(done)
        return answer

    values = IntegratedGradients(logits).attribute(
        x,
        baselines=baseline,
        target=index,
        n_steps=steps,
        method="gausslegendre",
        internal_batch_size=scans_at_once(module, MOST_AT_ONCE, quick=quick),
    )
    ends = [float(module(point).detach()[0, index].double()) for point in (x, baseline)]
    return Path(values.detach()[0], steps, float(values.detach().double().sum()), ends[0] - ends[1], quick)


def quick_departure(module: nn.Module, x: Tensor, baseline: Tensor, index: int) -> float:
    """How far the map of the single gradient halfway lies in bfloat16 from that in float32, of its spread."""
    halfway = (x + baseline) / 2

    def at(point: Tensor, *, quick: bool) -> Tensor:
        with passes(module, quick=quick):
            logit = module(point.contiguous(memory_format=torch.channels_last))[0, index]
        (gradient,) = torch.autograd.grad(logit, point)
        return (gradient * (x - baseline)).sum(dim=1)

    quick, full = (at(halfway.detach().clone().requires_grad_(), quick=quick) for quick in (True, False))
    return departure(quick, full)
