"""Switching methods on and off."""

from __future__ import annotations

import streamlit as st

from components.shell.language import _
from lightbox.core.glossary import meaning_of
from lightbox.explainers import METHODS

QUICK = [key for key, spec in METHODS.items() if spec.cost == "fast"]
_PICKED, _SWITCH = "compare.methods", "compare.quick_only"


def show() -> list[str]:
    """The keys of the methods that are on, in the registry's order."""
    picked = st.pills(
        _("Methods"),
        list(METHODS),
        format_func=lambda key: _(METHODS[key].title),
        selection_mode="multi",
        key=_PICKED,
        help="\n\n".join(
            (_(meaning_of("Method")), *(f"**{_(spec.title)}**: {_(spec.summary)}" for spec in METHODS.values()))
        ),
    )
    st.session_state[_SWITCH] = bool(picked) and set(picked) <= set(QUICK)
    st.toggle(
        _("Quick methods only"),
        key=_SWITCH,
        on_change=_switch,
        help=_("Those that need about one pass through the network: {names}.").format(
            names=", ".join(_(METHODS[key].title) for key in QUICK)
        ),
    )
    return [key for key in METHODS if key in picked]


def _switch() -> None:
    st.session_state[_PICKED] = list(QUICK if st.session_state[_SWITCH] else METHODS)
