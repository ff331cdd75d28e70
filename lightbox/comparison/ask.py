"""Asks the engine for predictions and maps, and gathers what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox import jobs
from lightbox.comparison.comparison import Comparison, Panel
from lightbox.core.errors import UserFacingError
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.comparison.choice import Choice
    from lightbox.imaging.preprocess import Prepared
    from lightbox.imaging.views import Views
    from lightbox.jobs import Engine, Job, Prediction
    from lightbox.networks import Card
    from lightbox.scan_check.concern import Concern

Grid = dict[str, dict[str, "Job"]]


def ask_predictions(engine: Engine, owner: str, views: Views, cards: Mapping[str, Card]) -> dict[str, Job]:
    """One job a network; one that cannot be asked for is a failed job that says why."""
    asked: dict[str, Job] = {}
    for network, card in cards.items():
        try:
            asked[network] = engine.submit(jobs.PredictRequest(card, views.prepared(card.preprocessing)), owner)
        except UserFacingError as error:
            asked[network] = jobs.Job.refused(f"refused/{network}", error)
    return asked


def ask_maps(
    engine: Engine,
    owner: str,
    views: Views,
    cards: Mapping[str, Card],
    *,
    predictions: Mapping[str, Prediction],
    choice: Choice,
) -> Grid:
    """One job for each network and method, by network, then by method.

    One that cannot be asked for, because the queue is full or its choices are wrong, is a failed job that says so:
    the others go on.
    """
    grid: Grid = {}
    for network, prediction in predictions.items():
        grid[network] = {}
        view = views.prepared(cards[network].preprocessing)
        for method in choice.methods:
            try:
                request = _request(cards[network], view, method, prediction, choice)
                grid[network][method] = engine.submit(request, owner)
            except UserFacingError as error:
                grid[network][method] = jobs.Job.refused(f"refused/{network}/{method}", error)
    return grid


def _request(card: Card, view: Prepared, method: str, prediction: Prediction, choice: Choice) -> jobs.ExplainRequest:
    return jobs.ExplainRequest(
        card,
        view,
        method,
        target=choice.target(method, prediction.classes, prediction.logits.tolist()),
        params=choice.params(method, NETWORKS[card.network]),
    )


def gather(
    views: Views,
    task: str,
    cards: Mapping[str, Card],
    predictions: Mapping[str, Prediction],
    grid: Grid,
    *,
    concern: Concern | None = None,
    confirmed: bool = False,
    checked: bool = True,
) -> Comparison | None:
    """The finished comparison, or None while a job is under way; for the last three see `Comparison`."""
    if not all(job.ended for row in grid.values() for job in row.values()):
        return None
    panels = []
    for network, row in grid.items():
        prediction = predictions[network]
        view = views.prepared(cards[network].preprocessing)
        panels.append(
            Panel(
                network=network,
                title=NETWORKS[network].title,
                weights_sha256=prediction.weights_sha256,
                classes=prediction.classes,
                class_titles=prediction.class_titles,
                logits=tuple(prediction.logits.tolist()),
                probabilities=tuple(prediction.probabilities.tolist()),
                prepared=view.pixels,
                box=view.box,
                preprocessing=cards[network].preprocessing,
                attributions={method: job.result for method, job in row.items() if job.result is not None},
                errors={method: str(job.error) for method, job in row.items() if job.error is not None},
            )
        )
    return Comparison(views.scan, task, tuple(panels), concern, confirmed, checked)
