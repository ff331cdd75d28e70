"""Ways on from a search: the spelling that was meant, and what to leave out where nothing was found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from components.navigator import state, words
from components.navigator.understood import quoted
from components.shell.language import _
from lightbox.navigator.question.did_you_mean import correction

if TYPE_CHECKING:
    from lightbox.navigator.address import Address
    from lightbox.navigator.facets import Query
    from lightbox.navigator.index import Index
    from lightbox.navigator.question.reading import Reading


def show_correction(address: Address, index: Index) -> None:
    """Offer the search that a slip of the finger was meant to be; nothing where none is near."""
    meant = correction(address.query, index)
    if meant is not None:
        st.button(
            _("Did you mean “{text}”?").format(text=words.plain(meant.text)),
            key="navigator.did_you_mean",
            icon=":material/spellcheck:",
            on_click=_apply,
            args=(meant,),
        )


def show_lost(address: Address, index: Index, reading: Reading) -> None:
    """The main word is unknown: what the other words find is not what was meant, and only shown when asked for."""
    st.info(
        _("No row knows {words}, so there is nothing to show.").format(words=quoted(reading.unknown)),
        icon=":material/search_off:",
    )
    rest = " ".join(part.text for part in reading.parts if part.text not in (*reading.unknown, *reading.held))
    with st.container(horizontal=True):
        show_correction(address, index)
        if rest and index.count(replace(address.query, text=rest)):
            st.button(
                _("Search for “{rest}” instead").format(rest=rest),
                key="navigator.search_rest",
                on_click=_apply,
                args=(replace(address.query, text=rest),),
            )
        _show_relaxations(address, index)
    _show_wizard(address)


def show_empty(address: Address, index: Index) -> None:
    """Nothing fits all of the question: offer what to leave out of it."""
    st.info(_("No library fits all of this together."), icon=":material/search_off:")
    rewordings = index.rewordings(address.query)
    if rewordings or index.relaxations(address.query):
        st.write(_("Less would do:"))
    with st.container(horizontal=True):
        for phrase, eased, count in rewordings:
            st.button(
                _("Without “{phrase}” ({count} found)").format(phrase=phrase, count=count),
                key=f"navigator.without.{phrase}",
                on_click=_apply,
                args=(eased,),
            )
        _show_relaxations(address, index)
    _show_wizard(address)


def _show_relaxations(address: Address, index: Index) -> None:
    for part, count in index.relaxations(address.query):
        name = _("the search words") if part == "text" else _(index.facets[part].title)
        st.button(
            _("Drop {part} ({count} found)").format(part=name, count=count),
            key=f"navigator.drop.{part}",
            on_click=_apply,
            args=(address.query.dropping(part),),
        )


def _show_wizard(address: Address) -> None:
    st.page_link(
        state.PAGE,
        label=_("Ask the wizard"),
        icon=":material/assistant:",
        query_params=state.link(address, view="wizard"),
    )


def _apply(query: Query) -> None:
    state.change(query=query)
