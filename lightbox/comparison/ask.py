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
    from lightbox.imaging.scan import Scan
    from lightbox.jobs import Engine, Job, Prediction
    from lightbox.networks import Card
    from lightbox.scan_check.concern import Concern

Grid = dict[str, dict[str, "Job"]]


def ask_predictions(engine: Engine, owner: str, scan: Scan, cards: Mapping[str, Card]) -> dict[str, Job]:
    """One job a network; one that cannot be asked for is a failed job that says why."""
    asked: dict[str, Job] = {}
    for network, card in cards.items():
        try:
            asked[network] = engine.submit(jobs.PredictRequest(card.task, network, scan.pixels), owner)
        except UserFacingError as error:
            asked[network] = jobs.Job.refused(f"refused/{network}", error)
    return asked


def ask_maps(
    engine: Engine, owner: str, cards: Mapping[str, Card], predictions: Mapping[str, Prediction], choice: Choice
) -> Grid:
    """One job for each network and method, by network, then by method.

    One that cannot be asked for, because the queue is full or its choices are wrong, is a failed job that says so:
    the others go on.
    """
    grid: Grid = {}
    for network, prediction in predictions.items():
        grid[network] = {}
        for method in choice.methods:
            try:
                request = _request(cards[network], method, prediction, choice)
                grid[network][method] = engine.submit(request, owner)
            except UserFacingError as error:
                grid[network][method] = jobs.Job.refused(f"refused/{network}/{method}", error)
    return grid


def _request(card: Card, method: str, prediction: Prediction, choice: Choice) -> jobs.ExplainRequest:
    return jobs.ExplainRequest(
        task=card.task,
        network=card.network,
        method=method,
        prepared=prediction.prepared,
        target=choice.target(method, prediction.classes, prediction.logits.tolist()),
        params=choice.params(method, NETWORKS[card.network]),
    )


def gather(
    scan: Scan,
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
        panels.append(
            Panel(
                network=network,
                title=NETWORKS[network].title,
                weights_sha256=prediction.weights_sha256,
                classes=prediction.classes,
                class_titles=prediction.class_titles,
                logits=tuple(prediction.logits.tolist()),
                probabilities=tuple(prediction.probabilities.tolist()),
                prepared=prediction.prepared,
                box=prediction.box,
                preprocessing=cards[network].preprocessing,
                attributions={method: job.result for method, job in row.items() if job.result is not None},
                errors={method: str(job.error) for method, job in row.items() if job.error is not None},
            )
        )
    return Comparison(scan, task, tuple(panels), concern, confirmed, checked)
