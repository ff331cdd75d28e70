"""Integrated gradients along one straight path: at given points by captum, or at as many as it takes."""

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
SHORTEST = 1e-5  # of a path: float32 tells no two points apart that are much closer
HALF = 0.5  # of what does not add up is refined at once: fewer would leave a batch half empty


@dataclass(frozen=True, slots=True)
class Path:
    """One integral.

    Args:
        values: (H, W), summed over channels.
        steps: points at which the gradient was asked.
        total: sum of the values.
        difference: logit at the scan less logit at the baseline: what the total should be.
        quick: whether the gradients were computed in bfloat16.
        uneven: how far the pieces of the path are off their own climbs, summed without sign, relative as `gap`. Errors
            of two pieces may cancel in the gap, never here. None where it was not measured.
    """

    values: Tensor
    steps: int
    total: float
    difference: float
    quick: bool = False
    uneven: float | None = None

    @property
    def gap(self) -> float:
        """How far the total is off, relative to the difference or to a thousandth of a logit."""
        return _relative(abs(self.total - self.difference), self.difference)


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
    """The path integral of the gradient of one logit, times the way, at a fixed number of points, by captum.

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
    total = float(values.detach().double().sum())
    return Path(values.detach()[0].sum(dim=0), steps, total, _climb(module, x, baseline, index), quick)


def refine(
    module: nn.Module,
    x: Tensor,
    baseline: Tensor,
    index: int,
    *,
    steps: int,
    most: int,
    gap_allowed: float,
    uneven_allowed: float,
    quick: bool,
    after_chunk: Callable[[int], None],
) -> Path:
    """The same integral by the trapezoidal rule, with points added where it does not add up; none is asked twice.

    Each point's pass gives its logit beside its gradient. So of each piece between two points it is known by how much
    the logit climbs there, and whether the two gradients sum to that: the pieces that are off most are halved, until
    the whole is within ``gap_allowed`` and the pieces, without their signs, within ``uneven_allowed``. Nothing is
    scaled to fit: the gap stays a check.

    In bfloat16 a logit is too coarse for the climb of a piece. It still tells where to look, and the whole is checked
    against the ends in full precision; the pieces are not.

    Args:
        module: (N, 3, H, W) to (N, classes).
        x: (1, 3, H, W), where the path ends.
        baseline: same shape, where it starts.
        index: the class.
        steps: pieces of equal length to begin with.
        most: points asked at most.
        gap_allowed: relative, of the whole.
        uneven_allowed: relative, of the pieces summed without sign.
        quick: whether gradients and logits on the path are computed in bfloat16.
        after_chunk: called with the number of points done.

    Reference:
        Sundararajan, Taly, Yan (2017), arXiv:1703.01365, equation 1; completeness (their proposition 1) holds for each
        piece of the path as for the whole.
    """
    difference = _climb(module, x, baseline, index)
    points = torch.linspace(0, 1, steps + 1, dtype=torch.float64)
    maps, logits = _ask(module, x, baseline, index, points, quick=quick, before=0, after_chunk=after_chunk)
    while True:
        slopes = maps.sum(dim=(1, 2), dtype=torch.float64).cpu()
        pieces = (slopes[1:] + slopes[:-1]) / 2 * points.diff()
        total = float(pieces.sum())
        off = (pieces - logits.diff()).abs()
        uneven = _relative(float(off.sum()), difference)
        gap = _relative(abs(total - difference), difference)
        if gap <= gap_allowed and (quick or uneven <= uneven_allowed):
            break
        chosen = _choose(off, points, most - len(points))
        if not len(chosen):
            break
        new = (points[chosen] + points[chosen + 1]) / 2
        new_maps, new_logits = _ask(
            module, x, baseline, index, new, quick=quick, before=len(points), after_chunk=after_chunk
        )
        order = torch.cat([points, new]).argsort()
        points = torch.cat([points, new])[order]
        maps, logits = torch.cat([maps, new_maps])[order], torch.cat([logits, new_logits])[order]
    weights = torch.zeros_like(points)
    weights[1:] += points.diff() / 2
    weights[:-1] += points.diff() / 2
    values = torch.einsum("n,nhw->hw", weights.to(maps), maps)
    return Path(values, len(points), total, difference, quick, None if quick else uneven)


def _choose(off: Tensor, points: Tensor, room: int) -> Tensor:
    """(k,) the pieces to halve: those most off, with half of all that is off; none too short for float32 to halve."""
    order = off.argsort(descending=True)
    order = order[points.diff()[order] > 2 * SHORTEST]
    count = int((off[order].cumsum(0) < HALF * off.sum()).sum()) + 1
    return order[: max(0, min(count, room))]


def _ask(
    module: nn.Module,
    x: Tensor,
    baseline: Tensor,
    index: int,
    places: Tensor,
    *,
    quick: bool,
    before: int,
    after_chunk: Callable[[int], None],
) -> tuple[Tensor, Tensor]:
    """(n, H, W) gradients times the way, summed over channels, and (n,) logits, at places of the path in 0..1.

    The maps stay where the network is, the logits come to the processor, where the points are. ``before`` points were
    asked earlier.
    """
    way = x - baseline
    maps, logits = [], []
    for chunk in places.to(x).split(scans_at_once(module, MOST_AT_ONCE, quick=quick)):
        at = (baseline + chunk.view(-1, 1, 1, 1) * way).detach().requires_grad_()
        with passes(module, quick=quick):
            answer = module(at.contiguous(memory_format=torch.channels_last))[:, index]
        (gradients,) = torch.autograd.grad(answer.sum(), at)
        maps.append((gradients * way).sum(dim=1).detach())
        logits.append(answer.detach().double().cpu())
        after_chunk(before + sum(map(len, logits)))
    return torch.cat(maps), torch.cat(logits)


def _climb(module: nn.Module, x: Tensor, baseline: Tensor, index: int) -> float:
    """The logit at the scan less that at the baseline, in full precision."""
    ends = [float(module(point).detach()[0, index].double()) for point in (x, baseline)]
    return ends[0] - ends[1]


def _relative(off: float, difference: float) -> float:
    return off / max(abs(difference), SMALLEST_CLIMB)


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
