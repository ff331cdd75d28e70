"""The name on the wall, and our own style sheet."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent


def show() -> None:
    """Put logo and style into the page."""
    st.logo(str(_FOLDER / "logo.svg"), size="large")
    st.html(_FOLDER / "style.css")
