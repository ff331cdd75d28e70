"""How good networks are on a test set, which classes they mix up, and on which scans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from components.networks import choices
from components.networks.results import (
    cell_scans,
    curve_plots,
    difference,
    matrix,
    mean_map,
    per_class,
    reliability,
    robustness,
    subset,
    summary,
)
from components.shell import checkpoints, errors, flow
from components.shell.language import _
from lightbox.metrics.confusion import NORMALISATIONS, confusion_matrix, normalise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.networks.scan_files import ScanFiles
    from lightbox.jobs import Job
    from lightbox.metrics.predictions import Predictions
    from lightbox.networks import Card

ABREAST = 3
ROBUSTNESS = "robustness"
FIGURES = {
    "classes": "Per class",
    "roc": "ROC",
    "precision_recall": "Precision-recall",
    "calibration": "Calibration",
    "difference": "Two networks",
    ROBUSTNESS: "Altered scans",
}


def show(
    predictions: Mapping[str, Predictions],
    *,
    files: ScanFiles | None = None,
    cards: Mapping[str, Card] | None = None,
    new_sources: Mapping[str, Predictions] | None = None,
) -> list[Job]:
    """Everything that follows from networks' answers; returns the jobs that it wants kept.

    Args:
        predictions: by network, one or more, all of one task. They may come from a file or from memory.
        files: gives the scans; None where they are not at hand. Then there are no thumbnails, and Compare says which
            file to drop there.
        cards: of the networks, for what was measured on their own test sets besides; None for answers on other scans.
        new_sources: their answers on a second test set, where they have one.
    """
    choices.complete()
    shown = subset.show(predictions, new_sources)
    if not all(len(answers) for answers in shown.values()):
        st.info(_("No scan is left in this choice."))
        return []
    if len({frozenset(answers.classes) for answers in shown.values()}) > 1:
        st.info(
            _(
                "These networks tell different classes apart, so their figures answer different questions: do not set "
                "them against each other. {classes}."
            ).format(classes=checkpoints.describe_classes({key: answers.classes for key, answers in shown.items()})),
            icon=":material/call_split:",
        )
    wanted = summary.show(predictions, shown)
    cell = choices.chosen_cell(shown)
    wanted += _show_matrices(shown, cell, files)
    st.subheader(_("More figures"), anchor=False)
    _show_figures(shown, cards)
    return wanted


def _show_matrices(shown: Mapping[str, Predictions], cell: choices.Cell, files: ScanFiles | None) -> list[Job]:
    """The matrices; beside them the scans of the cell that was clicked, below them its mean map."""
    st.subheader(_("Which classes are mixed up"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        how = st.segmented_control(
            _("Cells show"),
            NORMALISATIONS,
            format_func=lambda key: _(matrix.TITLES[key]),
            key=f"{choices.PAGE}.cells",
            required=True,
            help="\n\n".join(f"**{_(matrix.TITLES[key])}**: {_(matrix.MEANINGS[key])}" for key in NORMALISATIONS),
        )
        st.caption(_("Rows: what a scan truly is. Columns: what the network calls it. Click a cell to see its scans."))
    limit = max(_largest(answers, str(how)) for answers in shown.values())
    matrices, beside = st.columns([1, 1] if len(shown) < ABREAST else [2, 1], gap="medium")
    with matrices, flow.row("networks.matrices", 240 if len(shown) > 1 else 300):
        for answers in shown.values():
            with st.container():
                matrix.show(answers, str(how), limit=limit, cell=cell)
    with beside:
        cell_scans.show(shown, cell, files)
    if files is None:
        return []
    with matrices:
        return mean_map.show(shown[cell.network], cell, files)


def _largest(answers: Predictions, how: str) -> float:
    """The value of the last colour: 1 for shares, else the fullest cell."""
    return float(np.nanmax(normalise(confusion_matrix(answers), how))) if how == "counts" else 1.0


def _show_figures(shown: Mapping[str, Predictions], cards: Mapping[str, Card] | None) -> None:
    """One kind of figures at a time: only that one is computed."""
    kinds = [key for key in FIGURES if key != ROBUSTNESS or cards]
    if choices.get("figures") not in kinds:
        choices.put("figures", kinds[0])
    kind = st.segmented_control(
        _("Figures"),
        kinds,
        format_func=lambda key: _(FIGURES[key]),
        key=f"{choices.PAGE}.figures",
        required=True,
        label_visibility="collapsed",
    )
    with errors.boundary():
        if kind == "classes":
            per_class.show(shown)
        elif kind == "calibration":
            reliability.show(shown, cards)
        elif kind == "difference":
            difference.show(shown)
        elif kind == ROBUSTNESS and cards:
            robustness.show({key: card for key, card in cards.items() if key in shown})
        else:
            curve_plots.show(shown, str(kind))
