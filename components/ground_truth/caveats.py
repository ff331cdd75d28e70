"""What the figures do not say, and how they were made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.shell import errors
from components.shell.language import _
from lightbox.networks import NETWORKS, find_checkpoint
from lightbox.phantoms.phantom import GENERATOR_VERSION

if TYPE_CHECKING:
    from lightbox.ground_truth.localisation_table import Measurement, Table

SENTENCES = (
    "The scans are synthetic. A method that finds a placed pathology need not find a real one.",
    "A low score can be the network's fault: if it decides by something outside the pathology, a faithful map says so.",
    "Each map explains the true class, also where the network calls the scan something else.",
    "The pathology's effects beyond its mask (mass effect, a shifted midline) are evidence too, and count as outside.",
    "A map without evidence for the class counts as a miss; a withheld one is left out, and counted among the figures.",
    "Times are medians on two shared cores: they compare methods, not machines.",
)


def show(table: Table, task: str) -> None:
    """The caveats, and one line on the making of each network's part."""
    with st.expander(_("How to read this, and how not to"), icon=":material/info:"):
        for sentence in SENTENCES:
            st.markdown(f"- {_(sentence)}")
    for run in table.runs:
        if run.task == task:
            st.caption(describe(run))
            _warn_of_other_scans(run)
            with errors.boundary():
                _warn_of_other_weights(run)


def describe(run: Measurement) -> str:
    """Date, seeds, versions and weights."""
    same = _(
        "{network}: {count} scans a class of {size} × {size} pixels from seed {seed}, generator {generator}, "
        "weights {weights}…, measured on {date}. `lightbox evaluate localisation` makes the table again."
    )
    fewer = _(
        "{network}: {count} scans a class ({slow} of them for the slower methods) of {size} × {size} pixels from seed "
        "{seed}, generator {generator}, weights {weights}…, measured on {date}. `lightbox evaluate localisation` makes "
        "the table again."
    )
    return (same if run.per_class_slow == run.per_class else fewer).format(
        network=NETWORKS[run.network].title,
        count=run.per_class,
        slow=run.per_class_slow,
        size=run.size,
        seed=run.first_seed,
        generator=run.generator_version,
        weights=run.weights_sha256[:12],
        date=run.date,
    )


def _warn_of_other_weights(run: Measurement) -> None:
    card = find_checkpoint(run.task, run.network)
    if card is not None and card.sha256 != run.weights_sha256:
        st.warning(
            _("{network} has other weights now than when this was measured: the figures are not about it.").format(
                network=NETWORKS[run.network].title
            )
        )


def _warn_of_other_scans(run: Measurement) -> None:
    if run.generator_version != GENERATOR_VERSION:
        st.warning(
            _(
                "{network} was measured on scans of generator {old}; the samples, and what is computed again in the "
                "browser, are of generator {new}, which draws other pictures from the same seeds."
            ).format(network=NETWORKS[run.network].title, old=run.generator_version, new=GENERATOR_VERSION)
        )
