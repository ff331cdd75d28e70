"""All test scans, or only those that the networks were not trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.networks import choices
from components.networks.choices import ALL, NEW, UNLEAKED
from components.shell.language import _
from lightbox.networks import find_checkpoint
from lightbox.provenance.data_audit import find_audit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.metrics.predictions import Predictions


def show(predictions: Mapping[str, Predictions]) -> dict[str, Predictions]:
    """The answers on the scans chosen, by network; no control where training has seen none of them."""
    # What training has not seen stands first: it is the honest figure.
    subsets = dict(reversed(_unseen(predictions).items())) | {ALL: dict(predictions)}
    if len(subsets) == 1:
        return subsets[ALL]
    titles = {
        ALL: _("All: {count}"),
        UNLEAKED: _("Without leaked images: {count}"),
        NEW: _("Pictures new to training: {count}"),
    }
    if choices.get("scans") not in subsets:
        # From a link, or from another task: no button would be lit.
        choices.put("scans", next(iter(subsets)))
    st.segmented_control(
        _("Test scans"),
        list(subsets),
        format_func=lambda key: titles[key].format(count=_counts(subsets[key])),
        key=f"{choices.PAGE}.scans",
        required=True,
        help=_(
            "A leaked image is byte for byte a training image. Others are another file of a training picture, as "
            "`lightbox audit` found. A network may know both by heart: published tables count them, an honest figure "
            "does not."
        ),
    )
    return subsets[choices.get("scans")]


def _unseen(predictions: Mapping[str, Predictions]) -> dict[str, dict[str, Predictions]]:
    """The choices that leave out what training has seen, where there is any."""
    subsets = {}
    if any(answers.leaked.any() for answers in predictions.values()):
        subsets[UNLEAKED] = {network: answers.without_leaked() for network, answers in predictions.items()}
    task = next(iter(predictions.values())).task
    audit = find_audit(task)
    cards = [find_checkpoint(task, network) for network in predictions]
    # Of other data it does not know what a network has seen.
    known = audit is not None and all(card is None or audit.of_data_of(card) for card in cards)
    seen = audit.leaked_names() if audit is not None and known else set()
    new = {
        network: answers.take([name not in seen for name in answers.names]) for network, answers in predictions.items()
    }
    before = subsets.get(UNLEAKED, predictions)
    if any(len(new[network]) < len(before[network]) for network in predictions):
        subsets[NEW] = new
    return subsets


def _counts(predictions: Mapping[str, Predictions]) -> str:
    """How many scans, once where all networks have as many."""
    return " / ".join(dict.fromkeys(str(len(answers)) for answers in predictions.values()))
