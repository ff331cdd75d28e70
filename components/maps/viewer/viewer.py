"""Puts the viewer into a page, and the buttons that open it."""

from __future__ import annotations

import json
import weakref
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from components.maps.viewer.payload import pack
from components.shell.language import _
from lightbox.explainers import METHODS
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from components.maps.viewer.payload import Shown
    from lightbox.imaging.views import Views

KEY = "compare.viewer"
_ASKED = "compare.viewer.asked"
_FOLDER = Path(__file__).parent
# In the order in which they build on each other; together they are one module.
_SCRIPTS = (
    "words.js",
    "message.js",
    "geometry.js",
    "colours.js",
    "drawing.js",
    "store.js",
    "controls.js",
    "pointers.js",
    "actions.js",
    "showing.js",
    "viewer.js",
)


def button(network: str, method: str, *, picture: str) -> None:
    """A button that opens the viewer at a map, without a run of the page.

    Args:
        network: key of the network.
        method: key of the method.
        picture: key of the chart that shows the map: a click on that opens the viewer too.
    """
    words = _("Look closer")
    label = f"{words}: {_(METHODS[method].title)}, {NETWORKS[network].title}"
    st.html(
        f'<button type="button" class="lightbox-closer" data-map="{network}.{method}" '
        f'data-picture="{picture.replace(".", "-")}" aria-haspopup="dialog" aria-label="{label}">{words}</button>',
        width="content",
    )


def show(views: Views | None, shown: Shown) -> None:
    """Have the viewer ready for the maps on the page. It sends no numbers until it is opened.

    Args:
        views: of the scan; without one there is no viewer.
        shown: the maps.
    """
    if views is None:
        return
    kept = views.latest("viewer", shown, lambda: shown)
    with st.container(key="lightbox.viewer"):
        # A fragment outlives the run that made it: it must not keep a scan that the session has let go of.
        _serve(weakref.ref(views), weakref.ref(kept))


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
