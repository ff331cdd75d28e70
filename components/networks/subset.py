"""All test scans, or only those that the networks were not trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.language import _
from components.networks import chosen
from components.networks.chosen import ALL, UNLEAKED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.metrics.predictions import Predictions


def show(predictions: Mapping[str, Predictions]) -> dict[str, Predictions]:
    """The answers on the scans chosen, by network; no control where nothing has leaked."""
    if not any(answers.leaked.any() for answers in predictions.values()):
        return dict(predictions)
    unleaked = {network: answers.without_leaked() for network, answers in predictions.items()}
    titles = {
        ALL: _("All: {count}").format(count=_counts(predictions)),
        UNLEAKED: _("Without leaked images: {count}").format(count=_counts(unleaked)),
    }
    st.segmented_control(
        _("Test scans"),
        list(titles),
        format_func=lambda key: titles[key],
        key=f"{chosen.PAGE}.scans",
        required=True,
        help=_(
            "A leaked image is byte for byte a training image, so that a network may know it by heart. Published "
            "tables count it; an honest figure does not."
        ),
    )
    return unleaked if chosen.get("scans") == UNLEAKED else dict(predictions)


def _counts(predictions: Mapping[str, Predictions]) -> str:
    """How many scans, once where all networks have as many."""
    return " / ".join(dict.fromkeys(str(len(answers)) for answers in predictions.values()))
