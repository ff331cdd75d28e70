"""How often the networks call these scans what they are: the first thing to know about their maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.shell.language import _
from lightbox.core.tasks import TASKS
from lightbox.ground_truth.summary import ALL
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from lightbox.ground_truth.localisation_table import Table
    from lightbox.ground_truth.summary import Accuracy

# Below this share a network does not know these scans well enough for its maps to be judged by them.
GOOD_ENOUGH = 0.7


def show(table: Table, task: str) -> None:
    """One sentence a network; those that are often wrong together in one warning."""
    weak = []
    for run in table.runs:
        if run.task != task:
            continue
        rows = [row for row in table.accuracies if (row.task, row.network) == (task, run.network)]
        whole = next(row for row in rows if row.label == ALL)
        words = sentence(whole, [row for row in rows if row.label != ALL])
        if whole.right < GOOD_ENOUGH * whole.count:
            weak.append(words)
        else:
            st.markdown(words)
    if weak:
        advice = _("A map cannot show what its network did not find, so read the figures with that.")
        # Two blanks end a line in Markdown.
        st.warning("  \n".join([*weak, advice]), icon=":material/rule:")


def sentence(whole: Accuracy, rows: list[Accuracy]) -> str:
    """Such as: ConvNet is right about 41 % of these scans (normal 80 %, ...); guessing gives 33 %."""
    titles = TASKS[whole.task].titles
    each = ", ".join(f"{_(titles[row.label]).lower()} {row.right / row.count:.0%}" for row in rows)
    words = _("{network} is right about {share:.0%} of these scans ({each}); guessing gives {chance:.0%}.")
    return words.format(
        network=NETWORKS[whole.network].title, share=whole.right / whole.count, each=each, chance=1 / len(rows)
    )
