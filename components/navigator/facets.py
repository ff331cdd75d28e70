"""The filters in the sidebar, each answer with the number of libraries it would leave."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from components.navigator import state
from components.shell.language import _

if TYPE_CHECKING:
    from lightbox.navigator.address import Address
    from lightbox.navigator.facets import Facet
    from lightbox.navigator.index import Index

FIRST = ("goal", "framework", "language", "method", "data", "status")
_COUNT = " · "
PILLS = ("status", "topic", "runs", "paradigm", "scope", "agnostic", "permission")


def show(address: Address, index: Index) -> None:
    """Draw every facet; a change is written into the address."""
    counts = index.counts(address.query)
    with st.sidebar:
        st.subheader(_("Filters"), anchor=False)
        for key in FIRST:
            _facet(index.facets[key], address, counts[key])
        more = [facet for key, facet in index.facets.items() if key not in FIRST]
        chosen = sum(bool(address.query.values(facet.key)) for facet in more)
        label = _("More filters") + (f" ({chosen})" if chosen else "")
        with st.expander(label, expanded=bool(chosen), key="navigator.more"):
            for facet in more:
                _facet(facet, address, counts[facet.key])


def _facet(facet: Facet, address: Address, counts: dict[str, int]) -> None:
    key = state.seed(f"navigator.{facet.key}", list(address.query.values(facet.key)))
    draw = _pills if facet.key in PILLS else _multiselect
    draw(facet, counts, key)
    if facet.multivalued and len(address.query.values(facet.key)) > 1:
        st.checkbox(
            _("All of these, not any"),
            key=state.seed(f"navigator.all.{facet.key}", facet.key in address.query.all_of),
            on_change=_switch_all,
            args=(facet.key,),
        )
    if facet.key == "framework" and set(address.query.values("framework")) - {"any"}:
        st.checkbox(
            _("Also libraries that take any model"),
            key=state.seed("navigator.any_model", address.query.any_model),
            on_change=_switch_any_model,
            help=_("They work through a plain prediction function in the same language, without gradients."),
        )


def _multiselect(facet: Facet, counts: dict[str, int], key: str) -> None:
    st.multiselect(
        _(facet.title),
        list(facet.titles),
        format_func=lambda value: f"{_(facet.titles[value])}{_COUNT}{counts[value]}",
        key=key,
        on_change=_choose,
        args=(facet,),
        placeholder=_("Any"),
        select_all=False,
    )


def _pills(facet: Facet, counts: dict[str, int], key: str) -> None:
    st.pills(
        _(facet.title),
        list(facet.titles),
        selection_mode="multi",
        format_func=lambda value: f"{_(facet.titles[value])}{_COUNT}{counts[value]}",
        key=key,
        on_change=_choose,
        args=(facet,),
    )


def _choose(facet: Facet) -> None:
    """Streamlit sends options by their labels; one whose count just changed comes back as the label itself."""
    sent = (str(value).rpartition(_COUNT)[0] or str(value) for value in st.session_state[f"navigator.{facet.key}"])
    values = tuple(value for value in map(facet.find, sent) if value is not None)
    state.change(query=state.read()[0].query.choosing(facet.key, values))


def _switch_all(facet: str) -> None:
    query = state.read()[0].query
    on = st.session_state[f"navigator.all.{facet}"]
    state.change(query=replace(query, all_of=query.all_of | {facet} if on else query.all_of - {facet}))


def _switch_any_model() -> None:
    state.change(query=replace(state.read()[0].query, any_model=st.session_state["navigator.any_model"]))
