"""The questions that have a short answer, each a link to the table that asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.navigator import state
from components.shell.language import _
from lightbox.navigator.facets import Query

if TYPE_CHECKING:
    from lightbox.navigator.address import Address


def show(address: Address) -> None:
    """Draw the links in two columns, the first half left."""
    st.subheader(_("Common questions"), anchor=False)
    st.caption(_("Each has a short answer of a few libraries, chosen by hand, above the table of all that fit."))
    questions = state.get_questions()
    half = -(-len(questions) // 2)
    for column, own in zip(st.columns(2), (questions[:half], questions[half:]), strict=True):
        with column.container(gap="xsmall"):
            for question in own:
                st.page_link(
                    state.PAGE,
                    label=_(question.text),
                    icon=":material/help_outline:",
                    query_params=state.link(address, view="table", query=Query(question.text)),
                )
