"""Things abreast, as many as fit, the rest below: columns only shrink, and cut off what has a least width."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import streamlit as st

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

# The least widths, in CSS pixels, that style.css has a rule for.
Least = Literal[140, 200, 240, 300]


def row(key: str, least: Least) -> DeltaGenerator:
    """A container whose children stand abreast, equally wide and none below ``least`` CSS pixels.

    Where the page itself is narrower than that, they are as wide as the page. How wide it is only the browser knows, so
    the style sheet does the counting.
    """
    return st.container(key=f"flow-{least}-{key}")
