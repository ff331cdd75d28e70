"""The hits as plain text with real links: what a phone and a screen reader read best."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.navigator import state, words
from components.shell.language import _

if TYPE_CHECKING:
    from lightbox.navigator.address import Address
    from lightbox.navigator.index import Index
    from lightbox.navigator.library import Library

PER_PAGE = 20
_MOST_BADGES = 8


def show(address: Address, index: Index, hits: tuple[Library, ...]) -> None:
    """One card a library, twenty a page."""
    pages = max(1, -(-len(hits) // PER_PAGE))
    page = min(address.page, pages)
    for library in hits[(page - 1) * PER_PAGE : page * PER_PAGE]:
        with st.container(border=True, gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.page_link(
                    state.PAGE,
                    label=f"**{library.name}**",
                    icon="",
                    query_params=state.link(address, library=library.key),
                )
                st.markdown(words.status_badge(index.status(library)), width="content")
            st.write(words.plain(library.description))
            st.markdown(_summary(library))
    if pages > 1:
        _turn(address, page, pages)
    st.caption(_("Maintenance as of {today}.").format(today=index.today))


def _summary(library: Library) -> str:
    methods = words.titles("methods", library.methods)
    more = [f"+{len(methods) - _MOST_BADGES}"] if len(methods) > _MOST_BADGES else []
    return " ".join(
        (
            words.badges(words.titles("frameworks", library.frameworks), "blue"),
            words.badges(words.titles("data_types", library.data_types), "violet"),
            words.badges(methods[:_MOST_BADGES] + more),
        )
    )


def _turn(address: Address, page: int, pages: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, target in ((_("Previous page"), page - 1), (_("Next page"), page + 1)):
            st.page_link(
                state.PAGE,
                label=label,
                icon="",
                disabled=not 1 <= target <= pages,
                query_params=state.link(address, page=max(1, target)),
            )
        st.caption(_("Page {page} of {pages}").format(page=page, pages=pages), width="content")
