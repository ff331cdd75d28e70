"""What the page says before there is a scan."""

from __future__ import annotations

import streamlit as st

from components.scans import scan_input
from components.shell.language import _

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
        "Every map is measured. One that fails its check says so, and nonsense is withheld.",
    ),
)


def show() -> None:
    """Three steps, in a row; above them, that a scan is missing, where the link was made beside one."""
    scan_input.show_absence()
    for column, (icon, title, text) in zip(st.columns(3), STEPS, strict=True):
        with column, st.container(border=True, height="stretch"):
            st.markdown(f"#### {icon} {_(title)}")
            st.markdown(_(text))
