"""Which class is explained, and which class it is set against."""

from __future__ import annotations

import streamlit as st

from components.language import _
from lightbox.comparison.choice import PREDICTED, RUNNER_UP
from lightbox.core.tasks import TASKS


def show(task: str, *, contrastive: bool) -> tuple[str, str]:
    """The class key to explain ("predicted" by default) and the one to set it against ("runner_up")."""
    titles = {label.key: _(label.title) for label in TASKS[task].labels}
    _forget_other_tasks(("compare.explain", PREDICTED), ("compare.against", RUNNER_UP), known=set(titles))
    explain = st.selectbox(
        _("Explain (class A)"),
        [PREDICTED, *titles],
        format_func=lambda key: titles.get(key, _("Predicted class")),
        key="compare.explain",
        help=_("The class whose logit every method explains."),
    )
    against = st.selectbox(
        _("rather than (class B)"),
        [RUNNER_UP, *titles],
        format_func=lambda key: titles.get(key, _("Runner-up")),
        key="compare.against",
        help=_("Contrastive LRP shows what speaks for A rather than B. The other methods do not use B."),
        disabled=not contrastive,
    )
    if contrastive and explain == against:
        st.warning(_("A and B are the same class, so there is nothing to contrast."))
    return explain, against


def _forget_other_tasks(*rows: tuple[str, str], known: set[str]) -> None:
    """A class of the other modality, left from before, gives way to the default."""
    for key, default in rows:
        if st.session_state.get(key) not in known | {default}:
            st.session_state[key] = default
