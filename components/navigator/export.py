"""The current selection as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.shell.language import _
from lightbox.navigator.export import FORMATS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from lightbox.navigator.library import Library

_NAMES = {"csv": "CSV", "json": "JSON", "md": "Markdown"}


def show(libraries: Sequence[Library], today: date) -> None:
    """A popover with one download button a format; nothing where the selection is empty."""
    if not libraries:
        return
    with st.popover(_("Export"), icon=":material/download:"):
        st.caption(_("The {count} libraries shown, status as of {today}.").format(count=len(libraries), today=today))
        for ending, (mime, make) in FORMATS.items():
            st.download_button(
                _NAMES[ending],
                make(libraries, today),
                file_name=f"xai-libraries-{today}.{ending}",
                mime=mime,
                key=f"navigator.export.{ending}",
                on_click="ignore",
                width="stretch",
            )
