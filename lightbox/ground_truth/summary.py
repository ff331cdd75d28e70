"""Many scored phantoms in a few figures, each with its interval."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lightbox.core.tasks import TASKS
from lightbox.metrics.intervals import mean_of_shares, wilson
from lightbox.metrics.localisation import MEASURES
from lightbox.phantoms.phantom import HEALTHY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from lightbox.explainers import ParamValue
    from lightbox.ground_truth.scores import MapScore, PhantomScore
    from lightbox.metrics.localisation import Localisation

ALL = "all"
RIGHT = "right"
MASK = "mask"


@dataclass(frozen=True, slots=True)
class Row:
    """One method on one network, over the phantoms of one class or of all that have a mask.

    Args:
        task: key of the task.
        network: key of the architecture.
        method: key of the method.
        label: key of the class, or "all".
        subset: "all" phantoms, or those the network calls "right".
        count: maps scored; the means below are over these.
        withheld: maps that were withheld, and so are not among ``count``.
        silent: maps among ``count`` without any positive relevance; they score 0.
        failed: maps among ``count`` that failed a check of their own.
        pointing: pointing game, mean; with its Wilson interval.
        pointing_low: see ``pointing``.
        pointing_high: see ``pointing``.
        mass: relevance mass accuracy, mean; with its interval (`mean_of_shares`).
        mass_low: see ``mass``.
        mass_high: see ``mass``.
        rank: relevance rank accuracy, mean; with its interval (`mean_of_shares`).
        rank_low: see ``rank``.
        rank_high: see ``rank``.
        area: the masks' mean share of the area: what a map that knows nothing scores.
        seconds: median time of a map.
        settings: the method's parameters, as JSON.
    """

    task: str
    network: str
    method: str
    label: str
    subset: str
    count: int
    withheld: int
    silent: int
    failed: int
    pointing: float
    pointing_low: float
    pointing_high: float
    mass: float
    mass_low: float
    mass_high: float
    rank: float
    rank_low: float
    rank_high: float
    area: float
    seconds: float
    settings: str


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How many phantoms of a class a network calls what they are.

    Args:
        task: key of the task.
        network: key of the architecture.
        label: key of the class, or "all".
        count: phantoms.
        right: of these, called what they are.
        low: Wilson interval of the share.
        high: see ``low``.
        called_most: the class that they are called most often.
    """

    task: str
    network: str
    label: str
    count: int
    right: int
    low: float
    high: float
    called_most: str


def summarise(
    task: str, network: str, scores: Sequence[PhantomScore], methods: Mapping[str, Mapping[str, ParamValue]]
) -> list[Row]:
    """A row for each method, class with a pathology (and "all"), and subset; none for a subset without a map."""
    labels = [label for label in TASKS[task].classes if label not in HEALTHY]
    rows = []
    for method, params in methods.items():
        for label in (*labels, ALL):
            for subset in (ALL, RIGHT):
                chosen = [
                    score.maps[method]
                    for score in scores
                    if method in score.maps and label in (ALL, score.label) and (subset == ALL or score.right)
                ]
                settings = json.dumps(dict(params), sort_keys=True)
                row = _row((task, network, method, label, subset), chosen, settings)
                rows += [] if row is None else [row]
    return rows


def _row(place: tuple[str, str, str, str, str], maps: Sequence[MapScore], settings: str) -> Row | None:
    scored = [(score, score.localisation) for score in maps if score.localisation is not None]
    if not scored:
        return None
    found = [localisation for _, localisation in scored]
    means = {name: float(np.mean(_column(found, name))) for name in (*MEASURES, "area")}
    bounds = {
        "pointing": wilson(float(np.sum(_column(found, "pointing"))), len(found)),
        "mass": mean_of_shares(_column(found, "mass")),
        "rank": mean_of_shares(_column(found, "rank")),
    }
    figures: dict[str, Any] = dict(zip(("task", "network", "method", "label", "subset"), place, strict=True))
    figures |= {name: round(value, 4) for name, value in means.items()}
    figures |= {f"{name}_low": round(low, 4) for name, (low, _) in bounds.items()}
    figures |= {f"{name}_high": round(high, 4) for name, (_, high) in bounds.items()}
    return Row(
        **figures,
        count=len(scored),
        withheld=sum(bool(score.withheld) for score in maps),
        silent=sum(not localisation.positive for localisation in found),
        failed=sum(score.failed for score, _ in scored),
        seconds=round(float(np.median([score.seconds for score in maps])), 3),
        settings=settings,
    )


def _column(found: Iterable[Localisation], name: str) -> list[float]:
    return [float(getattr(localisation, name)) for localisation in found]


def count_right(task: str, network: str, scores: Sequence[PhantomScore]) -> list[Accuracy]:
    """A row for each class that was asked, healthy ones too, and "all"."""
    rows = []
    for label in (*TASKS[task].classes, ALL):
        chosen = [score for score in scores if label in (ALL, score.label)]
        if not chosen:
            continue
        calls = [score.predicted for score in chosen]
        right = sum(score.right for score in chosen)
        low, high = wilson(right, len(chosen))
        most = max(TASKS[task].classes, key=calls.count)
        rows.append(Accuracy(task, network, label, len(chosen), right, round(low, 4), round(high, 4), most))
    return rows


def mean_pictures(scores: Sequence[PhantomScore]) -> dict[tuple[str, str], NDArray[np.float32]]:
    """(GRID, GRID) mean maps by (class, method), each phantom's map weighing the same; mean masks under `MASK`."""
    stacks: dict[tuple[str, str], list[NDArray[np.float32]]] = {}
    for score in scores:
        if score.maps:
            stacks.setdefault((score.label, MASK), []).append(score.mask)
        for method, found in score.maps.items():
            if found.picture is not None:
                stacks.setdefault((score.label, method), []).append(found.picture)
    return {place: np.mean(stack, axis=0) for place, stack in stacks.items()}


def score_of(row: Row, measure: str) -> tuple[float, float, float]:
    """(mean, low, high) of one of `MEASURES`."""
    return getattr(row, measure), getattr(row, f"{measure}_low"), getattr(row, f"{measure}_high")


def against_chance(row: Row, measure: str) -> int:
    """1 where the whole interval lies above the masks' share of the area, -1 where it lies below, else 0."""
    _, low, high = score_of(row, measure)
    return 1 if low > row.area else -1 if high < row.area else 0
