"""Pinned rows as they are drawn, and as they are taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.compare import network_row, pins, scan_view
from components.maps import heatmap, map_cell, map_grid, probabilities
from components.maps.map_cell import MapCell
from components.shell.language import _
from lightbox.comparison.ask import gather
from lightbox.comparison.part import Part
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from components.compare.pins import Pin, Pinned
    from components.maps.display_bar import Display
    from components.maps.map_cell import Waiting
    from lightbox.comparison.choice import Choice
    from lightbox.imaging.colour import Scale
    from lightbox.imaging.views import Views
    from lightbox.jobs import Job


def cells(rows: Iterable[Pinned], *, outline: bool) -> dict[str, map_grid.Cells]:
    """The maps of each pin and network, by what tells that row from every other on the page."""
    return {
        _row(row.pin, network): _cells(row.pin, network, jobs, row.asked[network].result.class_titles, outline=outline)
        for row in rows
        for network, jobs in row.grid.items()
    }


def show(
    rows: Iterable[Pinned],
    drawn: Mapping[str, map_grid.Cells],
    scales: Mapping[tuple[str, str], Scale],
    display: Display,
    *,
    views: Views,
    choice: Choice,
) -> list[Waiting]:
    """The pinned rows, each with what differs from the page above.

    Args:
        rows: from `ask`.
        drawn: from `cells`.
        scales: of all maps on the page.
        display: the drawing choices.
        views: of the scan above.
        choice: what decides the maps above.

    Returns:
        The lines for `map_cell.keep_current`.
    """
    waiting: list[Waiting] = []
    for row in rows:
        _show_head(row.pin, pins.describe(row.pin, views, choice))
        waiting += _show_bands(row, drawn, scales, display)
    return waiting


def parts(rows: Iterable[Pinned], *, views: Views, choice: Choice, outline: bool) -> list[Part] | None:
    """A part a pin for what is taken away; None while a map is under way."""
    found = []
    for number, row in enumerate(rows, start=1):
        pin = row.pin
        whole = all(job.ended for job in row.asked.values())
        predictions = {network: job.result for network, job in row.asked.items() if job.result is not None}
        comparison = gather(pin.views, pin.task, pin.cards, predictions, row.grid, **pin.standing._asdict())
        if comparison is None or not whole:
            return None
        title = _("Pinned: {what}").format(what=pins.describe(pin, views, choice))
        found.append(Part(f"pinned-{number}", title, comparison, pin.known if outline else None))
    return found


def _show_head(pin: Pin, what: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"compare.pin.{pin.number}"):
        words = _("**Pinned:** {what}").format(what=what)
        st.markdown(f":material/keep: {words}", width="stretch")
        st.button(
            _("Unpin"), key=f"compare.unpin.{pin.number}", type="tertiary", on_click=pins.unpin, args=(pin.number,)
        )


def _show_bands(
    row: Pinned, drawn: Mapping[str, map_grid.Cells], scales: Mapping[tuple[str, str], Scale], display: Display
) -> list[Waiting]:
    pin, waiting = row.pin, []
    bands = network_row.reserve([_row(pin, network) for network in row.asked], clear=False)
    for network, job in row.asked.items():
        name = _row(pin, network)
        scan, answer = scan_view.divide(name, bands[name], fresh=False)
        with scan:
            film = scan_view.native_film(pin.views)
            heatmap.show_film(film, key=f"compare.pinned.{pin.number}.{network}", alt=_("The pinned scan."))
        with answer:
            st.markdown(f"**{NETWORKS[network].title}**")
            if job.result is not None:
                probabilities.show(job.result.class_titles, job.result.probabilities.tolist())
        with bands[name].maps:
            if name in drawn:
                waiting += map_grid.show_cells(f"compare.{name}", drawn[name], scales, display)
            elif job.error is None:
                waiting.append((map_cell.show_line(job), job))
    return waiting


def _row(pin: Pin, network: str) -> str:
    """What tells a pinned network's row from every other on the page."""
    return f"pin{pin.number}.{network}"


def _cells(
    pin: Pin, network: str, jobs: Mapping[str, Job], titles: tuple[str, ...], *, outline: bool
) -> map_grid.Cells:
    film, known = scan_view.film_under_maps(pin.views, pin.cards[network]), pin.known if outline else None
    place = _("{network}, pinned").format(network=NETWORKS[network].title)
    row = _row(pin, network)
    return [(MapCell(row, method, film, titles, known, place=place), job) for method, job in jobs.items()]
