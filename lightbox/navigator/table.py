"""The table on disk: ``libraries.csv``, one line a library, sorted by name so that a change is a readable diff."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.core.whole_file import write_whole
from lightbox.navigator.library import COLUMNS, Library, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TABLE_PATH = Path(__file__).with_name("libraries.csv")
Row = dict[str, str]


def read_rows(path: Path = TABLE_PATH) -> list[Row]:
    """The rows as text, in the order of the file.

    Raises:
        UserFacingError: the file is missing, is not UTF-8, or its columns are not the catalogue's.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserFacingError(f"The catalogue {path.name} could not be read: {error}.", "Check the path.") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header, *lines = list(reader)
    except (csv.Error, ValueError) as error:
        raise UserFacingError(
            f"{path.name} is not a CSV table: {error}.", "Restore it from version control."
        ) from error
    if tuple(header) != COLUMNS:
        wrong = sorted(set(header) ^ set(COLUMNS)) or ["their order"]
        raise UserFacingError(
            f"The columns of {path.name} differ: {', '.join(wrong)}.", f"Use the columns {','.join(COLUMNS)}."
        )
    for number, line in enumerate(lines, start=2):
        if len(line) != len(COLUMNS):
            raise UserFacingError(
                f"Row {number} of {path.name} has {len(line)} cells instead of {len(COLUMNS)}.",
                "Put a cell that holds a comma into double quotes.",
            )
    return [dict(zip(COLUMNS, line, strict=True)) for line in lines]


def load(path: Path = TABLE_PATH) -> tuple[Library, ...]:
    """Every library of the table.

    Raises:
        UserFacingError: the file cannot be read, or a cell cannot be read as its type.
    """
    libraries = []
    for number, row in enumerate(read_rows(path), start=2):
        try:
            libraries.append(parse(row))
        except ValueError as error:
            raise UserFacingError(
                f"Row {number} of {path.name} ({row['name']}) is broken: {error}.",
                "Run `lightbox navigator validate` to see all faults.",
            ) from error
    return tuple(libraries)


def to_csv(rows: Iterable[Mapping[str, str]]) -> str:
    """The rows as CSV text with the header, cells quoted only where they must be."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_rows(rows: Iterable[Mapping[str, str]], path: Path = TABLE_PATH) -> None:
    """Replace the table in one step, so that a crash leaves the old one or the new one."""
    write_whole(path, to_csv(rows).encode())
