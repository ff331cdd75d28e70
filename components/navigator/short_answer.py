"""The short answer to a common question, above the results: a few libraries, why each, and when it was checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.navigator import state, words
from components.shell.language import _
from lightbox.navigator import maintenance
from lightbox.navigator.short_answers import matching

if TYPE_CHECKING:
    from lightbox.navigator.address import Address
    from lightbox.navigator.facets import Query
    from lightbox.navigator.index import Index


def show(address: Address, index: Index, query: Query) -> None:
    """Draw the answer where the search asks one of the questions; nothing otherwise."""
    question = matching(query, index, state.get_questions())
    if question is None:
        return
    with st.container(border=True, gap="xsmall", key="navigator.short_answer"):
        st.markdown(f"**{_('In short')}**: {words.plain(_(question.text))}")
        for answer in question.answers:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.page_link(
                    state.PAGE,
                    label=f"**{answer.library.name}**",
                    icon="",
                    query_params=state.link(address, library=answer.library.key),
                )
                st.markdown(words.status_badge(index.status(answer.library)), width="content")
                st.markdown(words.plain(_(answer.why)), width="content")
        checked = min(answer.checked for answer in question.answers)
        sentence = _("Chosen by hand, checked on {day}.").format(day=checked)
        if maintenance.is_stale(checked, index.today):
            sentence += " " + _("That is over a year ago: look at the cards before you rely on it.")
        st.caption(sentence)
