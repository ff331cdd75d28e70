"""How near a map is to the one that a slow, exact computation of the same question gives."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.panel import stock
from lightbox.explainers import Target, run
from lightbox.explainers.baselines import DEFAULT_BASELINE

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray

    from lightbox.networks import Network

STEPS, SAMPLES, TOP = 1024, 10_000, 5


def measure(
    network: Network, x: torch.Tensor, target: Target, ours: dict[str, NDArray[Any]]
) -> dict[str, dict[str, float]]:
    """By method, figures of our map beside its reference, and of the stock library's beside its own.

    LRP, contrastive LRP and Grad-CAM: the same in float64. Integrated Gradients: captum at 1024 points from the same
    baseline. LIME: lime itself with 10 000 samples on our superpixels and fill; its own 1000 samples on these too.
    """
    found: dict[str, dict[str, float]] = {}
    double = replace(network, module=copy.deepcopy(network.module).double())
    for method in ("lrp", "contrastive_lrp", "grad_cam"):
        reference = run(method, double, x.double(), target).values
        found[method] = _alike("", ours[method], reference)
    found["integrated_gradients"] = _path(network, x, target, ours["integrated_gradients"])
    found["lime"] = _superpixels(network, x, target, ours["lime"])
    return found


def _path(network: Network, x: torch.Tensor, target: Target, ours: NDArray[Any]) -> dict[str, float]:
    from lightbox.explainers.engines.baseline_tensor import baseline_input

    figures: dict[str, float] = {}
    black = baseline_input(network, x, "black", 0)
    for who, values, baseline in (
        ("", ours, baseline_input(network, x, DEFAULT_BASELINE, 0)),
        ("stock_", stock.integrated_gradients(network, x, target.index, 0), black),
    ):
        reference = stock.path_integral(network, x, baseline, target.index, steps=STEPS)
        climb = float((network.logits(x) - network.logits(baseline))[0, target.index])
        figures |= _alike(who, values, reference)
        figures[f"{who}gap"] = abs(float(np.sum(values, dtype=np.float64)) - climb) / abs(climb)
    return figures


def _superpixels(network: Network, x: torch.Tensor, target: Target, ours: NDArray[Any]) -> dict[str, float]:
    from lightbox.explainers.engines.baseline_tensor import baseline_input
    from lightbox.explainers.engines.perturbation import find_superpixels
    from lightbox.explainers.methods.lime import SPEC

    count = next(row.default for row in SPEC.params if row.name == "superpixels")
    pixels = network.denormalise(x)[0].mean(dim=0).clamp(0, 1).numpy()
    segments, fill = find_superpixels(pixels, int(count)), baseline_input(network, x, DEFAULT_BASELINE, 0)

    def by_lime(samples: int) -> NDArray[np.float64]:
        return stock.lime_on_superpixels(network, x, target.index, segments=segments, fill=fill, samples=samples)

    reference = by_lime(SAMPLES)
    weights = np.array([ours[segments == segment][0] for segment in range(len(reference))])
    figures: dict[str, float] = {}
    for who, values in (("", weights), ("stock_", by_lime(stock.LIME_SAMPLES))):
        figures |= _alike(who, values, reference)
        best = [set(np.argsort(-np.abs(each), kind="stable")[:TOP]) for each in (values, reference)]
        figures[f"{who}top"] = len(best[0] & best[1]) / TOP
    return figures


def _alike(who: str, values: NDArray[Any], reference: NDArray[Any]) -> dict[str, float]:
    from scipy.stats import spearmanr

    a, b = np.ravel(values).astype(np.float64), np.ravel(reference).astype(np.float64)
    return {f"{who}pearson": float(np.corrcoef(a, b)[0, 1]), f"{who}spearman": float(spearmanr(a, b).statistic)}
