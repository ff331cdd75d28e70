"""LIME's steps: superpixels, the network's answers to perturbed scans, the linear surrogate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from lime.lime_base import LimeBase
from scipy.stats import spearmanr
from skimage.segmentation import slic
from sklearn.linear_model import Ridge

from lightbox.explainers.engines.batches import scans_at_once
from lightbox.explainers.engines.precision import departure, passes

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from torch import Tensor

    from lightbox.networks import Network

MOST_AT_ONCE = 8  # larger batches and channels in front are slower a scan: the ConvNet waits for memory
COMPACTNESS = 0.1  # for greyscale in 0..1; skimage's default is made for colour
KERNEL_WIDTH = 0.25  # lime_image's
TRIED = 8  # samples computed in both precisions


@dataclass(frozen=True, slots=True)
class Surrogate:
    """A linear model of the logit in terms of superpixels.

    Args:
        weights: (superpixels,) change of the logit when a superpixel is shown instead of hidden.
        intercept: the logit with everything hidden, according to the model.
        r2: weighted coefficient of determination on the samples it was fitted to.
    """

    weights: NDArray[np.float64]
    intercept: float
    r2: float


def find_superpixels(pixels: NDArray[Any], count: int) -> NDArray[np.int64]:
    """SLIC superpixels of a (H, W) picture in 0..1, numbered from 0 without gaps; about ``count`` of them."""
    segments = slic(
        pixels.astype(np.float64), n_segments=count, compactness=COMPACTNESS, sigma=1, start_label=0, channel_axis=None
    )
    _, numbered = np.unique(segments, return_inverse=True)
    return numbered.reshape(segments.shape).astype(np.int64)


def answers(
    network: Network,
    x: Tensor,
    fill: Tensor,
    segments: NDArray[np.int64],
    rows: NDArray[np.int64],
    *,
    quick: bool,
    after_batch: Callable[[int], None],
) -> NDArray[np.float64]:
    """(samples, classes) logits of the scan with superpixels replaced by the fill.

    Args:
        network: the one to explain.
        x: (1, 3, H, W), normalised.
        fill: same shape: what hidden superpixels show.
        segments: (H, W) superpixel of each pixel.
        rows: (samples, superpixels), 1 where shown.
        quick: whether the network computes in bfloat16.
        after_batch: called with the number of rows done in this call.
    """
    found = []
    batch = scans_at_once(network.module, MOST_AT_ONCE, quick=quick)
    where = torch.as_tensor(segments, device=x.device)
    shown = torch.as_tensor(rows, device=x.device, dtype=torch.bool)
    with torch.no_grad():
        for first in range(0, len(rows), batch):
            mask = shown[first : first + batch][:, where][:, None]
            scans = torch.where(mask, x, fill).contiguous(memory_format=torch.channels_last)
            with passes(network.module, quick=quick):
                found.append(network.module(scans).double().cpu().numpy())
            after_batch(min(first + batch, len(rows)))
    return np.concatenate(found)


def quick_departure(
    network: Network,
    x: Tensor,
    fill: Tensor,
    segments: NDArray[np.int64],
    index: int,
    *,
    seed: int,
    after_batch: Callable[[int], None],
) -> float:
    """How far logits in bfloat16 lie from those in float32, of how the logit varies, over eight coin-tossed samples."""
    rows = np.random.default_rng(seed).integers(0, 2, (TRIED, int(segments.max()) + 1))
    quick, full = (
        answers(network, x, fill, segments, rows, quick=quick, after_batch=after_batch)[:, index]
        for quick in (True, False)
    )
    return departure(torch.from_numpy(quick), torch.from_numpy(full))


def fit(rows: NDArray[np.int64], logits: NDArray[np.float64], *, ridge: float) -> Surrogate:
    """The surrogate of lime: ridge regression, samples weighted by how much of the scan they show.

    Args:
        rows: (samples, superpixels) of 0 and 1; the first shows everything, as lime expects.
        logits: (samples,).
        ridge: penalty; lime's own is 1.

    Reference:
        Ribeiro, Singh, Guestrin (2016), arXiv:1602.04938, equations 1 and 2, as in lime_image: exponential kernel of
        width 0.25 on the cosine distance to the whole scan.
    """
    base = LimeBase(_kernel, random_state=0)
    intercept, weights, r2, _ = base.explain_instance_with_data(
        rows,
        logits[:, None],
        cosine_distances(rows),
        0,
        rows.shape[1],
        feature_selection="none",
        model_regressor=Ridge(alpha=ridge, fit_intercept=True),
    )
    ordered = np.zeros(rows.shape[1])
    for superpixel, weight in weights:
        ordered[superpixel] = weight
    return Surrogate(ordered, float(intercept), float(r2))


def cosine_distances(rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """(samples,) distance of each row to all ones; 1 for a row of zeros, as scikit-learn has it."""
    distances: NDArray[np.float64] = 1 - np.sqrt(rows.mean(axis=1, dtype=np.float64))
    return distances


def rank_agreement(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Spearman correlation of two sets of weights; nan where one of them is constant."""
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    return float(spearmanr(first, second).statistic)


def _kernel(distances: NDArray[np.float64]) -> NDArray[np.float64]:
    weights: NDArray[np.float64] = np.sqrt(np.exp(-(distances**2) / KERNEL_WIDTH**2))
    return weights
