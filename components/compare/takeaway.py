"""One ZIP that holds the comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.shell.language import _
from lightbox.comparison.export import zip_bytes

if TYPE_CHECKING:
    from lightbox.comparison.comparison import Comparison
    from lightbox.comparison.drawing import Drawing
    from lightbox.comparison.truth import Truth


def show(comparison: Comparison | None, drawing: Drawing, known: Truth | None = None) -> None:
    """The download button; it waits until every map is there. The ZIP is made when it is clicked.

    ``known`` is what was placed in a synthetic scan, where its outline is drawn.
    """

    def build() -> bytes:
        return b"" if comparison is None else zip_bytes(comparison, drawing, known)

    st.download_button(
        _("Download all (ZIP)"),
        build,
        file_name="lightbox.zip",
        mime="application/zip",
        icon=":material/download:",
        on_click="ignore",
        disabled=comparison is None,
        help=_("Pictures, raw float32 arrays, and a JSON with every parameter, seed, version and weight hash."),
        key="compare.download",
    )
