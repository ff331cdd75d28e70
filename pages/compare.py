"""Compare: one scan, the chosen networks down, the chosen methods across."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.compare import (
    baseline_picker,
    class_picker,
    familiarity_note,
    method_picker,
    network_picker,
    one_sentence,
    parameters,
    scan_concern,
    scan_view,
    takeaway,
    welcome,
)
from components.maps import display_bar, map_cell, map_grid, truth
from components.scans import gallery, modality, scan_input
from components.shell import address, checkpoints, computing, entrance, errors, flow, history, slot
from components.shell.address import Field
from components.shell.language import _
from lightbox.comparison.ask import ask_maps, ask_predictions, gather
from lightbox.comparison.choice import PREDICTED, RUNNER_UP, Choice
from lightbox.explainers import BASELINES, DEFAULT_BASELINE, METHODS
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.imaging.views import Views
    from lightbox.jobs import Job, Prediction

PAGE = "compare"
CHECKPOINTS = checkpoints.find_all()
CLASSES = checkpoints.known_classes(CHECKPOINTS)
FIELDS = [
    scan_input.sample_field(),
    scan_input.ABSENT,
    modality.FIELD,
    Field("networks", "many", list(NETWORKS)[:1], list(NETWORKS)),
    Field("methods", "many", list(METHODS), list(METHODS)),
    Field("explain", "one", PREDICTED, [PREDICTED, *CLASSES]),
    Field("against", "one", RUNNER_UP, [RUNNER_UP, *CLASSES]),
    Field("baseline", "one", DEFAULT_BASELINE, list(BASELINES)),
    Field("seed", "number", 0, low=0, high=2**31 - 1),
    Field("network_view", "flag", default=False),
    *display_bar.FIELDS,
    *parameters.fields(),
]


def show_maps(views: Views, asked: Mapping[str, Job], predictions: Mapping[str, Prediction]) -> list[map_cell.Waiting]:
    """The drawing controls, the maps of the networks that have answered, and the way to take them along."""
    known = None
    with errors.boundary():
        sample = scan_input.open_sample()
        known = None if sample is None else views.once(("truth", sample.key), lambda: truth.read(sample))
    display = display_bar.show(with_truth=known is not None)
    grid = ask_maps(computing.engine(), computing.owner(), views, cards, predictions=predictions, choice=choice)
    maps = [job for row in grid.values() for job in row.values()]
    computing.hold([*asked.values(), *maps, *(job for _atlas, job in familiar.values())])
    computing.give_a_moment(maps)
    confirmed = scan_concern.confirmed(views.scan)
    dimmed = concern is not None and not confirmed
    films = {network: scan_view.film_under_maps(views, card) for network, card in cards.items()}
    one_sentence.show(views, cards, asked, grid, dimmed=dimmed)
    waiting = map_grid.show(films, asked, grid, display, known=known, dimmed=dimmed)
    complete = all(job.result is not None or job.error is not None for job in asked.values())
    comparison = (
        gather(
            views,
            task,
            cards,
            predictions,
            grid,
            concern=concern,
            confirmed=confirmed,
            checked=scan_concern.is_checked(views.scan),
        )
        if complete
        else None
    )
    takeaway.show(comparison, display, known if display.outline else None)
    return waiting


entrance.enter()
refused = address.restore(PAGE, FIELDS)
if history.moved():
    scan_input.go_to_sample()
with st.sidebar:
    views = scan_input.show()
    task = st.session_state["compare.task"]
    cards = network_picker.show(CHECKPOINTS[task])
    methods = method_picker.show()
    explain, against = class_picker.show(task, cards, contrastive=any(METHODS[key].contrastive for key in methods))
    shared = baseline_picker.show(views, cards)
    own = parameters.show(methods)
choice = Choice(tuple(methods), explain, against, shared, own)
address.publish(PAGE, FIELDS)

st.header(_("Compare explanations"), anchor=False)
address.tell_refused(refused)

computing.turn_to("" if views is None else f"{views.scan.modality}/{views.scan.sha256}")
if views is None:
    with errors.boundary():
        computing.engine()  # the workers wake up while the user looks for a scan
    welcome.show()
    gallery.show(task, folded=False)
    st.stop()

with errors.boundary():
    concern = scan_concern.find(views.scan)
    scan_concern.show(views, concern)
    asked = ask_predictions(computing.engine(), computing.owner(), views, cards)
    familiar = familiarity_note.ask(views, cards)
    fresh = computing.shows_another()
    top, below = flow.row("compare.scan", 200), slot.reserve(clear=fresh)
    with top:
        waiting = scan_view.show(views, cards, asked, familiar, fresh=fresh)
    # A network that has not answered yet keeps no other waiting.
    predictions: dict[str, Prediction] = {key: job.result for key, job in asked.items() if job.result is not None}
    with slot.fill(below, clear=fresh):
        if cards and methods:
            waiting += show_maps(views, asked, predictions)
        else:
            computing.hold([*asked.values(), *(job for _atlas, job in familiar.values())])
            st.info(
                _("To see maps, pick a method in the panel on the left.")
                if cards
                else _("To see maps, pick a network in the panel on the left.")
            )
    map_cell.keep_current(waiting, familiarity_note.under_way(familiar))
    computing.tell_drawn()
gallery.show(task, folded=True)
