"""Which task and networks the page is about, and what is there for them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from components.networks import choices
from components.networks.scan_files import ScanFiles
from components.scans import modality
from components.shell import checkpoints, errors, test_set_answers, unmeasured
from components.shell.address import Field
from components.shell.language import _
from lightbox.core.errors import UserFacingError
from lightbox.imaging.data_folder import data_folder, read_verified
from lightbox.metrics.predictions import PREDICTIONS_NAME
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.metrics.predictions import Predictions
    from lightbox.networks import Card

# No network named means all of them: one that is trained tomorrow is then in yesterday's link too.
FIELDS = (
    modality.FIELD,
    Field("networks", "many", [], list(NETWORKS)),
)
_PICKED = "networks.picked"


def show() -> dict[str, Card]:
    """The task and its networks; returns the cards of those picked, none where there are none."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        found = checkpoints.find(modality.show(choices.PAGE))
        cards = found.cards
        picked = _pick(cards) if len(cards) > 1 else list(cards)
        if cards and found.absent:
            st.caption(_("No trained checkpoint yet, so not shown: {names}.").format(names=", ".join(found.absent)))
    for error in found.broken.values():
        errors.show(error)
    if not cards and not found.broken:
        st.info(_("No network is trained for this task yet. `lightbox train` makes a checkpoint."))
    return {key: cards[key] for key in picked}


def read_answers(cards: Mapping[str, Card]) -> dict[str, Predictions]:
    """The answers of each network on its test set.

    One without them, with a broken file, or with answers of other weights says so and is left out.
    """
    answers: dict[str, Predictions] = {}
    for network, card in cards.items():
        if not (card.folder / PREDICTIONS_NAME).is_file():
            words = _("{network} came without its answers on the test set ({file}), so it is not shown here.")
            st.info(words.format(network=NETWORKS[network].title, file=PREDICTIONS_NAME))
            continue
        if not card.measured:
            unmeasured.show(network)
            continue
        with errors.boundary():
            answers[network] = test_set_answers.read(card)
    return answers


def read_new_sources(cards: Mapping[str, Card]) -> dict[str, Predictions]:
    """The answers of those networks that have a test set of further sources, and whose answers are of their weights."""
    answers: dict[str, Predictions] = {}
    for network, card in cards.items():
        with errors.boundary():
            found = test_set_answers.read_new_sources(card) if card.measured else None
            if found is not None:
                answers[network] = found
    return answers


def files() -> ScanFiles | None:
    """The files of the data folder; None where none is configured, with a word where it is wrongly."""
    try:
        folder = data_folder()
    except UserFacingError as error:
        errors.show(error)
        return None
    return None if folder is None else ScanFiles(partial(read_verified, folder), own=False)


def _pick(cards: Mapping[str, Card]) -> list[str]:
    """The networks picked, in the registry's order; none picked means all."""
    named = [key for key in st.session_state[f"{choices.PAGE}.networks"] if key in cards]
    st.session_state[_PICKED] = named or list(cards)
    picked = st.pills(
        _("Networks"),
        list(cards),
        format_func=lambda key: NETWORKS[key].title,
        selection_mode="multi",
        key=_PICKED,
        on_change=_take_picked,
        args=(list(cards),),
    )
    return [key for key in cards if key in picked]


def _take_picked(offered: list[str]) -> None:
    picked = st.session_state[_PICKED]
    st.session_state[f"{choices.PAGE}.networks"] = [] if len(picked) == len(offered) else list(picked)
