"""Above the results: search, sort, the number of hits, what narrows them, and the way to take them along."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from components.navigator import export, short_answer, state, understood, ways_on
from components.shell.language import _
from lightbox.navigator.facets import Query
from lightbox.navigator.index import SORTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.navigator.address import Address
    from lightbox.navigator.index import Index
    from lightbox.navigator.library import Library


def show(address: Address, index: Index, hits: tuple[Library, ...]) -> None:
    """Draw the bar, say how the search was understood, and where nothing is left, what to leave out."""
    search, sort = st.columns([4, 1], vertical_alignment="bottom")
    search.text_input(
        _("Search"),
        key=state.seed("navigator.q", address.query.text),
        on_change=_search,
        placeholder=_("Name, method, framework, … for example: LRP for a PyTorch ResNet"),
        icon=":material/search:",
        max_chars=200,
    )
    sort.selectbox(
        _("Sort by"),
        list(SORTS),
        format_func=lambda key: _(SORTS[key]),
        key=state.seed("navigator.sort", address.sort),
        on_change=_sort,
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_hits_sentence(len(hits), len(index.libraries)), width="content")
        if address.query.active:
            st.button(_("Clear all"), key="navigator.clear", on_click=_clear, icon=":material/filter_alt_off:")
        export.show(hits, index.today)
    _chips(address, index)
    _explain(address, index, len(hits))
    short_answer.show(address, index, address.query)


def _hits_sentence(hits: int, everything: int) -> str:
    if hits == everything:
        return _("**{hits}** libraries").format(hits=hits)
    return _("**{hits}** of {everything} libraries").format(hits=hits, everything=everything)


def _chips(address: Address, index: Index) -> None:
    """One chip for each thing that narrows; pressing it takes that thing away. A search alone stands in its field."""
    chips = {f"{facet}={value}": (facet, value) for facet in address.query.active for value in _values(address, facet)}
    if address.query.active in ((), ("text",)):
        return
    st.pills(
        _("Filters in use: press one to remove it"),
        list(chips),
        selection_mode="multi",
        format_func=lambda chip: _chip_title(index, *chips[chip]),
        key=state.seed("navigator.chips", list(chips)),
        on_change=_remove,
        args=(chips,),
    )


def _values(address: Address, facet: str) -> tuple[str, ...]:
    return (address.query.text,) if facet == "text" else address.query.values(facet)


def _chip_title(index: Index, facet: str, value: str) -> str:
    if facet == "text":
        return f"“{value}”"
    return f"{_(index.facets[facet].title)}: {_(index.facets[facet].titles[value])}"


def _remove(chips: Mapping[str, tuple[str, str]]) -> None:
    query = state.read()[0].query
    for chip, (facet, value) in chips.items():
        if chip not in st.session_state["navigator.chips"]:
            query = _without(query, facet, value)
    state.change(query=query)


def _without(query: Query, facet: str, value: str) -> Query:
    if facet == "text":
        return query.dropping("text")
    return query.choosing(facet, tuple(other for other in query.values(facet) if other != value))


def _explain(address: Address, index: Index, hits: int) -> None:
    """What the number of hits does not say by itself."""
    reading = index.read(address.query.text)
    if reading.lost:
        ways_on.show_lost(address, index, reading)
        return
    understood.show(address, index)
    ways_on.show_correction(address, index)
    if hits and set(index.asked(address.query).get("framework", ())) - {"any"} and address.query.any_model:
        named = index.naming(address.query)
        if named < hits:
            text = _(
                "{named} of these name the framework; {rest} take any model, through a prediction function mostly."
            )
            st.caption(text.format(named=named, rest=hits - named))
    if not hits:
        ways_on.show_empty(address, index)


def _search() -> None:
    state.change(query=replace(state.read()[0].query, text=st.session_state["navigator.q"].strip()))


def _sort() -> None:
    state.change(sort=st.session_state["navigator.sort"])


def _clear() -> None:
    state.change(query=Query())
