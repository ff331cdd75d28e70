"""One method for every class of a network, on one colour scale: what would it have seen for the others?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from components.maps import map_grid
from components.maps.map_cell import MapCell
from components.shell import computing
from components.shell.address import Field
from components.shell.language import _
from lightbox.comparison.ask import ask_maps
from lightbox.comparison.part import Part
from lightbox.core.tasks import class_title
from lightbox.explainers import METHODS
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from components.maps.display_bar import Display
    from components.maps.heatmap import Film
    from components.maps.map_cell import Waiting
    from lightbox.comparison.ask import Grid
    from lightbox.comparison.choice import Choice
    from lightbox.comparison.comparison import Comparison
    from lightbox.comparison.truth import Truth
    from lightbox.imaging.colour import Scale
    from lightbox.imaging.views import Views
    from lightbox.jobs import Job, Prediction
    from lightbox.networks import Card

FIELD = Field("classes", "one", "", ["", *METHODS])
_KEY = "compare.classes"
# By network, then by class.
Rows = dict[str, dict[str, "Job"]]


def pick() -> None:
    """The control: which method is shown for every class; none to begin with."""
    st.selectbox(
        _("One method for every class"),
        ["", *METHODS],
        format_func=lambda key: _("Every class with…") if not key else _(METHODS[key].title),
        key=_KEY,
        label_visibility="collapsed",
        width=220,
        help=_("Shows one method's map for each class in a row, on one colour scale."),
    )


def is_on() -> bool:
    """Whether a method was picked."""
    return bool(st.session_state[_KEY])


def ask(views: Views, cards: Mapping[str, Card], predictions: Mapping[str, Prediction], choice: Choice) -> Rows:
    """A job for each network and class; none where no method was picked."""
    method = str(st.session_state[_KEY])
    if not method:
        return {}
    engine, owner = computing.engine(), computing.owner()
    rows: Rows = {network: {} for network in predictions}
    for network, prediction in predictions.items():
        for key in prediction.classes:
            own = replace(choice, methods=(method,), explain=key)
            asked = ask_maps(engine, owner, views, cards, predictions={network: prediction}, choice=own)
            rows[network][key] = asked[network][method]
    return rows


def cells(
    rows: Rows, predictions: Mapping[str, Prediction], films: Mapping[str, Film], *, known: Truth | None
) -> dict[str, map_grid.Cells]:
    """The row of each network; ``known`` where the pathology is known and drawn."""
    return {
        network: [
            (_cell(network, key, predictions[network], films[network], known=known), job) for key, job in jobs.items()
        ]
        for network, jobs in rows.items()
    }


def _cell(network: str, key: str, prediction: Prediction, film: Film, *, known: Truth | None) -> MapCell:
    title = prediction.class_titles[prediction.classes.index(key)]
    return MapCell(
        f"classes.{network}.{key}",
        str(st.session_state[_KEY]),
        film,
        prediction.class_titles,
        # What was placed is evidence for its own class only.
        known if known is not None and known.label == key else None,
        title=title,
        place=_("{network}, for {title}").format(network=NETWORKS[network].title, title=_(title)),
        scale_with=f"classes.{network}",
    )


def show(
    network: str,
    row: map_grid.Cells,
    scales: Mapping[tuple[str, str], Scale],
    display: Display,
) -> list[Waiting]:
    """A network's row, under the method's name. Returns the lines for `map_cell.keep_current`."""
    st.markdown(f"**{_title()}**")
    return map_grid.show_cells(f"compare.classes.{network}", row, scales, display, in_a_line=True)


def parts(
    rows: Rows,
    predictions: Mapping[str, Prediction],
    gathered: Callable[[Mapping[str, Prediction], Grid], Comparison | None],
    *,
    known: Truth | None,
) -> list[Part] | None:
    """A part a class for what is taken away, each with the maps of all networks; None while one is under way."""
    method, found = str(st.session_state[_KEY]), []
    for key in dict.fromkeys(key for jobs in rows.values() for key in jobs):
        grid = {network: {method: jobs[key]} for network, jobs in rows.items() if key in jobs}
        comparison = gathered(predictions, grid)
        if comparison is None:
            return None
        outlined = known if known is not None and known.label == key else None
        found.append(Part(f"every-class/{key}", _(class_title(key)), comparison, outlined, row=_title()))
    return found


def _title() -> str:
    method = _(METHODS[str(st.session_state[_KEY])].title)
    return _("{method} for every class, on one colour scale").format(method=method)
