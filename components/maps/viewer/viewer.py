"""Puts the viewer into a page, and the buttons that open it."""

from __future__ import annotations

import json
import re
import weakref
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from components.maps.viewer.payload import Shown, pack
from components.shell.language import _
from lightbox.explainers import METHODS

if TYPE_CHECKING:
    from components.maps.display_bar import Display
    from components.maps.viewer.payload import ShownMap
    from lightbox.comparison.truth import Truth
    from lightbox.imaging.views import Views

KEY = "compare.viewer"
_ASKED = "compare.viewer.asked"
_NOW = "compare.viewer.now"
_FOLDER = Path(__file__).parent
# In the order in which they build on each other; together they are one module.
_SCRIPTS = (
    "words.js",
    "message.js",
    "geometry.js",
    "colours.js",
    "contours.js",
    "drawing.js",
    "store.js",
    "controls.js",
    "pointers.js",
    "actions.js",
    "showing.js",
    "viewer.js",
)


def begin(views: Views) -> None:
    """Say which scan's maps are about to be drawn: those of any other, such as a pinned one, cannot be laid over it."""
    st.session_state[_NOW] = weakref.ref(views)
    _offered(views).clear()


def offer(views: Views | None, shown: ShownMap, *, picture: str) -> None:
    """A button that opens the viewer at a map, without a run of the page; none where it is not of the scan begun with.

    Args:
        views: of the map's scan.
        shown: the map.
        picture: key of the chart that shows the map: a click on that opens the viewer too.
    """
    now = st.session_state.get(_NOW)
    if views is None or now is None or now() is not views:
        return
    _offered(views)[shown.name] = shown
    words = _("Look closer")
    label = escape(f"{words}: {_(METHODS[shown.result.method].title)}, {shown.place}")
    names = f'data-map="{escape(shown.name)}" data-picture="{_class_of(picture)}"'
    st.html(
        f'<button type="button" class="lightbox-closer" {names} aria-haspopup="dialog" aria-label="{label}" '
        f'title="{words}"></button>',
        width="content",
    )


def show(views: Views, display: Display, known: Truth | None, *, doubted: bool) -> None:
    """Have the viewer ready for the maps that were offered. It sends no numbers until it is opened.

    Args:
        views: of the scan.
        display: the drawing choices.
        known: where the pathology is, None where that is not known or not to be drawn.
        doubted: whether the scan has a concern that is not settled.
    """
    fresh = Shown(tuple(_offered(views).values()), display, known, doubted)
    shown = views.latest("viewer", fresh, lambda: fresh)
    with st.container(key="lightbox.viewer"):
        # A fragment outlives the run that made it: it must not keep a scan that the session has let go of.
        _serve(weakref.ref(views), weakref.ref(shown))


def _offered(views: Views) -> dict[str, ShownMap]:
    """The maps that have been drawn since the run began, by their names."""
    return views.once("viewer's maps", dict)


def _class_of(key: str) -> str:
    """How Streamlit writes a key into an element's class."""
    return re.sub(r"[^a-zA-Z0-9_-]", "-", key)


@st.fragment
def _serve(views: weakref.ref[Views], shown: weakref.ref[Shown]) -> None:
    """Send the message; run by itself when the viewer asks for what it lacks."""
    scanned, maps = views(), shown()
    if scanned is None or maps is None:
        return
    asked = st.session_state.pop(_ASKED, None)
    if asked is None:
        message = scanned.latest("viewer's header", (maps, scanned.scan.modality), lambda: pack(maps, scanned.scan))
    else:
        message = pack(maps, scanned.scan, have=frozenset(asked["have"]))
    _component()(key=KEY, data=message, on_asked_change=_note_what_is_asked, height="content")


def _note_what_is_asked() -> None:
    """The viewer's question, which comes before the run that answers it."""
    st.session_state[_ASKED] = st.session_state[KEY].get("asked")


@cache
def _component() -> Any:
    return st.components.v2.component("lightbox_viewer", js=_script())


@cache
def _script() -> str:
    """The scripts as one module that brings its own style: what it draws stands outside the component's place."""
    style = (_FOLDER / "viewer.css").read_text(encoding="utf-8")
    scripts = (script(name) for name in _SCRIPTS)
    return f"const STYLE = {json.dumps(style)};\n" + "\n".join(scripts)


def script(name: str) -> str:
    """One of the scripts, as a module that can be tried by itself."""
    return (_FOLDER / name).read_text(encoding="utf-8")
