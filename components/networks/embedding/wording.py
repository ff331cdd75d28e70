"""What the map says of a scan, in words, and how far these words can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from components.networks.embedding.nearest_scans import class_titles
from components.shell.language import _
from lightbox.embedding.familiarity import QUANTILE
from lightbox.embedding.unfamiliar_pictures import GROUPS
from lightbox.metrics.intervals import wilson
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from lightbox.embedding.atlas import Atlas, Rate
    from lightbox.embedding.placing import Place
    from lightbox.networks import Card


def show_answer(atlas: Atlas, placed: Place, card: Card) -> None:
    """What the network takes the scan for."""
    best = int(np.argmax(placed.probabilities))
    st.markdown(
        _("{network} says **{answer}** ({share:.0%}).").format(
            network=NETWORKS[card.network].title, answer=class_titles(atlas)[best], share=placed.probabilities[best]
        )
    )


def show_verdict(atlas: Atlas, placed: Place) -> None:
    """Whether the network has seen anything like the scan."""
    known = atlas.familiarity
    if known.is_far(placed.distance):
        st.warning(
            _(
                "**This picture lies far outside what the network has seen**: its distance is {distance:.1f}, and "
                "{share:.0%} of the scans that the network was trained on are nearer than {threshold:.1f} to the "
                "others. Its answer, and any explanation of it, means little."
            ).format(distance=placed.distance, share=QUANTILE, threshold=known.threshold),
            icon=":material/wrong_location:",
        )
    else:
        st.info(
            _(
                "Nothing unusual: its distance from what the network has seen is {distance:.1f}, larger than for "
                "{rank:.0%} of the scans that the network was trained on. That does not make the answer right."
            ).format(distance=placed.distance, rank=known.rank(placed.distance)),
            icon=":material/where_to_vote:",
        )


def show_caption(atlas: Atlas) -> None:
    """How the map was made, and how often its warning was right when it was measured."""
    st.caption(
        _(
            "t-SNE of the pooled features of the last convolution (perplexity {perplexity:g}), {scans} test scans and "
            "{phantoms} synthetic ones. Near means alike; how far apart groups lie means little."
        ).format(
            perplexity=atlas.perplexity,
            scans=int((~atlas.phantom).sum()),
            phantoms=int(atlas.phantom.sum()),
        )
        + " "
        + sentence(atlas)
    )
    with st.popover(_("How good is the warning?"), icon=":material/rule:", type="tertiary"):
        st.markdown(
            _(
                "How often pictures of each kind were called far outside what this network has seen. None of them was "
                "used to set the limit; how many axes the distance has was chosen once on such figures, so they may "
                "flatter a little. The distance is measured on the picture's coarse layout and on every stage of "
                "the network, because the last stage alone takes photographs for scans."
            )
        )
        st.dataframe([record(rate) for rate in atlas.rates], hide_index=True, key="networks.map_rates")


def sentence(atlas: Atlas) -> str:
    """Such as: The warning came for 4 % of test scans that no training scan equals (13 of 306); …."""
    told = [
        _("{share:.0%} of {kind} ({flagged} of {count})").format(
            share=rate.flagged / rate.count, kind=_(GROUPS[rate.group]), flagged=rate.flagged, count=rate.count
        )
        for rate in (atlas.rate(group) for group in ("test", "phantom", "other", "photo", "noise"))
        if rate is not None and rate.count
    ]
    if not told:
        return _("How good the warning is was not measured.")
    return _("The warning came for {told}.").format(told="; ".join(told))


def record(rate: Rate) -> dict[str, str | int]:
    """One kind of picture as a person reads it."""
    low, high = wilson(rate.flagged, rate.count)
    return {
        _("Pictures"): _(GROUPS.get(rate.group, rate.group)),
        _("Measured"): rate.count,
        _("Called far outside"): rate.flagged,
        _("Share"): f"{rate.flagged / max(1, rate.count):.1%} ({low:.0%} – {high:.0%})",
    }
