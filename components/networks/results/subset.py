"""All test scans, or only those that the networks were not trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.networks import choices
from components.shell.language import _
from lightbox.metrics.unseen import ALL, NEW, NEW_SOURCES, UNLEAKED, find_seen, keep_new
from lightbox.networks import NETWORKS, find_checkpoint
from lightbox.provenance.data_audit import find_audit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.metrics.predictions import Predictions


def show(
    predictions: Mapping[str, Predictions], new_sources: Mapping[str, Predictions] | None = None
) -> dict[str, Predictions]:
    """The answers on the scans chosen, by network; no control where training has seen none of them.

    Args:
        predictions: on the test set.
        new_sources: on the networks' own test set of further sources, where there is one; some may have none.
    """
    subsets = {**_unseen(predictions), ALL: dict(predictions)}
    if new_sources:
        subsets[NEW_SOURCES] = dict(new_sources)
    # What training has not seen stands first: it is the honest figure.
    subsets = {key: subsets[key] for key in (NEW, NEW_SOURCES, UNLEAKED, ALL) if key in subsets}
    if len(subsets) == 1:
        return subsets[ALL]
    titles = {
        ALL: _("All: {count}"),
        UNLEAKED: _("Without leaked images: {count}"),
        NEW: _("Pictures new to training: {count}"),
        NEW_SOURCES: _("Further sources, held out: {count}"),
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
            "does not. Further sources: pictures of other collections, kept from training with all that look like them."
        ),
    )
    chosen = subsets[choices.get("scans")]
    without = [NETWORKS[key].title for key in predictions if key not in chosen]
    if without:
        st.caption(_("Trained without such a set: {networks}.").format(networks=", ".join(without)))
    return chosen


def _unseen(predictions: Mapping[str, Predictions]) -> dict[str, dict[str, Predictions]]:
    """The choices that leave out what training has seen, where there is any."""
    subsets = {}
    if any(answers.leaked.any() for answers in predictions.values()):
        subsets[UNLEAKED] = {network: answers.without_leaked() for network, answers in predictions.items()}
    task = next(iter(predictions.values())).task
    seen = find_seen(find_audit(task), [find_checkpoint(task, network) for network in predictions])
    new = {network: keep_new(answers, seen) for network, answers in predictions.items()}
    before = subsets.get(UNLEAKED, predictions)
    if any(len(new[network]) < len(before[network]) for network in predictions):
        subsets[NEW] = new
    return subsets


def _counts(predictions: Mapping[str, Predictions]) -> str:
    """How many scans, once where all networks have as many."""
    return " / ".join(dict.fromkeys(str(len(answers)) for answers in predictions.values()))
