"""A script in the page, in a container that takes no line. It must do nothing when it is run a second time."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from pathlib import Path


def show(path: Path, name: str, before: str = "") -> None:
    """Put a script into the page; the browser runs it when it comes, and again when its text has changed.

    Args:
        path: of the script, which ships with the program.
        name: tells it from the page's other scripts.
        before: JavaScript to run before it, such as the values that it reads. Nothing of a user's may be in it.
    """
    # style.css hides it by the start of its key.
    with st.container(key=f"lightbox.script.{name}"):
        st.html(f"<script>{before}{_read(path)}</script>", unsafe_allow_javascript=True)


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
