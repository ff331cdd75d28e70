"""Compare: one scan, the chosen networks down, the chosen methods across."""

import streamlit as st

from components import (
    address,
    baseline_picker,
    class_picker,
    computing,
    display_bar,
    entrance,
    errors,
    gallery,
    map_grid,
    method_picker,
    modality,
    network_picker,
    parameters,
    scan_input,
    scan_view,
    takeaway,
    truth,
    welcome,
)
from components.address import Field
from components.language import _
from lightbox.comparison.ask import ask_maps, ask_predictions, gather
from lightbox.comparison.choice import PREDICTED, RUNNER_UP, Choice
from lightbox.core.tasks import TASKS
from lightbox.explainers import BASELINES, DEFAULT_BASELINE, METHODS
from lightbox.networks import NETWORKS

PAGE = "compare"
CLASSES = [key for task in TASKS.values() for key in task.classes]
FIELDS = [
    scan_input.sample_field(),
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

entrance.enter()
refused = address.restore(PAGE, FIELDS)
with st.sidebar:
    scan = scan_input.show()
    task = st.session_state["compare.task"]
    cards = network_picker.show(task)
    methods = method_picker.show()
    explain, against = class_picker.show(task, contrastive=any(METHODS[key].contrastive for key in methods))
    shared = baseline_picker.show(scan, cards)
    own = parameters.show(methods)
choice = Choice(tuple(methods), explain, against, shared, own)
address.publish(PAGE, FIELDS)

st.header(_("Compare explanations"), anchor=False)
if refused:
    names = ", ".join(refused)
    st.info(_("The link held settings that this page does not know; they were left out: {names}.").format(names=names))

computing.turn_to("" if scan is None else f"{scan.modality}/{scan.sha256}")
if scan is None:
    with errors.boundary():
        computing.engine()  # the workers wake up while the user looks for a scan
    welcome.show()
    gallery.show(task, folded=False)
    st.stop()
if not cards or not methods:
    computing.hold(())
    st.info(_("Pick at least one network and one method in the panel on the left."))
    st.stop()

with errors.boundary():
    asked = ask_predictions(computing.engine(), computing.owner(), scan, cards)
    if not computing.wait(asked):
        st.stop()
    film = scan_view.native_film(scan)
    predictions = scan_view.show(scan, film, asked)
    known = None
    with errors.boundary():
        known = truth.read(scan_input.open_sample())
    display = display_bar.show(with_truth=known is not None)
    grid = ask_maps(computing.engine(), computing.owner(), cards, predictions, choice)
    computing.hold([*asked.values(), *(job for row in grid.values() for job in row.values())])
    computing.give_a_moment(job for row in grid.values() for job in row.values())
    map_grid.show(film, predictions, grid, display, known=known)
    takeaway.show(gather(scan, task, cards, predictions, grid), display, known if display.outline else None)
gallery.show(task, folded=True)
