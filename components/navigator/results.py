"""Above the results: search, sort, the number of hits, what narrows them, and the way to take them along."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from components.navigator import export, short_answer, state
from components.shell.language import _
from lightbox.navigator.facets import Query
from lightbox.navigator.index import SORTS
from lightbox.navigator.terms import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lightbox.navigator.address import Address
    from lightbox.navigator.index import Index
    from lightbox.navigator.library import Library
    from lightbox.navigator.text_search import Reading


def show(address: Address, index: Index, hits: tuple[Library, ...]) -> None:
    """Draw the bar; where nothing is left, say which filter to drop."""
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
    """One chip for each thing that narrows; pressing it takes that thing away."""
    chips = {f"{facet}={value}": (facet, value) for facet in address.query.active for value in _values(address, facet)}
    if not chips:
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
        _lost(address, reading)
        return
    if understood := _understood(index, reading):
        st.caption(_("Understood as {parts}.").format(parts=" · ".join(understood)))
    if reading.unknown:
        st.caption(_("No row mentions {words}, so the search went on without.").format(words=_quoted(reading.unknown)))
    if hits and set(index.asked(address.query).get("framework", ())) - {"any"} and address.query.any_model:
        named = index.naming(address.query)
        if named < hits:
            text = _(
                "{named} of these name the framework; {rest} take any model, through a prediction function mostly."
            )
            st.caption(text.format(named=named, rest=hits - named))
    if not hits:
        _empty(address, index)


def _lost(address: Address, reading: Reading) -> None:
    """The main word is unknown: what the other words find is not what was meant, and only shown when asked for."""
    st.info(
        _("No row knows {words}, so there is nothing to show.").format(words=_quoted(reading.unknown)),
        icon=":material/search_off:",
    )
    unknown = {part for piece in reading.unknown for part in piece.split()}
    rest = " ".join(word for word in words(address.query.text) if word not in unknown)
    if reading.asked:
        st.button(
            _("Search for “{rest}” instead").format(rest=rest),
            key="navigator.search_rest",
            on_click=_apply,
            args=(replace(address.query, text=rest),),
        )


def _understood(index: Index, reading: Reading) -> list[str]:
    """What the typed words were taken for, so that a misunderstanding is seen."""
    parts = []
    for asked in dict.fromkeys((*reading.filters, *reading.wishes)):
        facet = index.facets[asked.facet]
        titles = _(" or ").join(_(facet.titles[value]) for value in asked.values)
        known = asked in reading.filters
        parts.append(f"{_(facet.title)}: {titles}" if known else _("{titles} first").format(titles=titles))
    return parts


def _quoted(pieces: Sequence[str]) -> str:
    return ", ".join(f"“{piece}”" for piece in pieces)


def _empty(address: Address, index: Index) -> None:
    st.info(_("No library fits all of this together."), icon=":material/search_off:")
    relaxations = index.relaxations(address.query)
    rewordings = index.rewordings(address.query)
    if not relaxations and not rewordings:
        st.write(_("No single filter is the cause. Clear all of them, or ask the wizard."))
        return
    st.write(_("One filter less would do:"))
    with st.container(horizontal=True):
        for phrase, eased, count in rewordings:
            st.button(
                _("Without “{phrase}” ({count} found)").format(phrase=phrase, count=count),
                key=f"navigator.without.{phrase}",
                on_click=_apply,
                args=(eased,),
            )
        for part, count in relaxations:
            name = _("the search words") if part == "text" else _(index.facets[part].title)
            st.button(
                _("Drop {part} ({count} found)").format(part=name, count=count),
                key=f"navigator.drop.{part}",
                on_click=_apply,
                args=(address.query.dropping(part),),
            )


def _search() -> None:
    state.change(query=replace(state.read()[0].query, text=st.session_state["navigator.q"].strip()))


def _sort() -> None:
    state.change(sort=st.session_state["navigator.sort"])


def _apply(query: Query) -> None:
    state.change(query=query)


def _clear() -> None:
    state.change(query=Query())
