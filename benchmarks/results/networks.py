"""How often each shipped network is right on the original test splits: from its answers and the data's audit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from benchmarks.results.markdown import percent, short_count, to_table, with_interval
from lightbox.core.settings import PROJECT_DIR
from lightbox.core.tasks import TASKS
from lightbox.metrics.calibration import calibrate
from lightbox.metrics.confusion import confusion_matrix, score
from lightbox.metrics.predictions import PREDICTIONS_NAME, read_predictions
from lightbox.networks import NETWORKS, read_card
from lightbox.networks.size import read_size
from lightbox.provenance.data_audit import NAME, read_audit

if TYPE_CHECKING:
    from lightbox.metrics.predictions import Predictions
    from lightbox.networks import Card
    from lightbox.provenance.data_audit import DataAudit

MODELS = PROJECT_DIR / "models"


@dataclass(frozen=True, slots=True, eq=False)
class Shipped:
    """A checkpoint of the project and its answers on the test split.

    Args:
        card: of the checkpoint.
        all: every test image.
        unequal: those that no training image equals byte for byte.
        new: those whose picture training has not seen, in whatever file.
    """

    card: Card
    all: Predictions
    unequal: Predictions
    new: Predictions

    @property
    def title(self) -> str:
        return NETWORKS[self.card.network].title


@cache
def shipped(task: str) -> tuple[Shipped, ...]:
    """The project's checkpoints of a task, in the order in which pages show them."""
    found = []
    seen = audit_of(task).leaked_names()
    for network in NETWORKS:
        folder = MODELS / task / network
        if not folder.is_dir():
            continue
        card = read_card(folder)
        if not card.measured:
            raise ValueError(f"{task}/{network}: the figures are not of these weights")
        answers = read_predictions(folder / PREDICTIONS_NAME, card)
        new = answers.take([name not in seen for name in answers.names])
        found.append(Shipped(card, answers, answers.without_leaked(), new))
    return tuple(found)


@cache
def audit_of(task: str) -> DataAudit:
    """What the audit found in a task's data."""
    return read_audit(MODELS / task / NAME)


def accuracy_table(task: str) -> str:
    """A row a network: accuracy with its interval on each selection of test images, and two figures on all of them."""
    networks = shipped(task)
    first = networks[0]
    selections = {f"all {len(first.all)}": "all"}
    if len(first.unequal) < len(first.all):
        selections[f"the {len(first.unequal)} not byte for byte in training"] = "unequal"
    if len(first.new) < len(first.unequal):
        selections[f"the {len(first.new)} new pictures"] = "new"
    header = ["network", *selections, "balanced accuracy, all", "calibration error, all"]
    rows = []
    for network in networks:
        scores = [score(getattr(network, key)) for key in selections.values()]
        cells = [with_interval(one.accuracy, one.interval) for one in scores]
        error = calibrate(network.all).error
        rows.append([network.title, *cells, percent(scores[0].balanced_accuracy), percent(error)])
    return to_table(header, rows)


def recall_table(task: str) -> str:
    """A row a class: the share of its test images that each network calls so."""
    networks = shipped(task)
    titles = TASKS[task].titles
    whole = [score(network.all).classes for network in networks]
    rows = []
    for place, key in enumerate(networks[0].card.classes):
        recalls = [percent(classes[place].recall) for classes in whole]
        rows.append([titles[key], str(whole[0][place].scans), *recalls])
    return to_table(["class", "test images", *(network.title for network in networks)], rows)


def confusion_tables(task: str, selection: str) -> str:
    """For each network how many images of a class (down) it calls which class (across)."""
    titles = TASKS[task].titles
    parts = []
    for network in shipped(task):
        answers: Predictions = getattr(network, selection)
        columns = [f"called {titles[key].lower()}" for key in answers.classes]
        rows = [
            [titles[key].lower(), *map(str, counts)]
            for key, counts in zip(answers.classes, confusion_matrix(answers).tolist(), strict=True)
        ]
        parts.append(f"{network.title}, {len(answers)} images:\n\n{to_table(['true class', *columns], rows)}")
    return "\n\n".join(parts)


def overview_table() -> str:
    """The README's: a row a network, its accuracy on each task's selections of test images."""
    rows = []
    for key, spec in NETWORKS.items():
        found = {task: network for task in TASKS for network in shipped(task) if network.card.network == key}
        counts = [short_count(read_size(network.card).parameters) for network in found.values()]
        cells = [_accuracies(found[task]) if task in found else "–" for task in TASKS]
        rows.append([f"`{key}`", spec.title, "; ".join(dict.fromkeys(counts)) or "–", *cells])
    return to_table(["key", "network", "parameters", *(task.title for task in TASKS.values())], rows)


def _accuracies(network: Shipped) -> str:
    """On all test images, and on the smaller selections where there are any."""
    shares = {len(answers): score(answers).accuracy for answers in (network.all, network.unequal, network.new)}
    return "; ".join(map(percent, shares.values()))


def counted(task: str, selection: str) -> str:
    """How many test images a selection has."""
    return str(len(getattr(shipped(task)[0], selection)))


def accuracies(task: str, selection: str) -> str:
    """Such as: ConvNet 54.1 %, ResNet50 61.5 %, VGG16 44.3 %."""
    return ", ".join(
        f"{network.title} {percent(score(getattr(network, selection)).accuracy)}" for network in shipped(task)
    )


def recalls(task: str, label: str) -> str:
    """The same for the share of one class that is found."""
    return ", ".join(
        f"{network.title} {percent(next(one.recall for one in score(network.all).classes if one.key == label))}"
        for network in shipped(task)
    )


def leaks_sentence() -> str:
    """How many test images training has seen, and of which class most of the others are."""
    answers = shipped("brain_mri")[0].new
    counts = [int((answers.labels == place).sum()) for place in range(len(answers.classes))]
    place = max(range(len(counts)), key=counts.__getitem__)
    commonest = TASKS["brain_mri"].titles[answers.classes[place]].lower()
    return (
        f"Of the brain test images {leaks('brain_mri')}; of the chest test images {leaks('chest_xray')}. Of the "
        f"{len(answers)} new brain pictures {counts[place]} are of the class {commonest}."
    )


def leaks(task: str) -> str:
    """How many test images training has seen, and how."""
    audit = audit_of(task)
    identical, alike = (len(audit.leaked(kind=kind)) for kind in ("identical", "alike"))
    total = audit.images_in("test")
    if not identical + alike:
        return f"none of {total}"
    return f"{identical + alike} of {total}, {identical} byte for byte and {alike} as another file of the same picture"
