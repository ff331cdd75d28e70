"""Who can do what: one facet against another, or libraries against a facet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lightbox.navigator.index import Index
    from lightbox.navigator.library import Library


@dataclass(frozen=True, slots=True)
class Matrix:
    """A table of lists.

    Args:
        rows: keys, "" never among them.
        columns: keys.
        row_titles: for people, same order.
        column_titles: for people, same order.
        cells: the libraries behind a cell, by (row key, column key); empty cells are left out.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    row_titles: tuple[str, ...]
    column_titles: tuple[str, ...]
    cells: dict[tuple[str, str], tuple[Library, ...]]

    def counts(self) -> list[list[int]]:
        """Libraries behind each cell, row by row."""
        return [[len(self.cells.get((row, column), ())) for column in self.columns] for row in self.rows]

    def fullest(self) -> tuple[str, str, int]:
        """Titles of the cell with most libraries and how many they are; ("", "", 0) where all are empty."""
        if not self.cells:
            return "", "", 0
        (row, column), libraries = max(self.cells.items(), key=lambda item: len(item[1]))
        titles = (
            dict(zip(self.rows, self.row_titles, strict=True)),
            dict(zip(self.columns, self.column_titles, strict=True)),
        )
        return titles[0][row], titles[1][column], len(libraries)


def of_facets(index: Index, libraries: Sequence[Library], row_facet: str, column_facet: str) -> Matrix:
    """Each cell holds the libraries whose row names both words; words that no library names are left out."""
    cells: dict[tuple[str, str], list[Library]] = {}
    for library in libraries:
        for row in index.facets[row_facet].answers(library, index.today):
            for column in index.facets[column_facet].answers(library, index.today):
                cells.setdefault((row, column), []).append(library)
    rows = _used(index, row_facet, {row for row, _ in cells})
    columns = _used(index, column_facet, {column for _, column in cells})
    return Matrix(
        tuple(rows),
        tuple(columns),
        tuple(rows.values()),
        tuple(columns.values()),
        {place: tuple(members) for place, members in cells.items()},
    )


def of_libraries(index: Index, libraries: Sequence[Library], column_facet: str) -> Matrix:
    """One row a library; a cell holds it where its row names the word."""
    cells: dict[tuple[str, str], tuple[Library, ...]] = {
        (library.key, column): (library,)
        for library in libraries
        for column in index.facets[column_facet].answers(library, index.today)
    }
    columns = _used(index, column_facet, {column for _, column in cells})
    return Matrix(
        tuple(library.key for library in libraries),
        tuple(columns),
        tuple(library.name for library in libraries),
        tuple(columns.values()),
        cells,
    )


def _used(index: Index, facet: str, keys: set[str]) -> dict[str, str]:
    return {key: title for key, title in index.facets[facet].titles.items() if key in keys}
