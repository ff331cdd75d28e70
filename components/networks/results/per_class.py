"""Precision, recall and F1 of every class and network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.networks import choices
from components.networks.results.summary import percent
from components.shell.language import _
from lightbox.metrics.confusion import score
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.metrics.predictions import Predictions


def show(predictions: Mapping[str, Predictions]) -> None:
    """One row a class and network."""
    rows = [row for answers in predictions.values() for row in records(answers)]
    st.dataframe(rows, hide_index=True, key="networks.per_class", width="stretch")
    st.caption(
        _(
            "Recall: of the scans of a class, the share called so. Precision: of those called so, the share that are. "
            "F1: their harmonic mean. A dash where that is a division by zero."
        )
    )


def records(answers: Predictions) -> list[dict[str, str | int]]:
    """A network's rows as a person reads them."""
    titles = choices.class_titles(answers)
    return [
        {
            _("Class"): _(titles[each.key]),
            _("Network"): NETWORKS[answers.network].title,
            _("Scans"): each.scans,
            _("Called so"): each.called,
            _("Recall"): percent(each.recall),
            _("Precision"): percent(each.precision),
            _("F1"): percent(each.f1),
        }
        for each in score(answers).classes
    ]
