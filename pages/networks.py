"""Networks: how good each network is, which classes it mixes up, how it was trained; from a mistake to its maps."""

import streamlit as st

from components.networks import choices, selection
from components.networks.embedding import known_scans
from components.networks.history import data_audit, training, tuning
from components.networks.own import test_set
from components.networks.results import overview
from components.shell import address, computing, entrance, errors
from components.shell.address import Field
from components.shell.language import _

PAGE = choices.PAGE
# Only the view that is chosen is computed.
VIEWS = {
    "results": "Results",
    "own": "Your own test set",
    "embedding": "Embedding",
    "training": "Training",
    "data": "Data",
}
VIEW = Field("view", "one", next(iter(VIEWS)), list(VIEWS))
FIELDS = [VIEW, *selection.FIELDS, *choices.fields(), *known_scans.fields()]

entrance.enter()
refused = address.restore(PAGE, FIELDS)
st.header(_("Networks"), anchor=False)
st.markdown(
    _("Before you believe an explanation of a network, see how good it is, what it mixes up, and on which scans.")
)
address.tell_refused(refused)

cards = selection.show()
view = st.segmented_control(
    _("View"),
    list(VIEWS),
    format_func=lambda key: _(VIEWS[key]),
    key=f"{PAGE}.view",
    required=True,
    label_visibility="collapsed",
)
address.publish(PAGE, FIELDS)
wanted = []
with errors.boundary():
    if view == "results" and cards:
        answers = selection.read_answers(cards)
        if answers:
            wanted = overview.show(
                answers,
                files=selection.files(),
                cards=cards,
                new_sources=selection.read_new_sources(cards),
            )
    elif view == "own" and cards:
        wanted = test_set.show(cards)
    elif view == "embedding" and cards:
        wanted = known_scans.show(cards)
    elif view == "training" and cards:
        training.show(cards)
        for network in cards:
            with errors.boundary():
                tuning.show(choices.get("task"), network)
    elif view == "data":
        data_audit.show(choices.get("task"), cards)
# Again, for what a view has put right: a choice from a link that these scans do not have.
address.publish(PAGE, FIELDS)
computing.hold(wanted)
