"""The notice that stands on every page."""

from __future__ import annotations

import streamlit as st

from components.language import _
from lightbox.core import notice


def show() -> None:
    """One quiet line under the navigation: what this software is not."""
    st.caption(":material/info: " + _(notice.TEXT))
