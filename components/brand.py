"""The name on the wall, and two adjustments to Streamlit's own style.

Less empty space around the films, and no advertisement to programmers in front of the people who use the app.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_LOGO = str(Path(__file__).with_name("logo.svg"))
_CSS = """
<style>
[data-testid="stMainBlockContainer"] { padding: 4.2rem 2rem 2rem; }
[data-testid="stSkillsNudge"] { display: none; }
</style>
"""


def show() -> None:
    """Put logo and style into the page."""
    st.logo(_LOGO, size="large")
    st.html(_CSS)
