"""What the maps have in common and where they differ, in a line above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.shell import slot
from components.shell.language import _
from lightbox.comparison.agreement import CONCENTRATED
from lightbox.comparison.in_words import ALIKE_RANKS, ALIKE_STRONGEST, summarise
from lightbox.comparison.picture import NOT_COUNTED
from lightbox.metrics.likeness import STRONGEST

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from lightbox.comparison.comparison import Comparison
    from lightbox.imaging.views import Views

HELP = (
    "Computed from the evidence for the class, as it lies on the scan. A map's strongest evidence is its strongest "
    "{strongest:.0%}, and lies where more than half of it does; a map of which it holds less than {concentrated:.0%} "
    "is called spread. A third is one of the nine fields of a 3 × 3 grid, or three in a row (mid-height, or the middle "
    "between left and right); a quarter is one of four, a border the outer eighth. Maps overlap where each two share "
    "{overlap:.0%} or more of it and have a rank correlation of {ranks} or more. Maps that agree may share a mistake. "
    "Left and right are the picture's. Rows for every class and pinned rows are not counted."
)


def reserve(*, clear: bool) -> DeltaGenerator:
    """The line's place, as high as it is once it is there; with ``clear`` what stood there goes at once."""
    with st.container(key="compare.sentence"):
        return slot.reserve(clear=clear)


def show(place: DeltaGenerator, views: Views, comparison: Comparison | None, *, below: bool = False) -> None:
    """One line once every map is there; nothing before, and nothing while the maps should not be read.

    Args:
        place: from `reserve`.
        views: of the scan.
        comparison: None while a map is under way.
        below: whether there are rows that it does not count, which it says then.
    """
    if comparison is None:
        return
    # Whether the scan's concern is settled, and the maps.
    about = (
        comparison.concern is None or comparison.confirmed,
        *((*panel.attributions.values(), *panel.errors.values()) for panel in comparison.panels),
    )
    sentence = views.latest(("one sentence",), about, lambda: summarise(comparison))
    if sentence:
        words = _(HELP).format(
            ranks=ALIKE_RANKS, overlap=ALIKE_STRONGEST, strongest=STRONGEST, concentrated=CONCENTRATED
        )
        place.markdown(f"{sentence} {_(NOT_COUNTED)}" if below else sentence, help=words)
