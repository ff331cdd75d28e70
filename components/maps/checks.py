"""The measured validity of a map, as badges: what was found, in words; the figures are one step away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import streamlit as st

from components.shell.language import _
from lightbox.explainers.badges import badges_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lightbox.explainers import Check

_LOOKS: dict[bool | None, tuple[Literal["green", "red", "gray"], str]] = {
    True: ("green", "check"),
    False: ("red", "warning"),
    None: ("gray", "straighten"),
}


def show(checks: Iterable[Check]) -> None:
    """What was found: green passed, red failed, grey measured without a threshold. Red ones first, with what to do."""
    for badge in badges_of(checks):
        colour, icon = _LOOKS[badge.passed]
        sentences = " ".join(_(sentence) for sentence in badge.sentences)
        st.badge(_(badge.words), color=colour, icon=f":material/{icon}:", help=sentences)
        if badge.remedy:
            st.markdown(f":small[:red[{_(badge.remedy)}]]")
