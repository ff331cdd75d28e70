"""Pasting a picture in place of dropping it: the browser puts it into the uploader."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from components.shell import script
from components.shell.language import _


def listen() -> None:
    """What puts a pasted picture into Compare's uploader; called before a page, since a paste may be early."""
    script.show(Path(__file__).with_name("paste.js"), "paste")


def show() -> None:
    """The hint below the uploader."""
    st.caption(_("or paste with Ctrl+V"))
