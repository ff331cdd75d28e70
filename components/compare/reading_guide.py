"""How to read a map, one click away from the maps: ten sentences, and the words of the field below them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from components.compare import tour
from components.maps import legend
from components.shell.language import _
from lightbox.core.glossary import read_glossary
from lightbox.imaging.colour import SIGNED, UNSIGNED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.networks import Card

# By heading; ten sentences in all, so that they are read.
GUIDE = {
    "Before the map": "Read the answer first: a map of a wrong answer explains a wrong answer.",
    "Colours": (
        "Red speaks for the class explained, blue against it. A map that shows only what speaks for it, such as "
        "Grad-CAM's, runs from dark blue to yellow. Where there is no evidence you see the plain scan."
    ),
    "Badges": (
        "Green: the map passed its check. Red: it did not, so do not believe it; the words beside it say what to try. "
        "Grey: for information, neither passed nor failed."
    ),
    "What it means": "A map explains the network, not the patient, and a passed check does not make the network right.",
    "Sides": "Left and right are those of the picture, which need not be those of the patient.",
    "Compare": "Look at two methods at least: what only one of them shows may be that method's own.",
}


def show(task: str, cards: Mapping[str, Card]) -> None:
    """The quiet button that opens the guide. Nothing in it is run again when it is opened or unfolded.

    Args:
        task: key of the task.
        cards: of its networks; see `tour.offer`.
    """
    tour.show()
    with st.popover(_("How to read a map"), icon=":material/help:", type="tertiary"):
        st.html(_guide())
        tour.offer(task, cards, where="guide")
        st.markdown(f"**{_('Words')}**")
        st.html(_words())


def _guide() -> str:
    rows = "".join(f"<dt>{escape(_(title))}</dt><dd>{escape(_(text))}</dd>" for title, text in GUIDE.items())
    return f'<dl class="lightbox-guide">{rows}</dl>{_legend()}'


def _legend() -> str:
    """The colours of a map as they are drawn: for and against, and where only what speaks for the class is shown."""
    both = legend.bar(SIGNED, _("Colours from against, blue, to for, red"), (_("against"), "0", _("for")))
    return both + legend.bar(UNSIGNED, _("Colours from nothing, dark blue, to for, yellow"), ("0", _("for")))


def _words() -> str:
    """Every term of the glossary, folded: the browser opens one without a run of the page."""
    rows = []
    for term in read_glossary():
        others = f"<small>{escape(_('also:'))} {escape(', '.join(_(name) for name in term.synonyms))}</small>"
        rows.append(
            f"<details><summary>{escape(_(term.term))}</summary><p>{escape(_(term.meaning))}"
            f"{others if term.synonyms else ''}</p></details>"
        )
    return f'<div class="lightbox-glossary">{"".join(rows)}</div>'
