"""The scan beside what each network makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components import errors, heatmap, probabilities
from components.heatmap import Film
from components.language import _
from lightbox.imaging.film import data_uri
from lightbox.imaging.preprocess import Box
from lightbox.imaging.quality import warnings_about
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.imaging.scan import Scan
    from lightbox.jobs import Job, Prediction

LONGEST_SIDE = 1600
WIDTH = 200


def show(scan: Scan, film: Film, asked: Mapping[str, Job]) -> dict[str, Prediction]:
    """The scan as its film, on request what each network sees of it, and the class probabilities.

    Returns:
        The predictions by network; a network whose prediction failed says why in its column and is left out.
    """
    with_input = bool(st.session_state["compare.network_view"])
    columns = st.columns([1.0] + [1.9 if with_input else 1.3] * max(2, len(asked)), gap="medium")
    with columns[0]:
        heatmap.show_film(film, key="compare.scan", alt=_("The scan."), width=WIDTH)
        st.caption(_facts(scan))
        for sentence in warnings_about(scan):
            st.warning(_(sentence))
        st.toggle(
            _("Network's view"),
            key="compare.network_view",
            help=_(
                "What the network sees: after cropping, windowing and resizing, before mean and deviation are applied."
            ),
        )
    predictions: dict[str, Prediction] = {}
    for column, (network, job) in zip(columns[1:], asked.items(), strict=False):
        with column:
            st.markdown(f"**{NETWORKS[network].title}**")
            if job.error is not None:
                errors.show(job.error)
                continue
            predictions[network] = job.result
            _show_prediction(network, job.result, with_input=with_input)
    return predictions


def _show_prediction(network: str, prediction: Prediction, *, with_input: bool) -> None:
    if not with_input:
        probabilities.show(prediction.class_titles, prediction.probabilities.tolist())
        return
    left, right = st.columns(2)
    with left:
        alt = _("The scan as the network sees it.")
        heatmap.show_film(network_film(prediction), key=f"compare.input.{network}", alt=alt, width=WIDTH)
    with right:
        probabilities.show(prediction.class_titles, prediction.probabilities.tolist())


def native_film(scan: Scan) -> Film:
    """The scan at native resolution. Encoding a large one takes a second: do it once for all maps of a run."""
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
