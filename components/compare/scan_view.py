"""The scan beside what each network makes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from components.compare import familiarity_note, track_record
from components.maps import heatmap, map_cell, probabilities
from components.maps.heatmap import Film
from components.shell import computing, errors, flow, slot
from components.shell.language import _
from lightbox.core.glossary import meaning_of
from lightbox.core.tasks import TASKS
from lightbox.imaging.preprocess import Box
from lightbox.imaging.quality import warnings_about
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.delta_generator import DeltaGenerator

    from components.compare.familiarity_note import Asked
    from components.compare.network_row import Band
    from components.maps.map_cell import Waiting
    from lightbox.imaging.samples import Sample
    from lightbox.imaging.scan import Scan
    from lightbox.imaging.views import Views
    from lightbox.jobs import Job, Prediction
    from lightbox.networks import Card

LONGEST_SIDE = 1600


def show(
    bands: Mapping[str, Band],
    views: Views,
    cards: Mapping[str, Card],
    asked: Mapping[str, Job],
    familiar: Asked,
    *,
    fresh: bool,
    sample: Sample | None = None,
    dimmed: bool = False,
) -> list[Waiting]:
    """The scan as its film in the first band, and each network's answer in its own.

    A network whose prediction failed says why in its place. One that is under way says what it waits for. ``fresh``
    where another scan's answers may still be drawn there, ``dimmed`` where something has to be settled before they
    should be read. What a ``sample`` truly shows is known: an answer that is wrong is said to be.

    Returns:
        The lines for `map_cell.keep_current`.
    """
    waiting: list[Waiting] = []
    parts = {network: divide(network, band, fresh=fresh) for network, band in bands.items()}
    with next(iter(parts.values()))[0]:
        show_scan(views)
    # The scan is on the page by now, and is looked at meanwhile.
    computing.be_patient(asked.values())
    for network, job in asked.items():
        with parts[network][1]:
            st.markdown(f"**{NETWORKS[network].title}**")
            if job.error is not None:
                errors.show(job.error)
            elif job.result is not None:
                if st.session_state["compare.network_view"]:
                    alt = _("The scan as the network sees it.")
                    heatmap.show_film(network_film(views, cards[network]), key=f"compare.input.{network}", alt=alt)
                with st.container(gap="xsmall", key=f"compare.said{'.dimmed' if dimmed else ''}.{network}"):
                    _show_prediction(job.result)
                    _show_mistake(job.result, sample)
                    if not dimmed:
                        track_record.show(cards[network], job.result)
                familiarity_note.show(familiar, network)
            else:
                waiting.append((map_cell.show_line(job), job))
    return waiting


def divide(network: str, band: Band, *, fresh: bool) -> tuple[DeltaGenerator, DeltaGenerator]:
    """The places in a band for the scan and for the answer, abreast where there is room."""
    with slot.fill(band.answer, clear=fresh), flow.row(f"compare.answer.{network}", 200):
        return st.container(), st.container(gap="xsmall")


def show_scan(views: Views) -> None:
    """The scan alone, with what its file says of it."""
    heatmap.show_film(native_film(views), key="compare.scan", alt=_("The scan."))
    st.caption(_facts(views.scan))
    for sentence in views.once("warnings", lambda: warnings_about(views.scan)):
        st.warning(_(sentence))
    st.toggle(
        _("Network's view"),
        key="compare.network_view",
        help=_(meaning_of("Network's view")),
    )


def _show_prediction(prediction: Prediction) -> None:
    probabilities.show(prediction.class_titles, prediction.probabilities.tolist())


def _show_mistake(prediction: Prediction, sample: Sample | None) -> None:
    """That the answer is wrong, where it is known what the scan shows."""
    if sample is not None and prediction.classes[int(prediction.probabilities.argmax())] != sample.label:
        words = _("Wrong: this scan was made to show {title}.").format(title=_(TASKS[sample.task].titles[sample.label]))
        st.badge(words, color="red", icon=":material/close:")


def native_film(views: Views) -> Film:
    """The scan at native resolution."""
    size_hw = views.scan.size_hw
    return Film(views.film(LONGEST_SIDE), size_hw, Box(0, 0, *size_hw), views)


def film_under_maps(views: Views, card: Card) -> Film:
    """The scan at native resolution, with the part of it that the network sees."""
    return replace(native_film(views), box=views.prepared(card.preprocessing).box)


def network_film(views: Views, card: Card) -> Film:
    """What the network sees, on its own grid."""
    size_hw = (card.preprocessing.size, card.preprocessing.size)
    return Film(views.network_film(card.preprocessing), size_hw, Box(0, 0, *size_hw), views)


def _facts(scan: Scan) -> str:
    height, width = scan.size_hw
    origin = scan.provenance
    stored = _("{format} · {width} × {height} px · {bits} bit").format(
        format=origin.format, width=width, height=height, bits=origin.bit_depth
    )
    return "  \n".join([stored, *(_(note) for note in origin.notes)])
