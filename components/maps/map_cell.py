"""One cell of the grid: a method's map, its figures and its caption, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from components.maps import checks, evidence, heatmap, map_details, truth
from components.maps.viewer import viewer
from components.maps.viewer.payload import ShownMap
from components.shell import computing, errors, watch
from components.shell.language import _
from lightbox.comparison.map_in_words import describe_map
from lightbox.core.errors import UserFacingError
from lightbox.explainers import METHODS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.delta_generator import DeltaGenerator

    from components.maps.display_bar import Display
    from components.maps.heatmap import Film
    from lightbox.comparison.truth import Truth
    from lightbox.explainers import Attribution
    from lightbox.imaging.colour import Scale
    from lightbox.jobs import Job
    from lightbox.metrics.localisation import Localisation


# A line that tells how far a job is, and the job.
Waiting = tuple["DeltaGenerator", "Job"]


@dataclass(frozen=True, slots=True)
class MapCell:
    """Where a cell stands, and what every cell of its row shares.

    Args:
        row: tells the row from every other on the page; of a network's own maps, the network's key.
        method: key.
        film: of the scan under the map.
        class_titles: of the network's classes, in their order.
        known: where the pathology is, where that is known.
        title: what stands above the map; "" for the method's name.
        place: the row in words, such as the network's title: where the map is named away from its row.
        scale_with: cells with the same words here have one colour scale; "" for a scale of its own.
    """

    row: str
    method: str
    film: Film
    class_titles: tuple[str, ...]
    known: Truth | None = None
    title: str = ""
    place: str = ""
    scale_with: str = ""


def show(cell: MapCell, job: Job, scale: Scale | None, display: Display) -> DeltaGenerator | None:
    """Draw the cell for the state its job is in. An error stays inside its cell.

    Returns:
        The line that `watch` keeps up to date while the job is under way, else None.
    """
    with st.container(border=True, key=f"card-{cell.row}-{cell.method}"), errors.boundary():
        if job.error is not None:
            _show_title(cell)
            errors.show(job.error)
        elif job.result is None or (scale is None and not job.result.withheld):
            # Without a scale it ended while the page was being drawn: whoever watches has it drawn again.
            _show_title(cell)
            return _show_progress(cell, job)
        else:
            _show_map(cell, job.result, scale, display)
    return None


def _show_title(cell: MapCell) -> None:
    st.markdown(f"**{_title(cell)}**")


def _title(cell: MapCell) -> str:
    return _(cell.title or METHODS[cell.method].title)


def _show_progress(cell: MapCell, job: Job) -> DeltaGenerator:
    """The scan, and under it the line that tells how far the job is."""
    heatmap.show_film(
        cell.film,
        key=f"compare.film.{cell.row}.{cell.method}",
        alt=_("The scan; its map is being computed."),
        with_bar=True,
    )
    return show_line(job)


def show_line(job: Job) -> DeltaGenerator:
    """A line alone, for `keep_current`: how far a job is that has nothing to show yet."""
    line = st.empty()
    show_wait(line, job)
    return line


def show_wait(line: DeltaGenerator, job: Job) -> None:
    """Write anew how far a job is.

    Only this line is drawn again and again: redrawing five charts twice a second kept a core busy that the maps need.
    """
    words = computing.describe_reading([job]) if job.urgent else describe_wait(job)
    line.progress(min(1.0, job.progress), text=words)


def keep_current(waiting: Sequence[Waiting], quietly: Sequence[Job] = ()) -> None:
    """Keep the lines of all cells that wait up to date, and have the page drawn once one of the jobs ends.

    Call it once, after the cells: one timer of the page asks for all of them.

    Args:
        waiting: jobs with the line that says how far each is.
        quietly: jobs under way that no line speaks of, and whose end changes the page too.
    """
    if waiting or quietly:
        jobs = [*quietly, *(job for _line, job in waiting)]
        watch.until(lambda: any(job.ended for job in jobs), lambda: _draw_waiting(waiting))


def _draw_waiting(waiting: Sequence[Waiting]) -> None:
    for line, job in waiting:
        show_wait(line, job)


def describe_wait(job: Job) -> str:
    """How far a job is: "Waiting: 3rd in the queue", "Computing… about 4 s left"."""
    place = job.position
    if place is not None:
        return (
            _("Waiting: next in the queue")
            if place == 1
            else _("Waiting: {place} in the queue").format(place=ordinal(place))
        )
    seconds = job.seconds_left
    left = "" if not seconds else " " + _("about {seconds:.0f} s left").format(seconds=max(1.0, seconds))
    return _("Computing…") + left


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    tens, ones = divmod(number % 100, 10)
    return f"{number}{'th' if tens == 1 else {1: 'st', 2: 'nd', 3: 'rd'}.get(ones, 'th')}"


def _show_map(cell: MapCell, result: Attribution, scale: Scale | None, display: Display) -> None:
    """The map with its figures. A withheld map has no scale: its reason stands in its stead, and the figures stay."""
    described = "" if scale is None else _describe(cell, result)
    title = f"title-{cell.row}-{cell.method}"
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=title):
        st.markdown(f"**{_title(cell)}**", width="stretch")
        if scale is not None:
            _offer_closer_look(cell, result, scale)
        details = st.popover(_("Details"), type="tertiary")
    sentences = (explained_class(cell, result), described, "" if scale is None else scale.sentence)
    with details:
        map_details.show(result, sentences, details, cell.film.views, name=f"details.{cell.row}.{cell.method}")
    if scale is None:
        st.markdown(f":small[{explained_class(cell, result)}]")
        reason = _("This map is withheld: {reason}").format(reason=_(result.withheld))
        errors.show(UserFacingError(reason, _("Its figures below say what went wrong; try another rule or network.")))
    else:
        _draw(cell, result, scale, display, alt=f"{_title(cell)}: {described}")
    with st.container(key=f"found-{cell.row}-{cell.method}", horizontal=True, gap="xsmall"):
        checks.show(result.checks)
        if cell.known is not None and scale is not None:
            truth.show(_localise(cell, cell.known, result))


def _describe(cell: MapCell, result: Attribution) -> str:
    """The map in words, found once a map where its scan is known."""

    def make() -> str:
        return describe_map(result.values, cell.film.box, cell.film.size_hw, signed=result.signed)

    views = cell.film.views
    return make() if views is None else views.latest(("words", cell.row, cell.method), result, make)


def _localise(cell: MapCell, known: Truth, result: Attribution) -> Localisation | None:
    """How the map lies to the pathology, likewise."""

    def make() -> Localisation | None:
        return known.localise(result.values, cell.film.box)

    views = cell.film.views
    about = (known, result, cell.film.box)
    return make() if views is None else views.latest(("place", cell.row, cell.method), about, make)


def _draw(cell: MapCell, result: Attribution, scale: Scale, display: Display, *, alt: str) -> None:
    heatmap.show(
        cell.film,
        result.values,
        scale,
        display,
        key=_chart_key(cell),
        alt=alt,
        outline=() if cell.known is None else cell.known.lines,
        ends=evidence.ends(result, cell.class_titles, positive_only=display.positive_only),
        about=(result, cell.known),
    )


def _chart_key(cell: MapCell) -> str:
    return f"compare.map.{cell.row}.{cell.method}"


def _offer_closer_look(cell: MapCell, result: Attribution, scale: Scale) -> None:
    """The button that opens the map large."""
    shown = ShownMap(
        name=f"{cell.row}.{cell.method}",
        place=cell.place,
        result=result,
        scale=scale,
        box=cell.film.box,
        class_titles=cell.class_titles,
        outlined=cell.known is not None,
    )
    viewer.offer(cell.film.views, shown, picture=_chart_key(cell))


def explained_class(cell: MapCell, result: Attribution) -> str:
    """What a map explains, such as "Explains: Viral pneumonia rather than Bacterial pneumonia."."""
    return _("Explains: {what}.").format(what=evidence.explained_class(result, cell.class_titles))
