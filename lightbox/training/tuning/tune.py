"""Optuna's study over the ConvNet's recipe, kept in a file that survives a kill."""

from __future__ import annotations

import hashlib
import json
import math
import shutil
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import optuna
from optuna.trial import TrialState

from lightbox.core.program_version import version_text
from lightbox.imaging.preprocess import Preprocessing
from lightbox.networks import NETWORKS
from lightbox.provenance.tuning import NAME, Trial, Tuning, write_tuning
from lightbox.training.arrays import Pictures, load_pictures
from lightbox.training.datasets import data_sha256, read_classes
from lightbox.training.fit import fit
from lightbox.training.recipe import Recipe, write_recipe
from lightbox.training.split import read_split
from lightbox.training.train import CROPS, with_moments
from lightbox.training.trainable import check_recipe
from lightbox.training.tuning.space import build_space, first_point, numbers_of, widths_of
from lightbox.training.work_folder import hold_work, other_run, read_identity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from lightbox.provenance.data_audit import DataAudit
    from lightbox.training.datasets import Example
    from lightbox.training.fit import History

NETWORK = "convnet"
OBJECTIVES = {"loss": "minimize", "balanced_accuracy": "maximize"}
RECIPE_NAME = "recipe.toml"
STARTUP_TRIALS = 5
_NOTE, _IDENTITY, _DIVERGED = "note", "identity", "diverged"


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What all trials of a study share.

    Args:
        recipe: the numbers that are not varied.
        train: pictures at the largest size.
        validation: likewise.
        preprocessing: with the training pictures' mean and deviation.
        class_count: number of logits.
        objective: key of the objective.
        work: folder of the study.
    """

    recipe: Recipe
    train: Pictures
    validation: Pictures
    preprocessing: Preprocessing
    class_count: int
    objective: str
    work: Path


def tune(
    task: str,
    *,
    data: Path,
    work: Path,
    recipe: Recipe,
    trials: int,
    objective: str = "loss",
    timeout: float = 0.0,
    collection: str = "",
    classes: Sequence[str] = (),
    audit: DataAudit | None = None,
    on_trial: Callable[[Tuning], None] | None = None,
    on_step: Callable[[float], None] | None = None,
) -> Tuning:
    """Search until the study has so many finished trials; then ``work`` holds recipe.toml and tuning.json.

    The test split is never read. A study that was killed goes on by the same call: the trial that ran is marked as
    failed, and its recipe is tried again first, from its last whole epoch. Every trial draws from a generator of its
    own, so the search takes the same course as without the kill.

    Args:
        task: key of a task of the app, or a name of your own.
        data: folder of the pictures.
        work: folder of the study.
        recipe: the numbers that are not varied, and where the search begins.
        trials: finished, stopped early and diverged ones together.
        objective: "loss" or "balanced_accuracy", of the averaged weights on the validation split.
        timeout: seconds after which no new trial is begun; 0 for never.
        collection: key of the data's collection; empty to recognise it.
        classes: class keys, for a task that is not the app's.
        audit: of the same data; what it found to hold one picture is held out together.
        on_trial: called with the study so far after every trial.
        on_step: called after every step with the number of trials done, the part of the one under way included.

    Raises:
        UserFacingError: the folder holds another study or is in use, or no trial came to its end.
    """
    direction = OBJECTIVES[objective]
    check_recipe(recipe)
    space = build_space(recipe.sizes)
    known = read_classes(data, task, collection=collection, classes=classes)
    examples = read_split(data, task, recipe, collection=collection, classes=known, audit=audit).examples
    fixed = {name: value for name, value in recipe.as_dict().items() if name not in space}
    digest = data_sha256(examples)
    identity = {"task": task, "classes": list(known), "objective": objective, "recipe": fixed, "data": digest}
    with hold_work(work, "tune"):
        study = _open(work, direction, identity)
        head = Tuning(
            task=task,
            network=NETWORK,
            objective=objective,
            direction=direction,
            space={name: json.loads(optuna.distributions.distribution_to_json(row)) for name, row in space.items()},
            recipe=fixed,
            data_sha256=digest,
            date="",
            lightbox_version=version_text(),
            trials=(),
        )
        _take_up(study, first_point(space, recipe))
        end = time.monotonic() + timeout if timeout else math.inf
        ground = None
        while _settled(study) < trials and time.monotonic() < end:
            ground = ground or _read(examples, known, head, recipe, work)
            _try_one(study, space, ground, on_step)
            found = _export(study, head, work)
            if on_trial is not None:
                on_trial(found)
        return _export(study, head, work)


def _open(work: Path, direction: str, identity: dict[str, Any]) -> optuna.Study:
    """The study in the folder, new or as it was left."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storage = optuna.storages.RDBStorage(f"sqlite:///{(work / 'study.db').resolve()}")
    study = optuna.create_study(storage=storage, study_name="tune", direction=direction, load_if_exists=True)
    text = json.dumps(identity, sort_keys=True)
    saved = read_identity(study.user_attrs.get(_IDENTITY, text))
    # A study begun before a recipe had some number had its default.
    defaults = {name: value for name, value in Recipe().as_dict().items() if name in identity["recipe"]}
    if saved | {"recipe": {**defaults, **saved.get("recipe", {})}} != json.loads(text):
        raise other_run(work, "study")
    study.set_user_attr(_IDENTITY, text)
    study.pruner = optuna.pruners.MedianPruner(n_startup_trials=STARTUP_TRIALS, n_warmup_steps=1)
    return study


def _take_up(study: optuna.Study, first: dict[str, Any]) -> None:
    """Fail what a kill left running, and put it first in the queue; begin a new study with what ships."""
    if not study.trials:
        study.enqueue_trial(first)
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)
        if trial.params:
            study.enqueue_trial(
                trial.params, user_attrs={_NOTE: f"repeats trial {trial.number}, which was interrupted"}
            )
        elif trial.system_attrs.get("fixed_params"):
            study.enqueue_trial(trial.system_attrs["fixed_params"])


def _settled(study: optuna.Study) -> int:
    """Trials that came to an end of their own: finished, stopped early, or diverged."""
    return sum(
        trial.state in {TrialState.COMPLETE, TrialState.PRUNED} or trial.user_attrs.get(_NOTE) == _DIVERGED
        for trial in study.get_trials(deepcopy=False)
    )


def _read(examples: Sequence[Example], classes: tuple[str, ...], head: Tuning, recipe: Recipe, work: Path) -> Ground:
    preprocessing = Preprocessing(size=recipe.sizes[-1], crop=CROPS.get(head.task, "none"))
    train, validation = (load_pictures(examples, split, classes, preprocessing) for split in ("train", "validation"))
    moments = with_moments(preprocessing, train)
    return Ground(recipe, train, validation, moments, len(classes), head.objective, work)


def _try_one(
    study: optuna.Study, space: dict[str, Any], ground: Ground, on_step: Callable[[float], None] | None
) -> None:
    """Ask for a point, train it, tell what came of it."""
    settled = _settled(study)
    # One generator a trial: a search that is taken up again draws what it would have drawn.
    seed = ground.recipe.seed * 100_003 + settled
    study.sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=STARTUP_TRIALS, constant_liar=False)
    trial = study.ask(space)
    value, state = _train(trial, ground, None if on_step is None else lambda share: on_step(settled + share))
    if state is TrialState.FAIL:
        trial.set_user_attr(_NOTE, _DIVERGED)
    study.tell(trial, value if state is TrialState.COMPLETE else None, state=state)
    shutil.rmtree(_folder(ground, trial.params), ignore_errors=True)


class _DivergedError(Exception):
    """The loss of a trial is no number any more."""


def _train(
    trial: optuna.Trial, ground: Ground, on_step: Callable[[float], None] | None
) -> tuple[float | None, TrialState]:
    widths = widths_of(trial.params)
    changed: dict[str, Any] = dict(numbers_of(trial.params))
    reported: set[int] = set()

    def watch(history: History) -> None:
        _report(trial, history, ground.objective, reported)
        if trial.should_prune():
            raise optuna.TrialPruned

    try:
        run = fit(
            lambda: NETWORKS[NETWORK].build(ground.class_count, channels=widths),
            ground.train,
            ground.validation,
            preprocessing=ground.preprocessing,
            recipe=replace(ground.recipe, **changed),
            class_count=ground.class_count,
            folder=_folder(ground, trial.params),
            on_epoch=watch,
            on_step=on_step,
        )
        # Taken up after its last epoch, a trial has had nothing to watch.
        _report(trial, run.history, ground.objective, reported)
    except optuna.TrialPruned:
        return None, TrialState.PRUNED
    except _DivergedError:
        return None, TrialState.FAIL
    judged = [row for row in run.history if row["split"] == "validation" and row["epoch"] == run.best_epoch]
    return float(judged[0][ground.objective]), TrialState.COMPLETE


def _report(trial: optuna.Trial, history: History, objective: str, reported: set[int]) -> None:
    """Tell the pruner of the epochs it has not heard of."""
    for row in history:
        epoch = int(row["epoch"])
        if row["split"] == "validation" and epoch not in reported:
            if not math.isfinite(float(row["loss"])):
                raise _DivergedError
            trial.report(float(row[objective]), epoch)
            reported.add(epoch)


def _folder(ground: Ground, params: dict[str, Any]) -> Path:
    """By the point, so that a trial repeated after a kill finds its own epochs."""
    key = hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()[:16]
    return ground.work / f"trial-{key}"


def _export(study: optuna.Study, head: Tuning, work: Path) -> Tuning:
    """Write tuning.json, and recipe.toml once a trial is finished."""
    found = replace(
        head,
        date=datetime.now(UTC).date().isoformat(),
        trials=tuple(_trial(trial) for trial in study.get_trials(deepcopy=False) if trial.state.is_finished()),
    )
    write_tuning(found, work / NAME)
    best = found.best
    if best is not None:
        numbers = {**found.recipe, **numbers_of(best.params)}
        comment = f"Trial {best.number} of `lightbox tune` on {found.task}, {found.date}: validation {found.objective} "
        comment += f"{best.value:.4f} after {found.recipe['epochs']} epochs. Train longer than that."
        write_recipe(work / RECIPE_NAME, numbers, {"channels": widths_of(best.params)}, comment)
    return found


def _trial(trial: optuna.trial.FrozenTrial) -> Trial:
    length = trial.duration.total_seconds() if trial.duration else 0.0
    note = trial.user_attrs.get(_NOTE, "interrupted" if trial.state is TrialState.FAIL else "")
    return Trial(
        number=trial.number,
        state=trial.state.name,
        value=trial.value if trial.state is TrialState.COMPLETE else None,
        params=dict(trial.params),
        course={str(step): value for step, value in sorted(trial.intermediate_values.items())},
        seconds=round(length, 1),
        note=note,
    )
