"""What is chosen on the Networks page: the address's fields, and the cell whose scans are listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from components.shell import checkpoints
from components.shell.address import Field
from lightbox.core.tasks import TASKS
from lightbox.metrics.confusion import NORMALISATIONS, confusion_matrix, largest_mistake
from lightbox.metrics.unseen import ALL, NEW, NEW_SOURCES, UNLEAKED
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.metrics.predictions import Predictions

PAGE = "networks"
FIGURES = ("classes", "roc", "precision_recall", "calibration", "difference", "robustness")
# Of a mean map: one unsigned and coarse, one signed and fine.
MEAN_METHODS = ("grad_cam", "lrp")
_FIELDS = (
    Field("scans", "one", NEW, [NEW, NEW_SOURCES, UNLEAKED, ALL]),
    Field("cells", "one", NORMALISATIONS[0], NORMALISATIONS),
    Field("figures", "one", FIGURES[0], FIGURES),
    Field("cell_network", "one", "", ["", *NETWORKS]),
    Field("list_page", "number", 1, low=1, high=100_000),
    Field("mean_method", "one", MEAN_METHODS[0], MEAN_METHODS),
    Field("network_a", "one", "", ["", *NETWORKS]),
    Field("network_b", "one", "", ["", *NETWORKS]),
)


def fields() -> tuple[Field, ...]:
    """The address fields, made anew on every run of the page: checkpoints, and their classes, come and go."""
    classes = ["", *checkpoints.known_classes(checkpoints.find_all())]
    return (*_FIELDS, Field("true", "one", "", classes), Field("called", "one", "", classes))


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of one network's confusion matrix: keys of the network, the true class and the class it is called."""

    network: str
    true: str
    called: str

    @property
    def mistake(self) -> bool:
        return self.true != self.called

    def indices(self, predictions: Predictions) -> tuple[int, int]:
        """(true, called) among the network's classes."""
        return predictions.classes.index(self.true), predictions.classes.index(self.called)


def complete() -> None:
    """Every field has a value, also where the page did not restore it from the address."""
    for field in fields():
        st.session_state.setdefault(f"{PAGE}.{field.name}", field.default)


def get(name: str) -> str:
    """A field's value."""
    return str(st.session_state[f"{PAGE}.{name}"])


def put(name: str, value: str | int) -> None:
    """Set a field from a callback, or before its widget is drawn."""
    st.session_state[f"{PAGE}.{name}"] = value


def choose_cell(cell: Cell) -> None:
    """List another cell's scans, from the first on."""
    put("cell_network", cell.network)
    put("true", cell.true)
    put("called", cell.called)
    put("list_page", 1)


def chosen_cell(predictions: Mapping[str, Predictions]) -> Cell:
    """The cell chosen; where none is, or it is not of these networks, the first network's most frequent mistake."""
    network = get("cell_network")
    if network not in predictions:
        network = next(iter(predictions))
    answers = predictions[network]
    if get("true") in answers.classes and get("called") in answers.classes:
        return Cell(network, get("true"), get("called"))
    true, called = largest_mistake(confusion_matrix(answers))
    return Cell(network, answers.classes[true], answers.classes[called])


def class_titles(predictions: Predictions) -> dict[str, str]:
    """The classes in words, by key, in the network's order."""
    known = TASKS[predictions.task].titles
    return {key: known.get(key, key) for key in predictions.classes}
