"""Two to four libraries next to each other, the differences first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.navigator import state, words
from components.shell.language import _
from lightbox.navigator import licences
from lightbox.navigator.address import MOST_COMPARED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lightbox.navigator.address import Address
    from lightbox.navigator.index import Index
    from lightbox.navigator.library import Library


def show(address: Address, index: Index) -> None:
    """Choose the libraries, then read them as a table with one column each."""
    st.multiselect(
        _("Libraries to compare"),
        list(index.by_key),
        format_func=lambda key: index.by_key[key].name,
        max_selections=MOST_COMPARED,
        key=state.seed("navigator.compared", list(address.compared)),
        on_change=lambda: state.change(compared=tuple(st.session_state["navigator.compared"])),
        placeholder=_("Choose two to four"),
        select_all=False,
    )
    libraries = [index.by_key[key] for key in address.compared]
    if len(libraries) < 2:
        st.info(
            _("Choose two to four libraries, here or by marking rows of the table."), icon=":material/compare_arrows:"
        )
        return
    _shared(libraries)
    facts = _facts(libraries, index)
    differ = {name: cells for name, cells in facts.items() if len(set(cells)) > 1}
    if differ:
        st.subheader(_("Where they differ"), anchor=False)
        columns: dict[str, list[str]] = {_("Fact"): [f"**{name}**" for name in differ]}
        for position, library in enumerate(libraries):
            columns[words.plain(library.name)] = [cells[position] for cells in differ.values()]
        st.table(columns, border="horizontal", hide_index=True)
        st.caption(_("Bold: not all of them have it."))
    same = {name: cells[0] for name, cells in facts.items() if name not in differ}
    if same:
        st.subheader(_("Where they agree"), anchor=False)
        st.table(
            {_("Fact"): [f"**{name}**" for name in same], _("All of them"): list(same.values())},
            border="horizontal",
            hide_index=True,
        )
    if credit := words.credit(libraries):
        st.caption(credit)
    with st.container(horizontal=True):
        for library in libraries:
            st.page_link(
                state.PAGE,
                label=_("Open {name}").format(name=library.name),
                icon="",
                query_params=state.link(address, library=library.key),
            )


def _shared(libraries: Sequence[Library]) -> None:
    shared = [method for method in libraries[0].methods if all(method in other.methods for other in libraries)]
    if shared:
        st.markdown(_("All of them have {methods}").format(methods=words.badges(words.titles("methods", shared))))
    else:
        st.markdown(_("They share no method."))


def _facts(libraries: Sequence[Library], index: Index) -> dict[str, list[str]]:
    """Cells by fact, one a library; what only one library has comes first. What all have stands above the table."""
    only = [
        [method for method in one.methods if sum(method in other.methods for other in libraries) == 1]
        for one in libraries
    ]
    return {
        _("Best for"): [words.plain(one.description) for one in libraries],
        _("Only this one has"): [words.badges(words.titles("methods", methods), "green") or "–" for methods in only],
        _("Frameworks"): _marked(libraries, "frameworks", "blue"),
        _("Data types"): _marked(libraries, "data_types", "violet"),
        _("Kind of model"): _marked(libraries, "families", "gray"),
        _("Topic"): _marked(libraries, "topics", "gray"),
        _("All methods"): _marked(libraries, "methods", "gray"),
        _("Language"): [words.plain(", ".join(one.language)) for one in libraries],
        _("Newest release allows"): [
            ", ".join(words.titles("runs_with", one.runs_with)) or _("not known") for one in libraries
        ],
        _("Newest release rules out"): [", ".join(words.titles("not_with", one.not_with)) or "–" for one in libraries],
        _("Newest release pins"): [words.plain(", ".join(one.pins)) or "–" for one in libraries],
        _("Model-agnostic"): [words.title("model_agnostic", one.model_agnostic) for one in libraries],
        _("Explains"): [words.title("scope", one.scope) for one in libraries],
        _("Interface"): [", ".join(words.titles("interface", one.interface)) for one in libraries],
        _("Maintenance"): [words.status_badge(index.status(one)) for one in libraries],
        _("Last commit"): [str(one.last_commit or _("not known")) for one in libraries],
        _("Last release"): [_release(one) for one in libraries],
        _("Licence"): [_licence(one) for one in libraries],
        _("Limits"): [words.plain(one.notable_limits) or "–" for one in libraries],
        _("Install"): [f"`{one.install_line}`" if one.install_line else _("from the repository") for one in libraries],
        _("Stars"): ["–" if one.stars is None else f"{one.stars:,}" for one in libraries],
    }


def _marked(libraries: Sequence[Library], column: str, colour: str) -> list[str]:
    """The values of a column, one cell a library; bold where not all of the libraries have it."""
    shared = set.intersection(*(set(getattr(one, column)) for one in libraries))
    return [
        " ".join(
            f":{colour}-badge[{words.plain(words.title(column, key))}]"
            if key in shared
            else f":{colour}-badge[**{words.plain(words.title(column, key))}**]"
            for key in getattr(one, column)
        )
        or "–"
        for one in libraries
    ]


def _release(library: Library) -> str:
    if not library.release:
        return _("not known")
    return words.plain(f"{library.release}, {library.release_date}" if library.release_date else library.release)


def _licence(library: Library) -> str:
    return f"{words.plain(library.license or _('unknown'))} · {_(licences.KINDS[library.licence_kind].title).lower()}"
