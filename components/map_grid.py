"""The grid: networks down, methods across, each map appearing as it is ready."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from components import map_cell, truth
from components.map_cell import Place
from lightbox.comparison.export import scales_of
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.delta_generator import DeltaGenerator

    from components.display_bar import Display
    from components.heatmap import Film
    from lightbox.comparison.ask import Grid
    from lightbox.comparison.truth import Truth
    from lightbox.imaging.colour import Scale
    from lightbox.jobs import Job, Prediction

# Streamlit does not tell how wide a column is. These widths, in CSS pixels, are right on a common screen.
WIDTHS = {3: 330, 4: 260, 5: 205}


def show(
    film: Film,
    predictions: Mapping[str, Prediction],
    grid: Grid,
    display: Display,
    *,
    known: Truth | None = None,
) -> None:
    """Draw what is there over the scan's film.

    One line of the page watches all jobs under way, and has the page drawn once one ends.
    """
    waiting: list[tuple[DeltaGenerator, Job]] = []
    known = known if display.outline else None
    scales = _scales(grid, shared=display.shared_scale)
    for network, row in grid.items():
        prediction = predictions[network]
        cropped = replace(film, box=prediction.box)
        st.subheader(NETWORKS[network].title, anchor=False)
        if known is not None:
            finished = [job.result for job in row.values() if job.result is not None]
            truth.show_mismatch(known, finished, prediction.classes)
        abreast = min(max(WIDTHS), max(min(WIDTHS), len(row)))
        columns = st.columns(abreast)
        for index, (method, job) in enumerate(row.items()):
            with columns[index % abreast]:
                place = Place(network, method, cropped, prediction.class_titles, WIDTHS[abreast], known)
                line = map_cell.show(place, job, scales.get((network, method)), display)
            if line is not None:
                waiting.append((line, job))
    map_cell.watch(waiting)


def _scales(grid: Grid, *, shared: bool) -> dict[tuple[str, str], Scale]:
    done = {(network, method): job.result for network, row in grid.items() for method, job in row.items()}
    return scales_of({place: result for place, result in done.items() if result is not None}, shared=shared)
