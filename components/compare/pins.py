"""Pinned rows: what was on the page stays below what is there now, so that two scans or two settings stand together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from components.compare import band, scan_view
from components.maps import heatmap, map_cell, map_grid, probabilities
from components.maps.map_cell import MapCell
from components.shell import computing
from components.shell.language import _
from lightbox.comparison.ask import ask_maps, ask_predictions
from lightbox.comparison.differences import describe_differences
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.maps.display_bar import Display
    from components.maps.map_cell import Waiting
    from lightbox.comparison.choice import Choice
    from lightbox.comparison.truth import Truth
    from lightbox.imaging.views import Views
    from lightbox.jobs import Job
    from lightbox.networks import Card

MOST = 3
_PINS, _NUMBER, _JOBS = "compare.pins", "compare.pin_number", "compare.pin_jobs"


@dataclass(frozen=True, slots=True)
class Pin:
    """A scan with the choices that were made for it.

    Args:
        number: tells it from every other pin of the session.
        views: of the scan; forgotten when the pin goes.
        cards: of the networks.
        choice: what decides the maps.
        known: where the pathology is, where that is known.
    """

    number: int
    views: Views
    cards: Mapping[str, Card]
    choice: Choice
    known: Truth | None


def held() -> list[Job]:
    """The jobs of pinned rows, which stay wanted while another scan comes."""
    return list(st.session_state.get(_JOBS, ()))


def forget() -> None:
    """Take every pin away: the scan was removed, and nothing of it may stay."""
    for key in (_PINS, _JOBS):
        st.session_state.pop(key, None)


def offer(views: Views, cards: Mapping[str, Card], choice: Choice, known: Truth | None, *, in_doubt: bool) -> None:
    """The button that pins what is on the page; not while it is ``in_doubt`` whether the scan should be read at all."""
    pins = _pins()
    words = _("Keeps these maps below while you open another scan or change a setting.")
    if in_doubt:
        words = _("Answer the question about the scan above first.")
    elif len(pins) >= MOST:
        words = _("There are {most} pinned rows already: unpin one first.").format(most=MOST)
    st.button(
        _("Pin to compare"),
        icon=":material/keep:",
        key="compare.pin",
        on_click=_pin,
        args=(views, cards, choice, known),
        disabled=in_doubt or len(pins) >= MOST or not (cards and choice.methods),
        help=words,
    )


def show(views: Views, choice: Choice, display: Display) -> tuple[list[Waiting], list[Job]]:
    """The pinned rows, each with what differs from the page above.

    Returns:
        The lines for `map_cell.keep_current`, and all jobs of the rows, for `computing.hold`.
    """
    waiting: list[Waiting] = []
    jobs: list[Job] = []
    for pin in _pins():
        lines, asked = _show_pin(pin, views, choice, display)
        waiting += lines
        jobs += asked
    st.session_state[_JOBS] = jobs
    return waiting, jobs


def describe(pin: Pin, views: Views, choice: Choice) -> str:
    """What a pinned row is: another scan, other settings, or both."""
    parts = []
    if (pin.views.scan.sha256, pin.views.scan.modality) != (views.scan.sha256, views.scan.modality):
        parts.append(_("another scan"))
    parts += [_(words) for words in describe_differences(pin.choice, choice)]
    return " · ".join(parts) if parts else _("the same scan and settings as above")


def _pins() -> list[Pin]:
    pins: list[Pin] = st.session_state.get(_PINS, [])
    return pins


def _pin(views: Views, cards: Mapping[str, Card], choice: Choice, known: Truth | None) -> None:
    number = st.session_state.get(_NUMBER, 0) + 1
    st.session_state[_NUMBER] = number
    st.session_state[_PINS] = [*_pins(), Pin(number, views, dict(cards), choice, known)]


def _unpin(number: int) -> None:
    st.session_state[_PINS] = [pin for pin in _pins() if pin.number != number]


def _show_pin(pin: Pin, views: Views, choice: Choice, display: Display) -> tuple[list[Waiting], list[Job]]:
    engine, owner = computing.engine(), computing.owner()
    asked = ask_predictions(engine, owner, pin.views, pin.cards)
    predictions = {network: job.result for network, job in asked.items() if job.result is not None}
    grid = ask_maps(engine, owner, pin.views, pin.cards, predictions=predictions, choice=pin.choice)
    waiting: list[Waiting] = []
    with st.container(horizontal=True, vertical_alignment="center", key=f"compare.pin.{pin.number}"):
        words = _("**Pinned:** {what}").format(what=describe(pin, views, choice))
        st.markdown(f":material/keep: {words}", width="stretch")
        st.button(_("Unpin"), key=f"compare.unpin.{pin.number}", type="tertiary", on_click=_unpin, args=(pin.number,))
    bands = band.reserve([_row(pin, network) for network in asked], clear=False)
    for network, job in asked.items():
        row = _row(pin, network)
        scan, answer = scan_view.divide(row, bands[row], fresh=False)
        with scan:
            film = scan_view.native_film(pin.views)
            heatmap.show_film(film, key=f"compare.pinned.{pin.number}.{network}", alt=_("The pinned scan."))
        with answer:
            st.markdown(f"**{NETWORKS[network].title}**")
            if job.result is not None:
                probabilities.show(job.result.class_titles, job.result.probabilities.tolist())
        with bands[row].maps:
            if network in predictions:
                waiting += _show_maps(pin, network, grid[network], display, titles=predictions[network].class_titles)
            elif job.error is None:
                waiting.append((map_cell.show_line(job), job))
    return waiting, [*asked.values(), *(job for row in grid.values() for job in row.values())]


def _row(pin: Pin, network: str) -> str:
    """What tells a pinned network's row from every other on the page."""
    return f"pin{pin.number}.{network}"


def _show_maps(
    pin: Pin, network: str, jobs: Mapping[str, Job], display: Display, *, titles: tuple[str, ...]
) -> list[Waiting]:
    row, film = _row(pin, network), scan_view.film_under_maps(pin.views, pin.cards[network])
    known = pin.known if display.outline else None
    place = _("{network}, pinned").format(network=NETWORKS[network].title)
    cells = [(MapCell(row, method, film, titles, known, place=place), job) for method, job in jobs.items()]
    scales = map_grid.scales_of_cells(cells, shared=False)
    return map_grid.show_cells(f"compare.{row}", cells, scales, display)
