"""The grid: networks down, methods across, each map appearing as it is ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.maps import map_cell, truth
from components.maps.map_cell import MapCell
from components.maps.viewer import viewer
from components.maps.viewer.payload import Shown, ShownMap
from components.shell import flow
from lightbox.comparison.drawing import scales_of
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.maps.display_bar import Display
    from components.maps.heatmap import Film
    from components.maps.map_cell import Waiting
    from components.shell.flow import Least
    from lightbox.comparison.ask import Grid
    from lightbox.comparison.truth import Truth
    from lightbox.imaging.colour import Scale
    from lightbox.jobs import Job, Prediction


def show(
    films: Mapping[str, Film],
    asked: Mapping[str, Job],
    grid: Grid,
    display: Display,
    *,
    known: Truth | None = None,
    dimmed: bool = False,
) -> list[Waiting]:
    """Draw what is there over the scan's film, one row for each network that was asked and has not failed.

    Args:
        films: the scan's film by network, each with the box that the network's maps lie in.
        asked: a job a network: its prediction. One that has not ended has a row that says what it waits for.
        grid: the maps of the networks whose prediction is there.
        display: the drawing choices.
        known: where the pathology is, where that is known.
        dimmed: draw the maps faintly, because something has to be settled before they should be read.

    Returns:
        The lines for `map_cell.keep_current`.
    """
    waiting: list[Waiting] = []
    known = known if display.outline else None
    scales = _scales(grid, shared=display.shared_scale)
    views = next((film.views for film in films.values()), None)
    viewer.show(views, Shown(_finished(films, asked, grid, scales), display, known, doubted=dimmed))
    with st.container(key="compare.grid.dimmed" if dimmed else "compare.grid"):
        for network, prediction in asked.items():
            if prediction.error is not None:
                continue
            st.subheader(NETWORKS[network].title, anchor=False)
            if network in grid:
                waiting += _show_row(
                    network,
                    prediction.result,
                    grid[network],
                    film=films[network],
                    scales=scales,
                    display=display,
                    known=known,
                )
            else:
                waiting.append((map_cell.show_line(prediction), prediction))
    return waiting


def least_width(count: int) -> Least:
    """How narrow a map may be, in CSS pixels, where ``count`` of them stand in a row."""
    return 300 if count <= 3 else 240 if count == 4 else 200


def _show_row(
    network: str,
    prediction: Prediction,
    jobs: Mapping[str, Job],
    *,
    film: Film,
    scales: Mapping[tuple[str, str], Scale],
    display: Display,
    known: Truth | None,
) -> list[Waiting]:
    """One network's maps, as many abreast as fit."""
    if known is not None:
        finished = [job.result for job in jobs.values() if job.result is not None]
        truth.show_mismatch(known, finished, prediction.classes)
    waiting = []
    with flow.row(f"compare.maps.{network}", least_width(len(jobs))):
        for method, job in jobs.items():
            cell = MapCell(network, method, film, prediction.class_titles, known)
            line = map_cell.show(cell, job, scales.get((network, method)), display)
            if line is not None:
                waiting.append((line, job))
    return waiting


def _finished(
    films: Mapping[str, Film],
    asked: Mapping[str, Job],
    grid: Grid,
    scales: Mapping[tuple[str, str], Scale],
) -> tuple[ShownMap, ...]:
    """The maps that are drawn, for the viewer."""
    return tuple(
        ShownMap(
            network, method, job.result, scales[network, method], films[network].box, asked[network].result.class_titles
        )
        for network, row in grid.items()
        for method, job in row.items()
        if job.result is not None and (network, method) in scales
    )


def _scales(grid: Grid, *, shared: bool) -> dict[tuple[str, str], Scale]:
    done = {(network, method): job.result for network, row in grid.items() for method, job in row.items()}
    return scales_of({place: result for place, result in done.items() if result is not None}, shared=shared)
