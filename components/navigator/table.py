"""The hits as a table: one row a library, the name opens its card, marked rows can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from components.navigator import state, words
from components.shell.language import _
from lightbox.navigator import maintenance, vocabulary
from lightbox.navigator.address import MOST_COMPARED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lightbox.navigator.address import Address
    from lightbox.navigator.index import Index
    from lightbox.navigator.library import Library

_TALLEST = 640


def show(address: Address, index: Index, hits: tuple[Library, ...]) -> None:
    """Draw the table with its two actions and the credit for the stars."""
    if not hits:
        return
    rows = {"selection": {"rows": _marked(address, hits), "columns": [], "cells": []}}
    # Only where it differs: sent again after every mark, it would undo a second mark made meanwhile.
    if st.session_state.get("navigator.table") != rows:
        st.session_state["navigator.table"] = rows
    st.dataframe(
        _columns(index, hits),
        column_config=_config(hits),
        key="navigator.table",
        hide_index=True,
        height=min(_TALLEST, 38 + 35 * len(hits)),
        on_select=lambda: _mark(hits),
        selection_mode="multi-row",
        placeholder="",
        alt=_("{count} libraries; the first column opens a library's card").format(count=len(hits)),
    )
    _actions(address, hits)
    st.caption(
        _(
            "Freshness: 100 is a commit or a release this month, 0 neither for three years. Maintenance as of {today}."
        ).format(today=index.today)
        + f" {_('Empty cells are not known.')} {words.credit(hits)}"
    )


def _columns(index: Index, hits: Sequence[Library]) -> dict[str, list[object]]:
    fresh = [maintenance.freshness(library.last_sign, index.today) for library in hits]
    return {
        "open": [f":material/article: {library.name}" for library in hits],
        "status": [[_(vocabulary.STATUSES[index.status(library)].title)] for library in hits],
        "fresh": [None if share is None else round(100 * share) for share in fresh],
        "best": [library.description for library in hits],
        "frameworks": [words.titles("frameworks", library.frameworks) for library in hits],
        "methods": [words.titles("methods", library.methods) for library in hits],
        "data": [words.titles("data_types", library.data_types) for library in hits],
        "licence": [library.license or _("unknown") for library in hits],
        "commit": [library.last_commit for library in hits],
        "stars": [library.stars for library in hits],
        "repository": [library.repository_url for library in hits],
        "docs": [library.docs_url or None for library in hits],
    }


def _config(hits: tuple[Library, ...]) -> dict[str, Any]:
    column = st.column_config
    statuses = vocabulary.STATUSES
    return {
        "open": column.ButtonColumn(
            _("Library"),
            key="navigator.open",
            type="tertiary",
            pinned=True,
            alignment="left",
            on_click=_open,
            args=(hits,),
            help=_("Opens the library's card"),
        ),
        "status": column.MultiselectColumn(
            _("Maintenance"),
            options=[_(term.title) for term in statuses.values()],
            color=[words.STATUS_COLOURS[key] for key in statuses],
            width=105,
        ),
        "fresh": column.ProgressColumn(
            _("Freshness"),
            min_value=0,
            max_value=100,
            format="%d",
            color="green",
            width=110,
            help=_("100: a commit or a release this month. 0: neither for three years. Empty: no date is known."),
        ),
        "best": column.TextColumn(_("Best for"), width=330),
        "frameworks": column.ListColumn(_("Frameworks"), width=210),
        "methods": column.ListColumn(_("Methods"), width=300),
        "data": column.ListColumn(_("Data types"), width=170),
        "licence": column.TextColumn(_("Licence"), width=110),
        "commit": column.DateColumn(_("Last commit"), width=100),
        "stars": column.NumberColumn(_("Stars"), format="localized", help=words.credit(hits), width=80),
        "repository": column.LinkColumn(_("Repository"), display_text="https://github\\.com/(.*)", width=180),
        "docs": column.LinkColumn(_("Docs"), display_text=_("Docs"), width=70),
    }


def _actions(address: Address, hits: Sequence[Library]) -> None:
    """The same actions without the grid, for keyboards and screen readers."""
    chosen, compare = st.columns([3, 2], vertical_alignment="bottom")
    chosen.selectbox(
        _("Open a library's card"),
        [library.key for library in hits],
        index=None,
        format_func={library.key: library.name for library in hits}.__getitem__,
        key="navigator.open_by_name",
        on_change=_open_by_name,
        placeholder=_("Choose one of the {count} hits").format(count=len(hits)),
    )
    count = len(address.compared)
    label = _("Compare {count} marked libraries").format(count=count) if count > 1 else _("Compare marked libraries")
    compare.button(
        label,
        key="navigator.compare_marked",
        icon=":material/compare_arrows:",
        disabled=count < 2,
        on_click=lambda: state.change(view="compare"),
        help=_("Mark two to {most} rows in the first column of the table.").format(most=MOST_COMPARED),
        width="stretch",
    )


def _marked(address: Address, hits: Sequence[Library]) -> list[int]:
    return [position for position, library in enumerate(hits) if library.key in address.compared]


def _mark(hits: Sequence[Library]) -> None:
    """Rows marked in this table replace those of the table; libraries filtered away stay marked."""
    rows = st.session_state["navigator.table"]["selection"]["rows"]
    shown = {library.key for library in hits}
    kept = [key for key in state.read()[0].compared if key not in shown]
    marked = [hits[row].key for row in rows if row < len(hits)]
    if len(kept) + len(marked) > MOST_COMPARED:
        st.toast(_("At most {most} libraries can be compared.").format(most=MOST_COMPARED))
    state.change(compared=tuple(kept + marked)[:MOST_COMPARED])


def _open(hits: Sequence[Library]) -> None:
    click = st.session_state["navigator.open"]
    if click is not None and click["row"] < len(hits):
        state.change(library=hits[click["row"]].key)


def _open_by_name() -> None:
    key = st.session_state["navigator.open_by_name"]
    if key:
        state.change(library=key)
