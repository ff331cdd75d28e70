"""Ground truth: how well maps point at pathology that was placed, and so is known."""

import streamlit as st

from components.ground_truth import (
    answers,
    caveats,
    clever_hans,
    in_words,
    mean_maps,
    new_scans,
    score_plot,
    score_table,
    selection,
)
from components.shell import address, computing, entrance, errors
from components.shell.language import _
from lightbox.ground_truth.localisation_table import Table, read_table
from lightbox.jobs import Job

PAGE = "ground_truth"
FIELDS = [*selection.FIELDS, *mean_maps.FIELDS, *new_scans.FIELDS, *clever_hans.FIELDS]

entrance.enter()
refused = address.restore(PAGE, FIELDS)
st.header(_("Ground truth"), anchor=False)
st.markdown(
    _(
        "On synthetic scans it is known where the pathology is, because we placed it there. So a map can be scored: "
        "does it point at the pathology, and at little else?"
    )
)
address.tell_refused(refused)

chosen = selection.show()
address.publish(PAGE, FIELDS)
table = Table()
with errors.boundary():
    table = read_table()
    rows = [
        row for row in table.rows if (row.task, row.label, row.subset) == (chosen.task, chosen.label, chosen.subset)
    ]
    answers.show(table, chosen.task)
    if rows:
        in_words.show(rows, chosen.measure)
        score_plot.show(rows, chosen.measure)
        score_table.show(rows, chosen.measure)
        mean_maps.show(table, chosen)
    else:
        st.info(_("Nothing was measured for this choice."))
    caveats.show(table, chosen.task)
wanted: list[Job] = []
with errors.boundary():
    wanted += new_scans.show(table, chosen)
with errors.boundary():
    wanted += clever_hans.show(chosen.task)
computing.hold(wanted)
