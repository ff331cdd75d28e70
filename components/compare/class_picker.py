"""Which class is explained, and which class it is set against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.shell.language import _
from lightbox.comparison.choice import PREDICTED, RUNNER_UP
from lightbox.core.glossary import meaning_of
from lightbox.core.tasks import TASKS, class_title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.networks import Card


def show(task: str, cards: Mapping[str, Card], *, contrastive: bool) -> tuple[str, str]:
    """The class key to explain ("predicted" by default) and the one to set it against ("runner_up").

    Args:
        task: key of the task.
        cards: of the networks chosen, whose classes are offered; where none is, the task's.
        contrastive: whether a method uses the second class.
    """
    offered = dict.fromkeys(key for card in cards.values() for key in card.classes) or TASKS[task].classes
    titles = {key: _(class_title(key)) for key in offered}
    rows = (("compare.explain", PREDICTED), ("compare.against", RUNNER_UP))
    _forget_other_tasks(*rows, task=task)
    for widget, default in rows:
        # Of another network, or of a link: it stays chosen, and each network that does not know it says so.
        kept = str(st.session_state[widget])
        if kept != default and kept not in titles:
            titles[kept] = _("{title} (no class of these networks)").format(title=_(class_title(kept)))
    explain = st.selectbox(
        _("Explain (class A)"),
        [PREDICTED, *titles],
        format_func=lambda key: titles.get(key, _("Predicted class")),
        key="compare.explain",
        help=" ".join(
            (_("The class that every method explains: its logit."), _(meaning_of("Class")), _(meaning_of("Logit")))
        ),
    )
    against = st.selectbox(
        _("rather than (class B)"),
        [RUNNER_UP, *titles],
        format_func=lambda key: titles.get(key, _("Runner-up")),
        key="compare.against",
        help=" ".join((_("Only Contrastive LRP uses class B."), _(meaning_of("Contrastive")))),
        disabled=not contrastive,
    )
    if contrastive and explain == against:
        st.warning(_("A and B are the same class, so there is nothing to contrast."))
    return explain, against


def _forget_other_tasks(*rows: tuple[str, str], task: str) -> None:
    """A class of the other modality, left from before, gives way to the default."""
    others = {key for other in TASKS.values() if other.key != task for key in other.classes}
    for key, default in rows:
        chosen = st.session_state.get(key)
        if chosen is None or chosen in others - set(TASKS[task].classes):
            st.session_state[key] = default
