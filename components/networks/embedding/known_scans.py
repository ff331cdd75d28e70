"""Known scans as a network sees them, and where the current one lies among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.networks.embedding import current_scan, nearest_scans, plot, wording
from components.shell import computing, errors, watch
from components.shell.address import Field
from components.shell.language import _
from lightbox.embedding.atlas import ATLAS_NAME, find_atlas
from lightbox.embedding.neighbours import METRICS
from lightbox.embedding.placing import place_work
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.embedding.atlas import Atlas
    from lightbox.embedding.placing import Place
    from lightbox.imaging.scan import Scan
    from lightbox.jobs import Job
    from lightbox.networks import Card

COLOURS = {"label": "True class", "predicted": "Network's answer", "right": "Right or wrong"}
METRIC_TITLES = {"cosine": "Angle (cosine)", "euclid": "Distance (Euclid)"}


def fields() -> tuple[Field, ...]:
    """The view's address fields, as they are in this run."""
    return (
        Field("map_network", "one", "", ["", *NETWORKS]),
        Field("map_colour", "one", "label", list(COLOURS)),
        Field("map_metric", "one", METRICS[0], METRICS),
        Field("map_phantoms", "flag", default=True),
        current_scan.field(),
    )


def show(cards: Mapping[str, Card]) -> list[Job]:
    """The map of one of the networks; returns the jobs that it wants kept."""
    for field in fields():
        st.session_state.setdefault(f"networks.{field.name}", field.default)
    st.markdown(
        _(
            "Each dot is a scan; scans that the network describes alike lie near each other. Put a scan among them: "
            "what does the network take it for, and is it anything the network has seen?"
        )
    )
    network = _choose_network(cards)
    card = cards[network]
    atlas = _read(card)
    if atlas is None:
        words = _("{network} came without its map ({file}). `lightbox embed` makes it.")
        st.info(words.format(network=NETWORKS[network].title, file=ATLAS_NAME))
        return []
    _show_controls()
    views = current_scan.show(card.task)
    job, placed = None, None
    if views is not None:
        work = place_work(card, atlas, views.prepared(card.preprocessing))
        job = computing.engine().submit(work, computing.owner())
        if not watch.wait([job]):
            return [job]
        if job.error is not None:
            errors.show(job.error)
        placed = job.result
    _show_map(card, atlas, placed, None if views is None else views.scan)
    return [] if job is None else [job]


def _choose_network(cards: Mapping[str, Card]) -> str:
    if st.session_state["networks.map_network"] not in cards:
        st.session_state["networks.map_network"] = next(iter(cards))
    if len(cards) > 1:
        st.segmented_control(
            _("Network"),
            list(cards),
            format_func=lambda key: NETWORKS[key].title,
            key="networks.map_network",
            required=True,
        )
    return str(st.session_state["networks.map_network"])


def _read(card: Card) -> Atlas | None:
    """The atlas; an unusable one is an error that the page's boundary shows."""
    return find_atlas(card)


def _show_controls() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            _("Colour"),
            list(COLOURS),
            format_func=lambda key: _(COLOURS[key]),
            key="networks.map_colour",
            required=True,
        )
        st.segmented_control(
            _("Neighbours by"),
            list(METRICS),
            format_func=lambda key: _(METRIC_TITLES[key]),
            key="networks.map_metric",
            required=True,
            help=_("Both are measured on all of the network's features, not on the plane that is drawn."),
        )
        st.toggle(_("Synthetic scans"), key="networks.map_phantoms")


def _show_map(card: Card, atlas: Atlas, placed: Place | None, scan: Scan | None) -> None:
    """The plane, and beside it what it says of the scan."""
    phantoms = bool(st.session_state["networks.map_phantoms"])
    near = nearest_scans.find(atlas, placed, metric=str(st.session_state["networks.map_metric"]), phantoms=phantoms)
    left, right = st.columns([3, 2], gap="medium") if placed is not None else (st.container(), None)
    with left:
        plot.show(atlas, placed, near, colour=str(st.session_state["networks.map_colour"]), phantoms=phantoms)
    if right is not None and placed is not None and scan is not None:
        with right:
            with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
                current_scan.show_thumbnail(scan)
                wording.show_answer(atlas, placed, card)
            wording.show_verdict(atlas, placed)
            nearest_scans.show(atlas, near)
    wording.show_caption(atlas)
