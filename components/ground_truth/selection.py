"""Which part of the table is on show."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components.scans import modality
from components.shell.address import Field
from components.shell.language import _
from lightbox.core.tasks import TASKS
from lightbox.ground_truth.summary import ALL, RIGHT
from lightbox.metrics.localisation import MEASURES
from lightbox.phantoms.phantom import HEALTHY

TITLES = {"pointing": "Strongest point", "mass": "All evidence", "rank": "Strongest places"}
MEANINGS = {
    "pointing": "How often the strongest point of a map lies inside the pathology (the pointing game).",
    "mass": "How much of a map's evidence for the class lies inside the pathology (relevance mass).",
    "rank": "Of as many of a map's strongest pixels as the pathology has, how many lie inside it (relevance rank).",
}
SUBSETS = {ALL: "All scans", RIGHT: "Only those called right"}
SICK = {task.key: [key for key in task.classes if key not in HEALTHY] for task in TASKS.values()}
FIELDS = (
    modality.FIELD,
    Field("measure", "one", MEASURES[0], MEASURES),
    Field("label", "one", ALL, [ALL, *(key for keys in SICK.values() for key in keys)]),
    Field("scans", "one", ALL, list(SUBSETS)),
)


@dataclass(frozen=True, slots=True)
class Selection:
    """What is on show.

    Args:
        task: key of the task.
        measure: one of `MEASURES`.
        label: key of a class, or "all".
        subset: "all" scans, or those the network calls "right".
    """

    task: str
    measure: str
    label: str
    subset: str

    @property
    def labels(self) -> list[str]:
        """The classes on show."""
        return SICK[self.task] if self.label == ALL else [self.label]


def show() -> Selection:
    """One row of controls; none of them computes anything."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        task = modality.show("ground_truth")
        measure = choose(
            _("Measure"),
            "measure",
            TITLES,
            explained="\n\n".join(f"**{_(TITLES[key])}**: {_(MEANINGS[key])}" for key in TITLES),
        )
        titles = {ALL: "All", **class_titles(task)}
        if st.session_state["ground_truth.label"] not in titles:
            st.session_state["ground_truth.label"] = ALL
        label = choose(_("Pathology"), "label", titles)
        subset = choose(
            _("Scans"),
            "scans",
            SUBSETS,
            explained=_("A network that calls a scan wrong may not have seen the pathology: its maps cannot show it."),
        )
    return Selection(task, measure, label, subset)


def class_titles(task: str) -> dict[str, str]:
    """The classes with a pathology, in words."""
    return {label.key: label.title for label in TASKS[task].labels if label.key in SICK[task]}


def choose(title: str, name: str, titles: dict[str, str], explained: str | None = None) -> str:
    """One button a key, exactly one of them lit."""
    chosen = st.segmented_control(
        title,
        list(titles),
        format_func=lambda key: _(titles[key]),
        key=f"ground_truth.{name}",
        required=True,
        help=explained,
    )
    return str(chosen)
