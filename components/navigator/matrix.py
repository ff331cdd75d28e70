"""Who can do what: four heat maps whose cells open the list behind them, by mouse or by two boxes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from components.navigator import matrix_figure, state, words
from components.shell.language import _
from components.shell.palette import STILL
from lightbox.navigator import matrix as matrices
from lightbox.navigator.address import MATRICES

if TYPE_CHECKING:
    from lightbox.navigator.address import Address
    from lightbox.navigator.facets import Query
    from lightbox.navigator.index import Index
    from lightbox.navigator.library import Library
    from lightbox.navigator.matrix import Matrix

ROWS_PER_PAGE = 40
_TITLES = {
    "method-framework": "Method × framework",
    "library-framework": "Library × framework",
    "library-method": "Library × method",
    "library-data": "Library × data type",
}


def show(address: Address, index: Index, hits: tuple[Library, ...]) -> None:
    """Draw the chosen matrix of the hits, and the list behind the chosen cell beside it."""
    st.segmented_control(
        _("Matrix"),
        list(MATRICES),
        format_func=lambda key: _(_TITLES[key]),
        key=state.seed("navigator.matrix", address.matrix),
        on_change=_choose_matrix,
        required=True,
    )
    if not hits:
        return
    shown = _page(address, hits)
    row_facet, column_facet = MATRICES[address.matrix]
    if row_facet == "library":
        matrix = matrices.of_libraries(index, shown, column_facet)
    else:
        matrix = matrices.of_facets(index, shown, row_facet, column_facet)
    _boxes(address, matrix)
    _behind(address, index, matrix)
    _chart(address, matrix)
    with st.expander(_("The same as a table"), key="navigator.matrix.table"):
        _table(matrix)
    st.caption(_("On a narrow screen the two boxes and the table read better than the picture."))
    st.caption(
        _("A cell counts the libraries whose row names both. It does not say that each method runs on each framework.")
    )


def _page(address: Address, hits: tuple[Library, ...]) -> tuple[Library, ...]:
    """For a matrix of libraries, the forty of this page, with links to the others."""
    pages = -(-len(hits) // ROWS_PER_PAGE)
    if MATRICES[address.matrix][0] != "library" or pages < 2:
        return hits
    page = min(address.page, pages)
    with st.container(horizontal=True, vertical_alignment="center"):
        for number in range(1, pages + 1):
            first, last = (number - 1) * ROWS_PER_PAGE + 1, min(number * ROWS_PER_PAGE, len(hits))
            st.page_link(
                state.PAGE,
                label=_("Libraries {first} to {last}").format(first=first, last=last),
                icon="",
                disabled=number == page,
                query_params=state.link(address, page=number, row="", column=""),
            )
    return hits[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]


def _boxes(address: Address, matrix: Matrix) -> None:
    """The cell as two boxes: the keyboard's way to what the mouse clicks."""
    names = {"method": _("Method"), "framework": _("Framework"), "library": _("Library"), "data": _("Data type")}
    sides = zip(
        ("row", "column"),
        MATRICES[address.matrix],
        (matrix.rows, matrix.columns),
        (matrix.row_titles, matrix.column_titles),
        strict=True,
    )
    for place, (side, facet, keys, titles) in zip(st.columns(2), sides, strict=True):
        chosen = getattr(address, side)
        place.selectbox(
            names[facet],
            list(keys),
            index=None,
            format_func=dict(zip(keys, titles, strict=True)).__getitem__,
            key=state.seed(f"navigator.cell.{side}", chosen if chosen in keys else None),
            on_change=_choose_side,
            placeholder=_("Choose, or click a cell below"),
        )


def _behind(address: Address, index: Index, matrix: Matrix) -> None:
    """The libraries behind the chosen cell, each a link to its card."""
    if not (address.row and address.column):
        return
    libraries = matrix.cells.get((address.row, address.column), ())
    if MATRICES[address.matrix][0] == "library":
        library = index.by_key[address.row]
        column = _(index.facets[MATRICES[address.matrix][1]].titles[address.column])
        sentence = _("{name} lists {column}.") if libraries else _("{name} does not list {column}.")
        st.markdown(sentence.format(name=words.plain(library.name), column=words.plain(column)))
        libraries = (library,)
    else:
        sentence = (
            _("**{count}** library names both.") if len(libraries) == 1 else _("**{count}** libraries name both.")
        )
        st.markdown(sentence.format(count=len(libraries)))
        query = _as_query(address)
        if libraries and index.count(query) == len(libraries):
            st.page_link(
                state.PAGE,
                label=_("See them in the table"),
                icon=":material/table_rows:",
                query_params=state.link(address, view="table", query=query),
            )
    with st.container(horizontal=True, gap="xsmall"):
        for library in libraries:
            st.page_link(state.PAGE, label=library.name, icon="", query_params=state.link(address, library=library.key))


def _as_query(address: Address) -> Query:
    """The facets nearest to the cell; with several answers chosen in one facet they can leave other libraries."""
    query = replace(address.query, any_model=False)
    for facet, value in zip(MATRICES[address.matrix], (address.row, address.column), strict=True):
        chosen = query.values(facet)
        if value in chosen and facet not in query.all_of:
            query = query.choosing(facet, (value,))
        else:
            query = query.choosing(facet, tuple(dict.fromkeys((*chosen, value))))
            query = replace(query, all_of=query.all_of | {facet})
    return query


def _chart(address: Address, matrix: Matrix) -> None:
    # As tall as it is, not in a box that scrolls: such a box is out of a keyboard's reach.
    st.plotly_chart(
        matrix_figure.build(matrix, row=address.row, column=address.column),
        key="navigator.heat_map",
        on_select=_choose_cell,
        selection_mode="points",
        config=STILL,
        alt=matrix_figure.describe(matrix),
    )


def _table(matrix: Matrix) -> None:
    counts = matrix.counts()
    columns: dict[str, list[str]] = {_("Row"): [words.plain(title) for title in matrix.row_titles]}
    for position, title in enumerate(matrix.column_titles):
        columns[words.plain(title)] = [str(line[position]) if line[position] else "·" for line in counts]
    st.table(columns, hide_index=True, border="horizontal")


def _choose_matrix() -> None:
    state.change(matrix=st.session_state["navigator.matrix"], row="", column="")


def _choose_side() -> None:
    cell = {side: st.session_state[f"navigator.cell.{side}"] or "" for side in ("row", "column")}
    state.change(page=state.read()[0].page, **cell)


def _choose_cell() -> None:
    points = st.session_state["navigator.heat_map"]["selection"]["points"]
    if points:
        row, column, _count = points[0]["customdata"]
        state.change(page=state.read()[0].page, row=row, column=column)
