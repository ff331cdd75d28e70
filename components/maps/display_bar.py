"""How maps are drawn. Nothing here ever computes a map."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components.shell.address import Field
from components.shell.language import _
from lightbox.comparison.drawing import Drawing
from lightbox.core.glossary import meaning_of

VIEWS = {"overlay": "Overlay", "map": "Map alone", "contours": "Contours"}
EVIDENCE = {"signed": "For and against", "positive": "For only"}
SCALES = {"own": "Each map its own", "shared": "Shared by method"}
FIELDS = (
    Field("view", "one", "overlay", list(VIEWS)),
    Field("evidence", "one", "signed", list(EVIDENCE)),
    Field("scale", "one", "own", list(SCALES)),
    Field("opacity", "number", 0.8, low=0.1, high=1.0),
    Field("outline", "flag", default=True),
)


@dataclass(frozen=True, slots=True)
class Display(Drawing):
    """The drawing choices of the page: those of an export, and one more.

    Args:
        outline: draw where the pathology is known to be, and score each map against it.
    """

    outline: bool = False


def show(*, rows: int = 2, with_truth: bool = False) -> Display:
    """The drawing controls, for a row of their own; what is rarely changed is folded. One that does nothing says why.

    Args:
        rows: how many rows of maps there are on the page, among which a scale can be shared.
        with_truth: whether there is a sample's known pathology to outline.
    """
    view = st.segmented_control(
        _("View"),
        list(VIEWS),
        format_func=lambda key: _(VIEWS[key]),
        key="compare.view",
        required=True,
        label_visibility="collapsed",
    )
    evidence = st.segmented_control(
        _("Evidence"),
        list(EVIDENCE),
        format_func=lambda key: _(EVIDENCE[key]),
        key="compare.evidence",
        required=True,
        label_visibility="collapsed",
    )
    outline = with_truth and st.toggle(
        _("True outline"),
        key="compare.outline",
        help=_(meaning_of("Outline")),
    )
    with st.popover(_("Display"), icon=":material/tune:", type="tertiary"):
        opacity = st.slider(
            _("Opacity"),
            0.1,
            1.0,
            step=0.1,
            key="compare.opacity",
            disabled=view != "overlay",
            help=_(meaning_of("Opacity"))
            if view == "overlay"
            else _("Only an overlay has one: choose the view “Overlay”."),
        )
        scale = st.segmented_control(
            _("Colour scale"),
            list(SCALES),
            format_func=lambda key: _(SCALES[key]),
            key="compare.scale",
            required=True,
            disabled=rows < 2,
            help=_(meaning_of("Colour scale"))
            if rows > 1
            else _("A scale can be shared among two rows of maps or more; there is one."),
        )
    return Display(view or "overlay", opacity, evidence == "positive", scale == "shared", outline)
