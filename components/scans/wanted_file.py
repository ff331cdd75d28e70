"""A file that another page would like to see on Compare, and that only the user has."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import streamlit as st

from components.shell.language import _

_STATE = "compare.wanted_file"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for.

    Args:
        name: what the user knows the file by.
        sha256: of the file.
        note: a sentence on what it is, for when it is there.
    """

    name: str
    sha256: str
    note: str


def show() -> None:
    """Which file to bring, while one is wanted."""
    wanted: Wanted | None = st.session_state.get(_STATE)
    if wanted is not None:
        words = _("Now drop this file above: {name}. Network and classes are set.")
        st.info(words.format(name=plain(wanted.name)), icon=":material/upload_file:")


def ask_for(wanted: Wanted | None) -> None:
    """Want a file, or none."""
    st.session_state[_STATE] = wanted


def receive(content: bytes) -> str:
    """What there is to say of an upload: whether it is the file that was wanted. Nothing where none was."""
    wanted: Wanted | None = st.session_state.pop(_STATE, None)
    if wanted is None:
        return ""
    if hashlib.sha256(content).hexdigest() == wanted.sha256:
        return wanted.note
    return _("This is another file than {name}: its content differs.").format(name=plain(wanted.name))


def plain(name: str) -> str:
    """A file's name for Markdown, shown as it is whatever it holds."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", name)), default=0))
    return f"{fence}{name}{fence}" if fence == "`" else f"{fence} {name} {fence}"
