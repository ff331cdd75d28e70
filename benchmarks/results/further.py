"""What is measured of the shipped networks beside the public splits: further sources, calibration, altered scans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.results.markdown import percent, to_table, whole_percent, with_interval
from benchmarks.results.networks import MODELS, audit_of, shipped
from components.networks.results.robustness import title
from lightbox.core.tasks import TASKS
from lightbox.metrics.calibration import calibrate, expected_calibration_error
from lightbox.metrics.confusion import score
from lightbox.metrics.predictions import NEW_SOURCES_NAME, PREDICTIONS_NAME, read_predictions
from lightbox.metrics.robustness import find_robustness
from lightbox.networks import NETWORKS, Card, read_card

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lightbox.metrics.predictions import Predictions
    from lightbox.metrics.robustness import Robustness

TEACHERS = MODELS / "teachers"


def _with_teachers() -> Iterator[tuple[str, Card]]:
    for task in TASKS:
        for network in shipped(task):
            yield network.title, network.card
        for path in sorted((TEACHERS / task).glob("*/card.toml")):
            yield f"{path.parent.name}, a teacher", read_card(path.parent)


def further_sources_table() -> str:
    """A row a network that has a test set of further sources, teachers included."""
    rows = []
    for name, card in _with_teachers():
        path = card.folder / NEW_SOURCES_NAME
        if not path.is_file():
            continue
        found, task = score(read_predictions(path, card)), TASKS[card.task]
        answers = read_predictions(card.folder / PREDICTIONS_NAME, card)
        seen = audit_of(card.task).leaked_names()
        new = score(answers.take([each not in seen for each in answers.names]))
        recalls = "; ".join(percent(each.recall) for each in found.classes)
        rows.append(
            [
                f"{task.title}, {name}",
                f"{found.scans}",
                with_interval(found.accuracy, found.interval),
                recalls,
                with_interval(score(answers).accuracy, score(answers).interval),
                with_interval(new.accuracy, new.interval),
            ]
        )
    classes = "; ".join(title.lower() for title in TASKS["brain_mri"].titles.values())
    return to_table(
        ["network", "scans", "right", f"by class: {classes}", "public test split, all", "public test split, new"], rows
    )


def calibration_table() -> str:
    """A row a network: its temperature, and the calibration error on new test scans without it and with it."""
    rows = []
    for task in TASKS.values():
        for network in shipped(task.key):
            card = network.card
            who = f"{task.title}, {network.title}"
            after = calibrate(network.new).error
            if not card.calibrated:
                rows.append([who, "none", percent(after), "–"])
                continue
            rows.append([who, f"{card.temperature:.2f}", percent(_error_before(network.new, card)), percent(after)])
    return to_table(["network", "temperature", "calibration error before", "after"], rows)


def _error_before(answers: Predictions, card: Card) -> float:
    """Of the probabilities as softmax gives them: those told are their power 1 / T, scaled to sum to one."""
    raised = answers.probabilities.astype(float) ** card.temperature
    return expected_calibration_error((raised / raised.sum(1, keepdims=True)).max(1), answers.right)


def altered_table(task: str) -> str:
    """A row an alteration, a column a network that was measured with its present weights."""
    found: dict[str, Robustness] = {}
    for network in shipped(task):
        measured = find_robustness(network.card)
        if measured is not None:
            found[f"{network.title}, {measured.scans} scans"] = measured
    keys = dict.fromkeys((row.alteration, row.strength) for measured in found.values() for row in measured.rows)
    rows = []
    for alteration, strength in keys:
        cells = []
        for measured in found.values():
            row = next(each for each in measured.rows if (each.alteration, each.strength) == (alteration, strength))
            share, (low, high) = measured.accuracy(row)
            cells.append(whole_percent(share, low, high))
        rows.append([title(alteration, strength), *cells])
    return to_table(["scans", *found], rows) if found else f"Not measured yet for {', '.join(NETWORKS)}."
