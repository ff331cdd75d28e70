"""The name on the wall, and our own style sheet."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent
# A file of our own: Streamlit has the browser fetch a named icon of the tab from a host on the internet.
ICON = str(_FOLDER / "icon.svg")


def show() -> None:
    """Put logo and style into the page."""
    st.logo(str(_FOLDER / "logo.svg"), size="large")
    st.html(_FOLDER / "style.css")
