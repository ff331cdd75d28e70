"""What the page says before there is a scan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.compare import tour
from components.scans import scan_input
from components.shell.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.networks import Card

STEPS = (
    (
        ":material/upload_file:",
        "Bring a scan",
        "Drop a chest X-ray or a brain MRI slice into the panel on the left: PNG, JPEG or DICOM.",
    ),
    (
        ":material/compare:",
        "See five explanations",
        "Each method shows which pixels moved the network's answer, side by side over your scan.",
    ),
    (
        ":material/fact_check:",
        "Read the checks",
        "Every map is measured. One that fails a check says so; one that makes no sense is not shown.",
    ),
)


def show(task: str, cards: Mapping[str, Card]) -> None:
    """Three steps, in a row, and the tour; above them, that a scan is missing, where the link was made beside one.

    Args:
        task: key of the task.
        cards: of its networks; see `tour.offer`.
    """
    scan_input.show_absence()
    for column, (icon, title, text) in zip(st.columns(3), STEPS, strict=True):
        with column, st.container(border=True, height="stretch"):
            st.markdown(f"#### {icon} {_(title)}")
            st.markdown(_(text))
    tour.offer(task, cards, where="welcome")
