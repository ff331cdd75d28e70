"""Switching methods on and off."""

from __future__ import annotations

import streamlit as st

from components.shell.language import _
from lightbox.explainers import METHODS


def show() -> list[str]:
    """The keys of the methods that are on, in the registry's order."""
    picked = st.pills(
        _("Methods"),
        list(METHODS),
        format_func=lambda key: _(METHODS[key].title),
        selection_mode="multi",
        key="compare.methods",
        help="\n\n".join(f"**{_(spec.title)}**: {_(spec.summary)}" for spec in METHODS.values()),
    )
    return [key for key in METHODS if key in picked]
