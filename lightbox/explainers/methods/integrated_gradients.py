"""Integrated Gradients: the logit's climb from a baseline to the scan, shared out over the pixels."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from lightbox.explainers.badges import SMALLEST_CLIMB
from lightbox.explainers.base import Check, Explained, MethodSpec, Param, Target
from lightbox.explainers.baselines import BASELINES, DEFAULT_BASELINE, SEED_PARAM, baseline_param
from lightbox.explainers.precision import AUTO, FULL, PRECISION_PARAM, QUICK

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from lightbox.explainers.engines.path import Path
    from lightbox.networks import Network

GAP_ALLOWED = 0.01
MOST_STEPS = 512
QUICK_ENOUGH = 0.2  # departure of one gradient in bfloat16; the average over a path departs several times less
NEARLY = 0.03  # a gap that bfloat16 may be to blame for: on real scans it moved gaps by less than 0.01
STALLED = 0.75  # of the gap left after twice the steps: Gauss-Legendre leaves less where the steps were too few


def explain(
    network: Network,
    x: Tensor,
    target: Target,
    *,
    progress: Callable[[float], None],
    baseline: str = DEFAULT_BASELINE,
    steps: int = 64,
    until_complete: bool = True,
    draws: int = 1,
    precision: str = AUTO,
    seed: int = 0,
) -> Explained:
    """Relevance of each pixel along the straight path from the baseline to the scan.

    Args:
        network: the one to explain.
        x: (1, 3, H, W), normalised.
        target: the class.
        progress: called after every chunk of points.
        baseline: where the path starts; made in pixel space.
        steps: Gauss-Legendre points on the path; time grows linearly, memory does not.
        until_complete: double the steps until the completeness gap is within 1 %, up to 512.
        draws: a noisy baseline is drawn this often, with seeds counting up from ``seed``, and the maps averaged.
        precision: of the gradients; "auto" is bfloat16 for a large network on a processor made for it where one of them
            agrees with float32 and the sum closes the gap, else float32. The result's parameters say which.
        seed: of a noisy baseline.

    Returns:
        (H, W) signed relevance summed over channels. Its sum is ``logit(x) - logit(baseline)`` up to the
        completeness gap.

    Reference:
        Sundararajan, Taly, Yan (2017), arXiv:1703.01365, equations 1 and 3.
    """
    import torch

    from lightbox.explainers.engines.baseline import baseline_input
    from lightbox.explainers.engines.path import quick_departure
    from lightbox.explainers.engines.precision import may_be_quick

    count = draws if BASELINES[baseline].random else 1
    most_steps = max(steps, MOST_STEPS) if until_complete else steps
    paths: list[Path] = []
    departures: list[float] = []
    tried = precision == AUTO and may_be_quick(network.module)
    for number in range(count):
        progress(number / count)
        start = baseline_input(network, x, baseline, seed + number)
        departures.append(quick_departure(network.module, x, start, target.index) if tried else math.inf)
        quick = precision == QUICK or departures[-1] <= QUICK_ENOUGH
        report = partial(_report, progress, number / count, 1 / count)
        paths.append(
            _integrate_until(
                network,
                x,
                start,
                target.index,
                steps=steps,
                most_steps=most_steps,
                quick=quick,
                forced=precision == QUICK,
                progress=report,
            )
        )
    progress(1.0)
    return Explained(
        values=torch.stack([path.values for path in paths]).mean(dim=0).sum(dim=0),
        checks=(_completeness_check(paths), *_climb_check(paths)),
        caption=_caption(baseline, paths, departures, seed),
        used=_used(paths),
    )


def _integrate_until(
    network: Network,
    x: Tensor,
    start: Tensor,
    index: int,
    *,
    steps: int,
    most_steps: int,
    quick: bool,
    forced: bool,
    progress: Callable[[float], None],
) -> Path:
    """Double the steps until the gap is small enough or the next doubling would be one too many.

    A sum of gradients in bfloat16 is only so good. Where twice the steps leave the gap as it was, or the last ones miss
    by little, it may not be steps that are missing: the same number is computed once more in float32, and so is all
    that follows, unless bfloat16 is ``forced``.
    """
    from lightbox.explainers.engines.path import integrate

    left, gap_before = 1.0, math.inf
    while True:
        last = 2 * steps > most_steps
        # Each attempt fills half of what is left of the bar, because nobody knows whether another one follows.
        reach = left if last and (forced or not quick) else left / 2
        report = partial(_report, progress, 1.0 - left, reach / steps)
        path = integrate(network.module, x, start, index, steps=steps, quick=quick, after_chunk=report)
        if path.gap <= GAP_ALLOWED:
            return path
        left -= reach
        stalled = path.gap > STALLED * gap_before or (last and path.gap <= NEARLY)
        if quick and stalled and not forced:
            quick = False
        elif last:
            return path
        else:
            steps, gap_before = 2 * steps, path.gap


def _report(progress: Callable[[float], None], begun: float, scale: float, done: float) -> None:
    """Pass on the progress of one part of the work as progress of the whole."""
    progress(min(1.0, begun + scale * done))


def _completeness_check(paths: list[Path]) -> Check:
    """The largest gap of all draws: gaps of different sign would cancel in the mean."""
    worst = max(paths, key=lambda path: path.gap)
    if abs(worst.difference) < SMALLEST_CLIMB:
        sentence = (
            f"The logit hardly changes between baseline and scan ({worst.difference:.2g}), so there is next to nothing "
            f"to explain; the map's sum is off by {abs(worst.total - worst.difference):.2g}."
        )
    else:
        sentence = (
            f"The map sums to {worst.total:.4f}; the logit climbs by {worst.difference:.4f} from baseline to scan "
            f"(gap {worst.gap:.2%})."
        )
    if len(paths) > 1:
        sentence += f" Worst of {len(paths)} draws."
    return Check("completeness_gap", worst.gap, worst.gap <= GAP_ALLOWED, sentence)


def _climb_check(paths: list[Path]) -> tuple[Check, ...]:
    """Where the logit falls from baseline to scan, or stays: the map is right, and says something unexpected."""
    climb = sum(path.difference for path in paths) / len(paths)
    if climb >= SMALLEST_CLIMB:
        return ()
    if climb > -SMALLEST_CLIMB:
        sentence = "The network says about the same of baseline and scan, so the map has next to nothing to share out."
    else:
        sentence = (
            f"The baseline speaks more for this class than the scan does: the logit falls by {-climb:.4f} from one to "
            "the other, and the map sums to that fall. Another baseline asks another question."
        )
    return (Check("climb", climb, None, sentence),)


def _used(paths: list[Path]) -> dict[str, str]:
    """The precision that gives these paths again; "auto" where they differ in it."""
    kinds = {QUICK if path.quick else FULL for path in paths}
    return {"precision": kinds.pop() if len(kinds) == 1 else AUTO}


def _caption(baseline: str, paths: list[Path], departures: list[float], seed: int) -> str:
    spec = BASELINES[baseline]
    steps = max(path.steps for path in paths)
    noise = f", mean of {len(paths)} draws, seed {seed}" if spec.random else ""
    quick = [departure for path, departure in zip(paths, departures, strict=True) if path.quick]
    which = f", {len(quick)} of the draws," if 0 < len(quick) < len(paths) else ""
    off = f" (one gradient {max(quick):.0%} off float32)" if quick and math.isfinite(max(quick)) else ""
    precision = f"{which} in bfloat16{off}" if quick else ""
    return f"Baseline: {spec.title.lower()}{noise}; {steps} Gauss-Legendre steps{precision}."


SPEC = MethodSpec(
    key="integrated_gradients",
    title="Integrated Gradients",
    signed=True,
    reference="Sundararajan, Taly, Yan (2017), arXiv:1703.01365",
    explain=explain,
    params=(
        baseline_param("Baseline", "Where the path starts: pixels equal to the baseline get no relevance."),
        Param("steps", "Steps", 64, 8, 512, help="Points on the path; more close the completeness gap, and take time."),
        Param(
            "until_complete",
            "Until complete",
            default=True,
            help="Double the steps until the map's sum is within 1 % of the logit's climb, up to 512.",
        ),
        Param("draws", "Noise draws", 1, 1, 32, help="A noisy baseline is drawn this often and the maps averaged."),
        PRECISION_PARAM,
        SEED_PARAM,
    ),
    cost="medium",
    summary="Walks from a baseline to the scan and adds up, pixel by pixel, what each step does to the logit.",
)
