"""What a worker process does for one phantom: makes it, explains it, scores each map against its mask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lightbox.explainers import METHODS, Target, run
from lightbox.ground_truth.scores import GRID, MapScore, PhantomScore
from lightbox.imaging.masks import average_cells, mask_on_grid
from lightbox.imaging.preprocess import prepare
from lightbox.jobs.worker import held_networks
from lightbox.metrics.localisation import localise
from lightbox.phantoms.phantom import HEALTHY, make_phantom

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from torch import Tensor

    from lightbox.explainers import Attribution, ParamValue
    from lightbox.jobs.request import Progress
    from lightbox.networks import Card, Network


def score_phantom(
    *,
    card: Card,
    label: str,
    seed: int,
    size: int,
    methods: Mapping[str, Mapping[str, ParamValue]],
    progress: Progress,
) -> PhantomScore:
    """One phantom's prediction and the score of each method's map of its true class.

    A healthy phantom has no mask, so that only its prediction is taken.
    """
    with held_networks.borrow(card) as network:
        progress(0.0)
        phantom = make_phantom(card.task, label, seed, size=size)
        prepared = prepare(phantom.pixels, card.preprocessing)
        mask = mask_on_grid(phantom.mask, prepared.box, card.preprocessing.size)
        x = network.to_input(prepared.pixels).to(held_networks.device())
        predicted = card.classes[int(network.logits(x)[0].argmax())]
        progress(0.2)
        maps = {} if label in HEALTHY else _score_maps(network, x, label, mask=mask, methods=methods, progress=progress)
    return PhantomScore(label, seed, predicted, average_cells(mask, GRID).astype(np.float32), maps)


def _score_maps(
    network: Network,
    x: Tensor,
    label: str,
    *,
    mask: NDArray[np.bool_],
    methods: Mapping[str, Mapping[str, ParamValue]],
    progress: Progress,
) -> dict[str, MapScore]:
    held_networks.import_engines()
    target = Target(network.classes.index(label))
    scores = {}
    for number, (method, params) in enumerate(methods.items()):

        def advance(fraction: float, done: int = number) -> None:
            progress(0.2 + 0.8 * (done + fraction) / len(methods))

        settings: dict[str, Any] = dict(params)
        scores[method] = _score_map(run(METHODS[method], network, x, target, progress=advance, **settings), mask)
    return scores


def _score_map(attribution: Attribution, mask: NDArray[np.bool_]) -> MapScore:
    if attribution.withheld:
        return MapScore(None, attribution.seconds, attribution.withheld, attribution.failed, None)
    positive = np.maximum(attribution.values.astype(np.float64), 0)
    picture = average_cells(positive / positive.sum(), GRID).astype(np.float32) if positive.any() else None
    return MapScore(localise(attribution.values, mask), attribution.seconds, "", attribution.failed, picture)
