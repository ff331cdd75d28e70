"""What is said in place of figures that may be of other weights."""

from __future__ import annotations

import streamlit as st

from components.shell.language import _
from lightbox.networks import NETWORKS


def show(network: str) -> None:
    """One sentence: whose figures are not shown, why, and what to do."""
    st.info(
        _(
            "What was measured of {network} is not shown: its card.toml does not say (weights_sha256, under [metrics]) "
            "that it was measured on the weights that are here. Train the checkpoint again, or take all its files from "
            "where it was published."
        ).format(network=NETWORKS[network].title)
    )
