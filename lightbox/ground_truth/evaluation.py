"""Scores many phantoms on the job engine and puts the figures together."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.core.program_version import version_text
from lightbox.core.tasks import TASKS
from lightbox.ground_truth.localisation_table import Measurement, Table, to_byte_picture
from lightbox.ground_truth.scores import SIZE, complete_methods, is_slower, score_work
from lightbox.ground_truth.summary import count_right, mean_pictures, summarise
from lightbox.phantoms.phantom import GENERATOR_VERSION
from lightbox.phantoms.seeds import check_not_learned
from lightbox.phantoms.shipped import make_recipes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lightbox.explainers import ParamValue
    from lightbox.ground_truth.score_files import ScoreFiles
    from lightbox.ground_truth.scores import PhantomScore
    from lightbox.jobs import Engine, Job, Work
    from lightbox.networks import Card

OWNER = "evaluate"
POLL_SECONDS = 0.1
# Enough for every lane to have the next one at hand.
AHEAD = 2


def plan(
    card: Card,
    methods: Mapping[str, Mapping[str, ParamValue]],
    *,
    count: int,
    seed: int,
    size: int = SIZE,
    count_slow: int | None = None,
) -> list[Work]:
    """``count`` phantoms of each class, healthy ones too: a network that sees disease everywhere must not look right.

    With ``count_slow``, methods of more than about one pass explain only the first so many of each class.

    Raises:
        UserFacingError: count or seed is out of range, a network may have learned from one of the seeds, or the network
            does not know the task's classes.
    """
    if count < 1 or seed < 0:
        raise UserFacingError(f"{count} scans a class from seed {seed} cannot be made.", "Choose 1 or more, seed 0 on.")
    # In the task's order, whatever the card's is: every network is shown the same scans.
    labels = TASKS[card.task].classes
    check_not_learned(range(seed, seed + count * len(labels)))
    recipes = make_recipes(card.task, labels, count, seed, size)
    fast = {method: params for method, params in methods.items() if not is_slower(method)}
    enough = count if count_slow is None else count_slow
    return [
        score_work(card, recipe.label, recipe.seed, methods if number % count < enough else fast, size=size)
        for number, recipe in enumerate(recipes)
    ]


def measure(
    card: Card,
    methods: Sequence[str],
    *,
    engine: Engine | Callable[[], Engine],
    count: int,
    seed: int,
    size: int = SIZE,
    count_slow: int | None = None,
    params: Mapping[str, Mapping[str, ParamValue]] | None = None,
    kept: ScoreFiles | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Table:
    """One network's part of the table.

    Args:
        card: of the network.
        methods: keys of the methods.
        engine: computes; or what gives it, called once nothing is left that could be refused.
        count: phantoms of each class.
        seed: the first.
        size: side of the phantoms in pixels.
        count_slow: see `plan`.
        params: by method, what differs from the evaluation's settings.
        kept: scores of an earlier run, which are not computed again; new ones are added.
        on_progress: called with phantoms done and in all.

    Raises:
        UserFacingError: a setting is wrong, or a phantom could not be made or explained.
    """
    complete = complete_methods(card.network, methods, params)
    works = plan(card, complete, count=count, seed=seed, size=size, count_slow=count_slow)
    scores = compute(works, engine() if callable(engine) else engine, on_progress, kept)
    return gather(card, complete, scores, count=count, seed=seed, size=size, count_slow=count_slow)


def compute(
    works: Sequence[Work],
    engine: Engine,
    on_progress: Callable[[int, int], None] | None = None,
    kept: ScoreFiles | None = None,
) -> list[PhantomScore]:
    """Every score, in the order asked; a few are in the engine's queue at a time."""
    running: dict[int, Job] = {}
    found = {number: kept.find(work) for number, work in enumerate(works)} if kept is not None else {}
    scores = {number: score for number, score in found.items() if score is not None}
    waiting = [(number, work) for number, work in enumerate(works) if number not in scores]
    if scores and on_progress is not None:
        on_progress(len(scores), len(works))
    try:
        while waiting or running:
            while waiting and len(running) < AHEAD * max(1, engine.status().lanes):
                number, work = waiting.pop(0)
                running[number] = engine.submit(work, OWNER)
            time.sleep(POLL_SECONDS)
            for number in [number for number, job in running.items() if job.ended]:
                job = running.pop(number)
                engine.release(job, OWNER)
                if job.error is not None:
                    raise job.error
                scores[number] = job.result
                if kept is not None:
                    kept.keep(works[number], job.result)
                if on_progress is not None:
                    on_progress(len(scores), len(works))
    finally:
        for job in running.values():
            engine.release(job, OWNER)
    return [scores[number] for number in range(len(works))]


def gather(
    card: Card,
    methods: Mapping[str, Mapping[str, ParamValue]],
    scores: Sequence[PhantomScore],
    *,
    count: int,
    seed: int,
    size: int = SIZE,
    count_slow: int | None = None,
) -> Table:
    """The figures of what was scored, and how it was made."""
    run = Measurement(
        task=card.task,
        network=card.network,
        weights_sha256=card.sha256,
        per_class=count,
        per_class_slow=count if count_slow is None else min(count, count_slow),
        first_seed=seed,
        size=size,
        generator_version=GENERATOR_VERSION,
        lightbox_version=version_text(),
        date=dt.datetime.now(dt.UTC).date().isoformat(),
    )
    return Table(
        rows=tuple(summarise(card.task, card.network, scores, methods)),
        accuracies=tuple(count_right(card.task, card.network, scores)),
        runs=(run,),
        pictures={
            (card.task, card.network, label, method): to_byte_picture(picture)
            for (label, method), picture in mean_pictures(scores).items()
        },
    )
