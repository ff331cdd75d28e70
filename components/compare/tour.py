"""A tour of Compare in ninety seconds: it is offered, never opens by itself, and points at the page as it is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from components.scans import gallery, scan_input
from components.shell import script
from components.shell.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.networks import Card

_NUMBER = "compare.tour"


@dataclass(frozen=True, slots=True)
class Step:
    """One place of the page.

    Args:
        target: CSS selector; the first element that it finds is pointed at.
        title: the place in a word.
        text: what to do or see there.
    """

    target: str
    title: str
    text: str


STEPS = (
    Step(
        '[class*="st-key-film-"][class*="-compare-scan"]',
        "The scan",
        "This is what you opened. Samples are synthetic, so it is known where the disease is: it was placed there.",
    ),
    Step(
        '[class*="-compare-answer-"] > :nth-child(2)',
        "The answer",
        "What the network takes the scan for, and how sure it is. Read it first: a map of a wrong answer explains a "
        "wrong answer.",
    ),
    Step(
        '[class*="st-key-maps-"]',
        "The maps",
        "One for each method. Red places moved the network towards the class, blue ones away from it; of Grad-CAM, "
        "yellow is most.",
    ),
    Step(
        '[class*="st-key-found-"]',
        "The badges",
        "What was measured of each map. Green: it passed its check. Red: do not believe it; it says what to try.",
    ),
    Step(
        ".st-key-compare-bar",
        "How it is drawn",
        "The map over the scan, alone or as lines; only what speaks for the class; the true outline of a sample. "
        "Nothing here changes a map.",
    ),
    Step(
        ".st-key-compare-actions",
        "Take it away",
        "All pictures and figures, and a record of how each map was made. Now bring a scan of your own, on the left.",
    ),
)
BUTTONS = ("End the tour", "Back", "Next", "Done")


def offer(task: str, cards: Mapping[str, Card], *, where: str) -> None:
    """The button that starts it; without a scan it opens the first sample of the gallery.

    Args:
        task: key of the task.
        cards: of its networks.
        where: "welcome", which hides it once the tour was seen, or "guide".
    """
    st.button(
        _("Take the 90-second tour"),
        key=f"compare.tour.{where}",
        icon=":material/tour:",
        type="tertiary",
        on_click=_begin,
        args=(task, cards),
    )


def show() -> None:
    """What makes the tour run, once each time that the button was pressed."""
    steps = [{**asdict(step), "title": _(step.title), "text": _(step.text)} for step in STEPS]
    number = st.session_state.get(_NUMBER, 0)
    about = json.dumps({"number": number, "steps": steps, "buttons": [_(words) for words in BUTTONS]})
    script.show(Path(__file__).with_name("tour.js"), "tour", f"var TOUR = {about};")


def _begin(task: str, cards: Mapping[str, Card]) -> None:
    first = gallery.first(task, cards)
    if scan_input.current() is None and first is not None:
        scan_input.load_sample(first)
    st.session_state[_NUMBER] = st.session_state.get(_NUMBER, 0) + 1
