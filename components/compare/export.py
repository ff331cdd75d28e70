"""What a comparison leaves to take along: one picture, everything in one ZIP, and what to write about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from components.shell.language import _
from lightbox.comparison.citation import to_bibtex, to_markdown
from lightbox.comparison.export import zip_bytes
from lightbox.comparison.naming import name_file
from lightbox.comparison.picture import draw_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lightbox.comparison.comparison import Comparison
    from lightbox.comparison.drawing import Drawing
    from lightbox.comparison.part import Part
    from lightbox.comparison.truth import Truth


class _Way(NamedTuple):
    """A file to take along; ``build`` makes its content."""

    suffix: str
    mime: str
    label: str
    icon: str
    help: str
    build: Callable[[Comparison, Drawing, Truth | None, Sequence[Part]], bytes]


WAYS = (
    _Way(
        "png",
        "image/png",
        "Picture (PNG)",
        "image",
        "All maps in one picture for a slide, drawn as they are on the page, pinned rows and all classes too.",
        lambda comparison, drawing, known, below: draw_picture(comparison, drawing, known, below=below).to_png(),
    ),
    _Way(
        "svg",
        "image/svg+xml",
        "Picture (SVG)",
        "shapes",
        "The same picture with words that can be edited.",
        lambda comparison, drawing, known, below: draw_picture(comparison, drawing, known, below=below).to_svg(),
    ),
    _Way(
        "zip",
        "application/zip",
        "All (ZIP)",
        "folder_zip",
        "Pictures, raw float32 arrays, and a JSON with every parameter, seed, version and weight hash.",
        zip_bytes,
    ),
)
NOT_YET = "Once every map is there."


def show(
    comparison: Comparison | None, drawing: Drawing, known: Truth | None = None, *, below: Sequence[Part] | None = ()
) -> None:
    """One quiet row; nothing in it works before every map is there, and nothing is made before it is clicked.

    Args:
        comparison: None while a map is under way.
        drawing: how the maps are drawn on the page.
        known: what was placed in a synthetic scan, where its outline is drawn.
        below: what else stands on the page; None while a map of it is under way.
    """
    found = comparison if comparison is not None and comparison.panels and below is not None else None
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="compare.takeaway"):
        st.caption(_("Take it away"), width="content")
        for way in WAYS:
            _offer(way, found, drawing, known, below or ())
        _cite(found)


def _offer(
    way: _Way, comparison: Comparison | None, drawing: Drawing, known: Truth | None, below: Sequence[Part]
) -> None:
    def build() -> bytes:
        return b"" if comparison is None else way.build(comparison, drawing, known, below)

    st.download_button(
        _(way.label),
        build,
        file_name=None if comparison is None else name_file(comparison, way.suffix),
        mime=way.mime,
        icon=f":material/{way.icon}:",
        type="tertiary",
        on_click="ignore",
        disabled=comparison is None,
        help=_(NOT_YET) if comparison is None else _(way.help),
        key=f"compare.take.{way.suffix}",
    )


def _cite(comparison: Comparison | None) -> None:
    clicked = st.button(
        _("Cite"),
        icon=":material/format_quote:",
        type="tertiary",
        disabled=comparison is None,
        help=_(NOT_YET) if comparison is None else _("Methods, parameters, versions and papers as text to copy."),
        key="compare.cite",
    )
    if clicked and comparison is not None:
        _show_citation(comparison)


@st.dialog(_("Cite"), width="large")
def _show_citation(comparison: Comparison) -> None:
    """Methods and versions, and the papers, each with a button that copies it."""
    st.markdown(_("**Methods and versions** (Markdown)"))
    st.code(to_markdown(comparison), language=None, wrap_lines=True, height=220)
    st.markdown(_("**Papers and Lightbox** (BibTeX)"))
    st.code(to_bibtex(comparison), language=None, wrap_lines=True, height=220)
