"""The scan beside what each network makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.compare import familiarity_note
from components.maps import heatmap, map_cell, probabilities
from components.maps.heatmap import Film
from components.shell import computing, errors, slot
from components.shell.language import _
from lightbox.imaging.film import data_uri
from lightbox.imaging.preprocess import Box
from lightbox.imaging.quality import warnings_about
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.compare.familiarity_note import Asked
    from components.maps.map_cell import Waiting
    from lightbox.imaging.scan import Scan
    from lightbox.jobs import Job, Prediction

LONGEST_SIDE = 1600


def show(scan: Scan, film: Film, asked: Mapping[str, Job], familiar: Asked, *, fresh: bool) -> list[Waiting]:
    """The scan as its film, on request what each network sees of it, and the class probabilities.

    A network whose prediction failed says why in its place. One that is under way says what it waits for. Call it in
    the row where they stand; ``fresh`` where another scan's answers may still be drawn there.

    Returns:
        The lines for `map_cell.keep_current`.
    """
    with_input = bool(st.session_state["compare.network_view"])
    waiting: list[Waiting] = []
    with slot.fill(slot.reserve(clear=fresh), clear=fresh):
        _show_scan(scan, film)
    places = {network: slot.reserve(clear=fresh) for network in asked}
    # The scan is on the page by now, and is looked at meanwhile.
    computing.be_patient(asked.values())
    for network, job in asked.items():
        with slot.fill(places[network], clear=fresh):
            st.markdown(f"**{NETWORKS[network].title}**")
            if job.error is not None:
                errors.show(job.error)
            elif job.result is not None:
                _show_prediction(network, job.result, with_input=with_input)
                familiarity_note.show(familiar, network)
            else:
                waiting.append((map_cell.show_line(job), job))
    return waiting


def _show_scan(scan: Scan, film: Film) -> None:
    heatmap.show_film(film, key="compare.scan", alt=_("The scan."))
    st.caption(_facts(scan))
    for sentence in warnings_about(scan):
        st.warning(_(sentence))
    st.toggle(
        _("Network's view"),
        key="compare.network_view",
        help=_("What the network sees: after cropping, windowing and resizing, before mean and deviation are applied."),
    )


def _show_prediction(network: str, prediction: Prediction, *, with_input: bool) -> None:
    if with_input:
        alt = _("The scan as the network sees it.")
        heatmap.show_film(network_film(prediction), key=f"compare.input.{network}", alt=alt)
    probabilities.show(prediction.class_titles, prediction.probabilities.tolist())


def native_film(scan: Scan) -> Film:
    """The scan at native resolution. Encoding a large one is slow: do it once for all maps of a run."""
    return Film(data_uri(scan.pixels, max_side=LONGEST_SIDE), scan.size_hw, Box(0, 0, *scan.size_hw))


def network_film(prediction: Prediction) -> Film:
    """What the network sees, on its own grid."""
    size_hw = (prediction.prepared.shape[0], prediction.prepared.shape[1])
    return Film(data_uri(prediction.prepared, max_side=LONGEST_SIDE), size_hw, Box(0, 0, *size_hw))


def _facts(scan: Scan) -> str:
    height, width = scan.size_hw
    origin = scan.provenance
    stored = _("{format} · {width} × {height} px · {bits} bit").format(
        format=origin.format, width=width, height=height, bits=origin.bit_depth
    )
    return "  \n".join([stored, *(_(note) for note in origin.notes)])
