"""The modality: one for all pages. What is chosen on one of them is chosen on the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import streamlit as st

from components.shell.address import Field
from components.shell.language import _
from lightbox.core.tasks import TASKS

if TYPE_CHECKING:
    from collections.abc import Sequence

FIELD = Field("task", "one", next(iter(TASKS)), list(TASKS))
_ASKED = "lightbox.asked_task"


def show(page: str, *, width: Literal["content", "stretch"] = "content") -> str:
    """The control on a page; returns the key of the task. Its setting comes and goes by the page's address."""
    asked = st.session_state.pop(_ASKED, None)
    if asked is not None:
        st.session_state[f"{page}.{FIELD.name}"] = asked
    keys: Sequence[str] = list(TASKS)
    chosen = st.segmented_control(
        _("Modality"),
        keys,
        format_func=lambda key: _(TASKS[key].title),
        key=f"{page}.{FIELD.name}",
        required=True,
        width=width,
    )
    return str(chosen)


def ask_for(task: str) -> None:
    """Have the next run of the page show this modality. Streamlit lets nobody set a control that is drawn already.

    Raises:
        UserFacingError: there is no such task.
    """
    st.session_state[_ASKED] = TASKS[task].key
