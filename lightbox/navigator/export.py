"""A selection of the catalogue as CSV, JSON or Markdown, with the status of the day and the credit for the stars."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lightbox.core.program_version import program_version
from lightbox.navigator import vocabulary
from lightbox.navigator.credit import SOURCES, stars_credit
from lightbox.navigator.library import to_row
from lightbox.navigator.table import to_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from lightbox.navigator.library import Library


def as_csv(libraries: Sequence[Library], today: date) -> str:
    """Every column; ``status`` as of ``today`` and spelled out, ``stars_source`` with its credit."""
    return to_csv(_told(library, today) for library in libraries)


def as_json(libraries: Sequence[Library], today: date) -> str:
    """An object with the day, the credit and the libraries; lists are lists, what is not known is null."""
    entries = [
        {
            column: (list(value) if isinstance(value := getattr(library, column), tuple) else told or None)
            for column, told in _told(library, today).items()
        }
        | {"stars": library.stars}
        for library in libraries
    ]
    content = {
        "exported": str(today),
        "lightbox": program_version(),
        "credit": stars_credit(libraries),
        "libraries": entries,
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def as_markdown(libraries: Sequence[Library], today: date) -> str:
    """A table of the columns people choose by, with links, and the credit below it."""
    header = ("Library", "Best for", "Frameworks", "Methods", "Data types", "Status", "Last commit", "Licence", "Stars")
    lines = [_line(header), _line("---" for _ in header)]
    lines += [_line(_markdown_cells(library, today)) for library in libraries]
    closing = f"{len(libraries)} libraries, status as of {today}. {stars_credit(libraries)}".strip()
    return "\n".join([*lines, "", closing]) + "\n"


def _markdown_cells(library: Library, today: date) -> tuple[str, ...]:
    return (
        f"[{library.name}]({library.repository_url})",
        library.description,
        _titles("frameworks", library.frameworks),
        _titles("methods", library.methods),
        _titles("data_types", library.data_types),
        library.status_on(today),
        str(library.last_commit or "unknown"),
        library.license or "unknown",
        "" if library.stars is None else str(library.stars),
    )


FORMATS: dict[str, tuple[str, Callable[[Sequence[Library], date], str]]] = {
    "csv": ("text/csv", as_csv),
    "json": ("application/json", as_json),
    "md": ("text/markdown", as_markdown),
}


def _told(library: Library, today: date) -> dict[str, str]:
    row = to_row(library)
    source = SOURCES.get(library.stars_source, "")
    return row | {"status": library.status_on(today), "stars_source": source}


def _titles(column: str, keys: Sequence[str]) -> str:
    return ", ".join(vocabulary.COLUMN_TERMS[column][key].title for key in keys)


def _line(cells: Iterable[str]) -> str:
    escaped = (cell.replace("\\", "\\\\").replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"
