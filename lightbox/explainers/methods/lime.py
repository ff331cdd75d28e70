"""LIME: a linear model of what hiding each superpixel does to the logit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lightbox.explainers.base import Check, Explained, MethodSpec, Param, Target
from lightbox.explainers.baselines import BASELINES, DEFAULT_BASELINE, SEED_PARAM, baseline_param
from lightbox.explainers.precision import AUTO, FULL, PRECISION_PARAM, QUICK

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from lightbox.explainers.engines.perturbation import Surrogate
    from lightbox.networks import Network

STABLE = 0.9  # "until stable" stops at this agreement between two halves of the samples
UNSTABLE = 0.7  # below this the ranking of superpixels is mostly chance, and the map gets a badge
QUICK_ENOUGH = 0.02  # departure of a logit in bfloat16, of how it varies: a fiftieth of what is explained
ENOUGH_R2 = 0.5  # below this the surrogate misses more than it explains
MOST_SAMPLES = 4096


def explain(
    network: Network,
    x: Tensor,
    target: Target,
    *,
    progress: Callable[[float], None],
    superpixels: int = 40,
    samples: int = 256,
    until_stable: bool = False,
    sampler: str = "balanced",
    baseline: str = DEFAULT_BASELINE,
    ridge: float = 1.0,
    precision: str = AUTO,
    seed: int = 0,
) -> Explained:
    """Weight of each superpixel in a linear surrogate of the logit.

    Args:
        network: the one to explain.
        x: (1, 3, H, W), normalised.
        target: the class.
        progress: called after every batch.
        superpixels: SLIC is asked for this many and finds about as many.
        samples: perturbed scans; "balanced" rounds up to whole designs.
        until_stable: double the samples until two halves of them agree (Spearman 0.9), up to 4096.
        sampler: "balanced" (randomised Hadamard designs with fold-over) or "independent" (lime's own coin tosses).
        baseline: what hidden superpixels show; made in pixel space.
        ridge: penalty of the surrogate; 1 is lime's, 0 recovers a linear model exactly.
        precision: of the passes; "auto" is bfloat16 for a large network on a processor made for it where a few samples
            agree with float32, else float32. The result's parameters say which.
        seed: of the sampler and of a noisy fill.

    Returns:
        (H, W) signed: every pixel holds its superpixel's weight, the change of the logit when it is shown.

    Note:
        Stock lime explains the probability and segments with quickshift; this explains the logit, as every method
        here does, and segments with SLIC. Same kernel, same surrogate.

    Reference:
        Ribeiro, Singh, Guestrin (2016), arXiv:1602.04938.
    """
    from lightbox.explainers.engines import perturbation
    from lightbox.explainers.engines.baseline_tensor import baseline_input
    from lightbox.explainers.engines.precision import may_be_quick
    from lightbox.explainers.engines.sampling_design import build_sampler

    pixels = network.denormalise(x)[0].mean(dim=0).clamp(0, 1).cpu().numpy()
    segments = perturbation.find_superpixels(pixels, superpixels)
    fill = baseline_input(network, x, baseline, seed)
    departure = (
        perturbation.quick_departure(
            network, x, fill, segments, target.index, seed=seed, after_batch=lambda _done: progress(0.0)
        )
        if precision == AUTO and may_be_quick(network.module)
        else math.inf
    )
    quick = precision == QUICK or departure <= QUICK_ENOUGH
    survey = _Survey(
        int(segments.max()) + 1,
        ask=lambda rows, done: perturbation.answers(network, x, fill, segments, rows, quick=quick, after_batch=done)[
            :, target.index
        ],
        progress=progress,
    )
    draws = build_sampler(sampler, int(segments.max()) + 1, seed)
    planned = samples
    while True:
        # Drawn one row short of lime's count would change its random numbers: lime draws, then shows row 0 whole.
        survey.add(*draws.draw(planned - len(survey.rows)), planned=planned)
        agreement = survey.agreement(ridge)
        if not until_stable or agreement >= STABLE or 2 * len(survey.rows) > MOST_SAMPLES:
            break
        planned = 2 * len(survey.rows)
    surrogate = perturbation.fit(survey.rows, survey.logits, ridge=ridge)
    return Explained(
        values=surrogate.weights[segments],
        checks=(_r2_check(surrogate, len(survey.rows)), _stability_check(agreement)),
        caption=(
            f"{len(surrogate.weights)} SLIC superpixels, {len(survey.rows)} {sampler} samples, hidden parts shown as "
            f"{BASELINES[baseline].title.lower()}, seed {seed}{_note(departure) if quick else ''}; explains the logit."
        ),
        used={"precision": QUICK if quick else FULL},
    )


def _note(departure: float) -> str:
    return f", in bfloat16 ({departure:.1%} off float32)" if math.isfinite(departure) else ", in bfloat16"


class _Survey:
    """Samples and the network's answers, growing."""

    def __init__(
        self,
        superpixels: int,
        *,
        ask: Callable[[NDArray[np.int64], Callable[[int], None]], NDArray[np.float64]],
        progress: Callable[[float], None],
    ) -> None:
        import numpy as np

        self.ask, self.progress = ask, progress
        self.rows = np.zeros((0, superpixels), dtype=np.int64)
        self.halves = np.zeros(0, dtype=np.int64)
        self.logits = np.zeros(0)

    def add(self, rows: NDArray[np.int64], halves: NDArray[np.int64], *, planned: int) -> None:
        """Ask the network about further samples. The very first of all shows the whole scan."""
        import numpy as np

        done = len(self.rows)
        if done == 0:
            rows[0] = 1
        planned = max(planned, done + len(rows))
        logits = self.ask(rows, lambda count: self.progress((done + count) / planned))
        self.rows = np.concatenate([self.rows, rows])
        self.halves = np.concatenate([self.halves, halves])
        self.logits = np.concatenate([self.logits, logits])

    def agreement(self, ridge: float) -> float:
        """Spearman correlation of the surrogates of the two halves; both know the whole scan."""
        import numpy as np

        from lightbox.explainers.engines.perturbation import fit, rank_agreement

        weights = []
        for half in (0, 1):
            chosen = self.halves == half
            chosen[0] = False
            rows = np.concatenate([self.rows[:1], self.rows[chosen]])
            logits = np.concatenate([self.logits[:1], self.logits[chosen]])
            weights.append(fit(rows, logits, ridge=ridge).weights)
        return rank_agreement(*weights)


def _r2_check(surrogate: Surrogate, samples: int) -> Check:
    r2, superpixels = surrogate.r2, len(surrogate.weights)
    if samples < 2 * superpixels:
        sentence = f"{samples} samples are too few for {superpixels} superpixels: any answers would fit (R2 {r2:.2f})."
        return Check("surrogate_r2", r2, passed=False, sentence=sentence)
    return Check(
        "surrogate_r2",
        r2,
        r2 >= ENOUGH_R2,
        f"The linear surrogate explains {r2:.0%} of how the logit varies over the samples (weighted R2).",
    )


def _stability_check(agreement: float) -> Check:
    if math.isnan(agreement):
        return Check("stability", agreement, None, "Every superpixel weighs the same: there is no ranking to check.")
    return Check(
        "stability",
        agreement,
        agreement >= UNSTABLE,
        f"Two halves of the samples rank the superpixels alike with Spearman {agreement:.2f}.",
    )


SPEC = MethodSpec(
    key="lime",
    title="LIME",
    signed=True,
    reference="Ribeiro, Singh, Guestrin (2016), arXiv:1602.04938",
    explain=explain,
    params=(
        Param("superpixels", "Superpixels", 40, 8, 200, help="Patches the scan is cut into; more show finer detail."),
        Param(
            "samples", "Samples", 256, 64, MOST_SAMPLES, help="Perturbed scans; time grows with them, noise shrinks."
        ),
        Param(
            "until_stable",
            "Until stable",
            default=False,
            help="Double the samples until two halves of them rank the superpixels alike; takes longer.",
        ),
        Param(
            "sampler",
            "Sampler",
            "balanced",
            choices={"Balanced": "balanced", "Independent (stock LIME)": "independent"},
            help="Balanced designs need several times fewer samples for the same map.",
        ),
        baseline_param("Fill", "What hidden superpixels show instead of the scan."),
        Param("ridge", "Shrinkage", 1.0, 0.0, 100.0, help="Pulls all weights towards zero; 1 is stock LIME."),
        PRECISION_PARAM,
        SEED_PARAM,
    ),
    cost="slow",
    summary="Hides patches of the scan many times over and fits a linear model to how the logit answers.",
)
