"""Choosing networks: those with a trained checkpoint can be picked, the others are named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.shell import errors
from components.shell.language import _
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from components.shell.checkpoints import Checkpoints
    from lightbox.networks import Card


def show(found: Checkpoints) -> dict[str, Card]:
    """The cards of the networks picked of a task's, by key, in the registry's order."""
    cards = found.cards
    state = st.session_state.setdefault("compare.networks", [])
    usable = [key for key in state if key in cards]
    st.session_state["compare.networks"] = usable or list(cards)[:1]
    picked = st.pills(
        _("Networks"),
        list(cards),
        format_func=lambda key: NETWORKS[key].title,
        selection_mode="multi",
        key="compare.networks",
        help="\n\n".join(f"**{spec.title}**: {_(spec.description)}" for spec in NETWORKS.values()),
    )
    for error in found.broken.values():
        errors.show(error)
    if found.absent:
        st.caption(_("No trained checkpoint yet, so not offered: {names}.").format(names=", ".join(found.absent)))
    return {key: cards[key] for key in cards if key in picked}
