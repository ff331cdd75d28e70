"""Choosing networks: those with a trained checkpoint can be picked, the others are named."""

from __future__ import annotations

import streamlit as st

from components import errors
from components.language import _
from lightbox.core.errors import UserFacingError
from lightbox.networks import NETWORKS, Card, find_checkpoint


def show(task: str) -> dict[str, Card]:
    """The cards of the networks picked for a task, by key, in the registry's order."""
    cards, broken = _find(task)
    absent = [NETWORKS[key].title for key in NETWORKS if key not in cards and key not in broken]
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
    for error in broken.values():
        errors.show(error)
    if absent:
        st.caption(
            _("No trained checkpoint yet, so not offered: {names}.").format(names=", ".join(absent)),
        )
    return {key: cards[key] for key in cards if key in picked}


def _find(task: str) -> tuple[dict[str, Card], dict[str, UserFacingError]]:
    cards: dict[str, Card] = {}
    broken: dict[str, UserFacingError] = {}
    for key in NETWORKS:
        try:
            card = find_checkpoint(task, key)
        except UserFacingError as error:
            broken[key] = error
        else:
            if card is not None:
                cards[key] = card
    return cards, broken
