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
from lightbox.explainers import METHODS
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.maps.display_bar import Display
    from components.maps.heatmap import Film
    from components.maps.map_cell import Waiting
    from lightbox.comparison.choice import Choice
    from lightbox.comparison.truth import Truth
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


def show(
    rows: Rows,
    network: str,
    prediction: Prediction,
    film: Film,
    *,
    display: Display,
    known: Truth | None,
) -> list[Waiting]:
    """A network's row; nothing where no method was picked. Returns the lines for `map_cell.keep_current`."""
    jobs = rows.get(network)
    if not jobs:
        return []
    method = str(st.session_state[_KEY])
    st.markdown(_("**{method} for every class**, on one colour scale").format(method=_(METHODS[method].title)))
    titles = dict(zip(prediction.classes, prediction.class_titles, strict=True))
    places = {key: f"classes.{network}.{key}" for key in jobs}
    # What was placed is evidence for its own class only.
    cells = [
        (
            MapCell(
                places[key],
                method,
                film,
                prediction.class_titles,
                known if known is not None and known.label == key else None,
                title=titles[key],
                place=_("{network}, for {title}").format(network=NETWORKS[network].title, title=_(titles[key])),
            ),
            job,
        )
        for key, job in jobs.items()
    ]
    scales = map_grid.scales_of_cells(cells, shared=True)
    return map_grid.show_cells(f"compare.classes.{network}", cells, scales, display, in_a_line=True)
