"""The Library navigator: find the library for a framework, a method and a kind of data."""

import streamlit as st

from components.navigator import cards, comparison, detail, facets, matrix, results, state, suggestion, table, wizard
from components.shell import entrance
from components.shell.language import _

VIEWS = {
    "table": _("Table"),
    "list": _("List"),
    "matrix": _("Who can do what"),
    "wizard": _("Help me choose"),
    "compare": _("Side by side"),
    "suggest": _("Suggest a library"),
}
RESULTS = {"table": table.show, "list": cards.show, "matrix": matrix.show}
OTHERS = {"wizard": wizard.show, "compare": comparison.show, "suggest": suggestion.show}

entrance.enter()
index = state.get_index()
address, complaints = state.read()
state.say_again()

st.title(_("Library navigator"), anchor=False)
for complaint in complaints:
    st.warning(f"{_(complaint.message)} {_(complaint.hint)}", icon=":material/link_off:")

if address.library:
    detail.show(address, index, index.by_key[address.library])
else:
    st.segmented_control(
        _("View"),
        list(VIEWS),
        format_func=VIEWS.__getitem__,
        key=state.seed("navigator.view", address.view),
        on_change=lambda: state.change(view=st.session_state["navigator.view"]),
        required=True,
    )
    if address.view in RESULTS:
        hits = index.search(address.query, address.sort)
        facets.show(address, index)
        results.show(address, index, hits)
        RESULTS[address.view](address, index, hits)
    else:
        OTHERS[address.view](address, index)
