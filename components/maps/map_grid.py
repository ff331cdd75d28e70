"""The grid: networks down, methods across, each map appearing as it is ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.maps import map_cell, truth
from components.maps.map_cell import MapCell
from lightbox.comparison.drawing import scales_of
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from streamlit.delta_generator import DeltaGenerator

    from components.maps.display_bar import Display
    from components.maps.heatmap import Film
    from components.maps.map_cell import Waiting
    from lightbox.comparison.ask import Grid
    from lightbox.comparison.truth import Truth
    from lightbox.explainers import Attribution
    from lightbox.imaging.colour import Scale
    from lightbox.jobs import Job

# style.css has a rule for each count up to it.
MOST_COUNTED = 7


# The maps of one row, each with its job.
Cells = list[tuple[MapCell, "Job"]]


def cells_of(
    films: Mapping[str, Film], asked: Mapping[str, Job], grid: Grid, *, known: Truth | None = None
) -> dict[str, Cells]:
    """The row of each network whose prediction is there.

    Args:
        films: the scan's film by network, each with the box that the network's maps lie in.
        asked: a job a network: its prediction.
        grid: the maps.
        known: where the pathology is, where that is known and drawn.
    """
    return {
        network: [
            (MapCell(network, method, films[network], titles, known, place=NETWORKS[network].title), job)
            for method, job in jobs.items()
        ]
        for network, jobs in grid.items()
        for titles in [asked[network].result.class_titles]
    }


def show(
    places: Mapping[str, DeltaGenerator],
    asked: Mapping[str, Job],
    cells: Mapping[str, Cells],
    scales: Mapping[tuple[str, str], Scale],
    display: Display,
    *,
    known: Truth | None = None,
    dimmed: bool = False,
) -> list[Waiting]:
    """Draw what is there over the scan's film, each network's maps in its place; one that has failed has none.

    Args:
        places: where the maps of each network belong.
        asked: a job a network: its prediction. One that has not ended has a line that says what it waits for.
        cells: from `cells_of`.
        scales: from `scales_of_cells`.
        display: the drawing choices.
        known: where the pathology is, where that is known and drawn.
        dimmed: draw the maps faintly, because something has to be settled before they should be read.

    Returns:
        The lines for `map_cell.keep_current`.
    """
    waiting: list[Waiting] = []
    for network, prediction in asked.items():
        if prediction.error is not None:
            continue
        with places[network], st.container(key=key_of("methods", network, dimmed=dimmed)):
            if network in cells:
                if known is not None:
                    finished = [job.result for _cell, job in cells[network] if job.result is not None]
                    truth.show_mismatch(known, finished, prediction.result.classes)
                waiting += show_cells(f"compare.{network}", cells[network], scales, display)
            else:
                waiting.append((map_cell.show_line(prediction), prediction))
    return waiting


def key_of(what: str, network: str, *, dimmed: bool) -> str:
    """The key of a container of maps; style.css draws those that should not be read yet faintly."""
    return f"compare.grid{'.dimmed' if dimmed else ''}.{what}.{network}"


def row(key: str, count: int, *, in_a_line: bool = False) -> DeltaGenerator:
    """A container for ``count`` maps, as many abreast as can be seen well; style.css knows how wide the page is.

    ``in_a_line``: as many abreast as fit, smaller ones rather than a second row.
    """
    shape = "line" if in_a_line else str(min(count, MOST_COUNTED))
    with st.container(key=f"room-{key}"):
        return st.container(key=f"maps-{shape}-{key}")


def show_cells(
    key: str,
    cells: Sequence[tuple[MapCell, Job]],
    scales: Mapping[tuple[str, str], Scale],
    display: Display,
    *,
    in_a_line: bool = False,
) -> list[Waiting]:
    """One row of maps, whatever its cells are of.

    Args:
        key: of the row.
        cells: with the job of each.
        scales: from `scales_of_cells`.
        display: the drawing choices.
        in_a_line: see `row`.

    Returns:
        The lines for `map_cell.keep_current`.
    """
    waiting = []
    with row(key, len(cells), in_a_line=in_a_line):
        for cell, job in cells:
            line = map_cell.show(cell, job, scales.get((cell.row, cell.method)), display)
            if line is not None:
                waiting.append((line, job))
    return waiting


def scales_of_cells(cells: Iterable[tuple[MapCell, Job]], *, shared: bool) -> dict[tuple[str, str], Scale]:
    """The colour scale of each finished map by its cell's row and method; ``shared``: one for all maps of a method.

    Give it all maps of the page at once, so that a shared scale reaches every row.
    """
    finished = [(cell, job.result) for cell, job in cells if job.result is not None]
    done: dict[tuple[str, str], Attribution] = {(cell.row, cell.method): result for cell, result in finished}
    together = {(cell.row, cell.method): cell.scale_with or (cell.row, cell.method) for cell, _result in finished}
    return scales_of(done, shared=shared, together=lambda place: together[place])
