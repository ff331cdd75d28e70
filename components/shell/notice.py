"""The notice that stands on every page."""

from __future__ import annotations

import streamlit as st

from components.shell.language import _
from lightbox.core import notice


def show() -> None:
    """One quiet line under the navigation: what this software is not; on a phone, also where everything is."""
    st.caption(":material/info: " + _(notice.TEXT))
    # Both are closed there to begin with; style.css shows the line where it is true.
    with st.container(key="lightbox.narrow"):
        st.caption(
            ":material/keyboard_double_arrow_right: "
            + _("The button with this sign, at the top, opens the settings and the menu of pages.")
        )
