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

    from lightbox.explainers.engines.gradient_path import Path
    from lightbox.networks import Network

GAP_ALLOWED = 0.01
MOST_STEPS = 512
QUICK_ENOUGH = 0.2  # departure of one gradient in bfloat16; the average over a path departs several times less
NEARLY = 0.03  # a gap that bfloat16 may be to blame for: on real scans it moved gaps by less than 0.01
UNEVEN_ALLOWED = 0.1  # of the pieces without their signs: maps stopped here correlate by 0.999 with the limit
MOST_QUICK_STEPS = 128  # of bfloat16: what is not closed by then is not for want of points


def explain(
    network: Network,
    x: Tensor,
    target: Target,
    *,
    progress: Callable[[float], None],
    baseline: str = DEFAULT_BASELINE,
    steps: int = 16,
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
        steps: pieces of the path to begin with. With ``until_complete`` off: Gauss-Legendre points on it.
        until_complete: halve the pieces that do not add up until the completeness gap is within 1 %, and the pieces
            without their signs within 10 %, with up to 512 points (`lightbox.explainers.engines.gradient_path.refine`).
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

    from lightbox.explainers.engines.baseline_tensor import baseline_input
    from lightbox.explainers.engines.gradient_path import quick_departure
    from lightbox.explainers.engines.precision import may_be_quick

    count = draws if BASELINES[baseline].random else 1
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
            _integrate(
                network,
                x,
                start,
                target.index,
                steps=steps,
                until_complete=until_complete,
                quick=quick,
                forced=precision == QUICK,
                progress=report,
            )
        )
    progress(1.0)
    return Explained(
        values=torch.stack([path.values for path in paths]).mean(dim=0),
        checks=(_completeness_check(paths), *_climb_check(paths)),
        caption=_caption(baseline, paths, departures, seed, until_complete=until_complete),
        used=_used(paths),
    )


def _integrate(
    network: Network,
    x: Tensor,
    start: Tensor,
    index: int,
    *,
    steps: int,
    until_complete: bool,
    quick: bool,
    forced: bool,
    progress: Callable[[float], None],
) -> Path:
    """One path. A sum of gradients in bfloat16 is only so good: where it does not close, float32 begins anew.

    With ``forced`` there is bfloat16 only.
    """
    from lightbox.explainers.engines.gradient_path import integrate, refine

    # Half of the bar is left for a second attempt where one may follow.
    span = 0.5 if quick and not forced else 1.0

    def attempt(*, quick: bool, most: int, reached: float = 0.0) -> Path:
        if not until_complete:
            done = partial(_fixed, progress, reached, span, steps)
            return integrate(network.module, x, start, index, steps=steps, quick=quick, after_chunk=done)
        return refine(
            network.module,
            x,
            start,
            index,
            steps=steps,
            most=max(most, steps + 1),
            gap_allowed=GAP_ALLOWED,
            uneven_allowed=UNEVEN_ALLOWED,
            quick=quick,
            after_chunk=partial(_open, progress, reached, span, steps + 1),
        )

    path = attempt(quick=quick, most=MOST_QUICK_STEPS if quick and not forced else MOST_STEPS)
    few = not until_complete and path.gap > NEARLY  # more points are missing, which nobody asked for
    if not quick or forced or few or path.gap <= GAP_ALLOWED:
        return path
    return attempt(quick=False, most=MOST_STEPS, reached=span)


def _fixed(progress: Callable[[float], None], reached: float, span: float, steps: int, done: int) -> None:
    """Progress where the number of points is known."""
    progress(reached + span * done / steps)


def _open(progress: Callable[[float], None], reached: float, span: float, first: int, done: int) -> None:
    """Progress where nobody knows how many points it takes: half of the bar for the first, and ever less for more."""
    progress(reached + span * done / (done + first))


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
        unevenness = [path.uneven for path in paths if path.uneven is not None]
        if unevenness:
            sentence += f" Piece by piece of the path, without their signs, the gaps sum to {max(unevenness):.0%}."
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


def _caption(baseline: str, paths: list[Path], departures: list[float], seed: int, *, until_complete: bool) -> str:
    spec = BASELINES[baseline]
    rule = "points, placed where the logit and its gradients disagreed" if until_complete else "Gauss-Legendre steps"
    steps = max(path.steps for path in paths)
    noise = f", mean of {len(paths)} draws, seed {seed}" if spec.random else ""
    quick = [departure for path, departure in zip(paths, departures, strict=True) if path.quick]
    which = f", {len(quick)} of the draws," if 0 < len(quick) < len(paths) else ""
    off = f" (one gradient {max(quick):.0%} off float32)" if quick and math.isfinite(max(quick)) else ""
    precision = f"{which} in bfloat16{off}" if quick else ""
    return f"Baseline: {spec.title.lower()}{noise}; {steps} {rule}{precision}."


SPEC = MethodSpec(
    key="integrated_gradients",
    title="Integrated Gradients",
    signed=True,
    reference="Sundararajan, Taly, Yan (2017), arXiv:1703.01365",
    explain=explain,
    params=(
        baseline_param("Baseline", "Where the path starts: pixels equal to the baseline get no relevance."),
        Param("steps", "Steps", 16, 8, 512, help="Points on the path to begin with; more close the completeness gap."),
        Param(
            "until_complete",
            "Until complete",
            default=True,
            help="Add points, up to 512, where the logit's climb and its gradients disagree, until the map's sum is "
            "within 1 % of the climb, and the pieces of the path within 10 % of theirs, summed without sign.",
        ),
        Param("draws", "Noise draws", 1, 1, 32, help="A noisy baseline is drawn this often and the maps averaged."),
        PRECISION_PARAM,
        SEED_PARAM,
    ),
    cost="medium",
    summary="Walks from a baseline to the scan and adds up, pixel by pixel, what each step does to the logit.",
)
