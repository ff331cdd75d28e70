"""How the maps fare against the masks of synthetic scans, from the shipped table."""

from __future__ import annotations

import statistics
from functools import cache
from typing import TYPE_CHECKING

from benchmarks.results.markdown import join, percent, to_table, whole_percent
from lightbox.core.tasks import TASKS
from lightbox.explainers import METHODS
from lightbox.ground_truth.localisation_table import SHIPPED, read_table, settings_of
from lightbox.ground_truth.summary import ALL, RIGHT, score_of
from lightbox.networks import NETWORKS
from lightbox.phantoms.phantom import HEALTHY

if TYPE_CHECKING:
    from lightbox.ground_truth.localisation_table import Table
    from lightbox.ground_truth.summary import Accuracy, Row

# What a map that does not know the mask gets by chance is the mask's share of the area, in both measures.
MEASURE_OF = {"brain_mri": "pointing", "chest_xray": "rank"}


@cache
def table() -> Table:
    """The shipped table."""
    return read_table(SHIPPED)


def networks_of(task: str) -> list[str]:
    """Keys of the networks that were measured, in the order in which pages show them."""
    return [network for network in NETWORKS if table().run_of(task, network)]


def row_of(task: str, network: str, method: str, subset: str = ALL) -> Row | None:
    """The figures of a method on all classes that have a pathology."""
    wanted = (task, network, method, ALL, subset)
    return next((row for row in table().rows if _place(row) == wanted), None)


def _place(row: Row) -> tuple[str, ...]:
    return row.task, row.network, row.method, row.label, row.subset


def answers_of(task: str, network: str, label: str = ALL) -> Accuracy:
    """How many scans of a class the network calls what they are."""
    return next(row for row in table().accuracies if (row.task, row.network, row.label) == (task, network, label))


def score_table(task: str, subset: str) -> str:
    """A row a method: its score on each network with the interval."""
    measure, networks = MEASURE_OF[task], networks_of(task)
    header = ["method"]
    for network in networks:
        answers = answers_of(task, network)
        told = f"right on {answers.right} of {answers.count}" if subset == ALL else "scans that it calls right"
        header.append(f"{NETWORKS[network].title}, {told}")
    rows = []
    for method, spec in METHODS.items():
        found = [row_of(task, network, method, subset) for network in networks]
        rows.append([spec.title, *("–" if row is None else whole_percent(*score_of(row, measure)) for row in found)])
    return to_table(header, rows)


def chance_sentence(task: str) -> str:
    """What a map would score that knows nothing."""
    shares = {row.area for row in table().rows if (row.task, row.label, row.subset) == (task, ALL, ALL)}
    return f"By chance it would be {percent(statistics.mean(shares))}, the mask's share of the area."


def answers_table() -> str:
    """A row a class: of how many synthetic scans each network calls it right."""
    rows = []
    for task in TASKS.values():
        for label in task.labels:
            found = [answers_of(task.key, network, label.key) for network in networks_of(task.key)]
            rows.append([f"{task.title}, {label.title.lower()}", *(f"{row.right} of {row.count}" for row in found)])
    return to_table(["scans", *(NETWORKS[network].title for network in networks_of("brain_mri"))], rows)


def right_of_class(task: str, label: str) -> str:
    """Such as: ConvNet 29, ResNet50 50 and VGG16 12 of 100."""
    found = {network: answers_of(task, network, label) for network in networks_of(task)}
    told = [f"{NETWORKS[network].title} {row.right}" for network, row in found.items()]
    return f"{join(told)} of {next(iter(found.values())).count}"


def incomplete(task: str) -> str:
    """How many of Integrated Gradients' maps failed their completeness check, such as: 56 % (506 of 900)."""
    rows = [row_of(task, network, "integrated_gradients") for network in networks_of(task)]
    failed, count = (sum(getattr(row, name) for row in rows if row) for name in ("failed", "count"))
    return f"{whole_percent(failed / count)} ({failed} of {count})"


def incomplete_sentence() -> str:
    """The same for both tasks, and why."""
    found = [row_of("brain_mri", network, "integrated_gradients") for network in networks_of("brain_mri")]
    steps = {settings_of(row)["steps"] for row in found if row is not None}
    return (
        f"Integrated Gradients was given {join(sorted(map(str, steps)))} steps for every scan here, too few for "
        f"{incomplete('brain_mri')} of its brain maps and {incomplete('chest_xray')} of its chest maps to be complete. "
        "On the Compare page it adds steps until they are."
    )


def failed_table() -> str:
    """A row a method: how many of its maps failed a check of their own, and how many were withheld as nonsense."""
    places = [(task, network) for task in TASKS for network in networks_of(task)]
    rows = []
    for method, spec in METHODS.items():
        found = [row_of(task, network, method) for task, network in places]
        rows.append([spec.title, *("–" if row is None else _tell_failed(row) for row in found)])
    return to_table(["failed", *(f"{TASKS[task].title}, {NETWORKS[network].title}" for task, network in places)], rows)


def _tell_failed(row: Row) -> str:
    withheld = f", {row.withheld} withheld" if row.withheld else ""
    return f"{row.failed} of {row.count}{withheld}"


def failed_of(task: str, method: str) -> str:
    """Such as: ConvNet 5 of 150, ResNet50 157 of 300 and VGG16 15 of 45."""
    found = {network: row_of(task, network, method) for network in networks_of(task)}
    return join(
        [f"{NETWORKS[network].title} {row.failed} of {row.count}" for network, row in found.items() if row is not None]
    )


def seconds_table() -> str:
    """A row a method: median seconds of a map on each network."""
    places = [(task, network) for task in TASKS for network in networks_of(task)]
    rows = []
    for method, spec in METHODS.items():
        found = [row_of(task, network, method) for task, network in places]
        rows.append([spec.title, *("–" if row is None else f"{row.seconds:.2g}" for row in found)])
    header = [f"{TASKS[task].title}, {NETWORKS[network].title}" for task, network in places]
    return to_table(["seconds a map", *header], rows)


def runs_table() -> str:
    """A row a network: when and on which scans it was measured."""
    rows = []
    for run in sorted(table().runs, key=lambda run: (list(TASKS).index(run.task), list(NETWORKS).index(run.network))):
        who = f"{TASKS[run.task].title}, {NETWORKS[run.network].title}"
        scans = f"{run.per_class} a class, {run.size} px, from seed {run.first_seed}"
        rows.append([who, scans, run.generator_version, f"`{run.weights_sha256[:12]}`", run.date])
    return to_table(["network", "scans", "generator", "weights", "measured"], rows)


def pathologies(task: str) -> str:
    """How many scans with a pathology were explained, of those that each network calls right: in words."""
    labels = [label for label in TASKS[task].classes if label not in HEALTHY]
    told = []
    for network in networks_of(task):
        found = [answers_of(task, network, label) for label in labels]
        told.append(f"{NETWORKS[network].title} {sum(row.right for row in found)}")
    count = sum(answers_of(task, networks_of(task)[0], label).count for label in labels)
    return f"of {count}, {join(told)}"


def hits_of_right(task: str, method: str) -> str:
    """A method's score on the scans that each network calls right."""
    told = []
    for network in networks_of(task):
        row = row_of(task, network, method, RIGHT)
        if row is not None:
            told.append(f"{NETWORKS[network].title} {whole_percent(score_of(row, MEASURE_OF[task])[0])}")
    return join(told)
