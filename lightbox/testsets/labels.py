"""Which class each file is said to be of: by its folder, or by a table."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.core.tasks import find_class
from lightbox.testsets import limits
from lightbox.testsets.item import Brought, Problem, printable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from lightbox.testsets.item import Item

FILE_COLUMNS = ("file", "path", "image", "filename", "file_name", "name")
LABEL_COLUMNS = ("label", "class", "diagnosis", "target")
COLUMNS_HINT = "Give a CSV with the columns file and label."
HINT_BETWEEN = ": "
NAMED_TWICE = "The table names it twice, with different classes; the first was used."
NOT_NAMED = "The table does not name it."


@dataclass(frozen=True, slots=True, eq=False)
class Sorted:
    """Files by class.

    Args:
        labelled: each file with the key of its class.
        left_out: files without one.
    """

    labelled: tuple[tuple[Item, str], ...]
    left_out: tuple[Problem, ...]


def folder_label(name: str, task: str) -> str:
    """What the folders of a file say it is: the innermost that names a class, else the innermost of all.

    Where none names a class but a word of the file's own name does (``PNEUMONIA/person1_virus_2.jpeg``), the word
    is added, so that a person can decide about it.
    """
    *folders, file = name.replace("\\", "/").split("/")
    for folder in reversed(folders):
        if find_class(folder, task):
            return folder
    words = {word for word in re.split(r"[^a-z]+", file.lower()) if find_class(word, task)}
    hint = f"{HINT_BETWEEN}{words.pop()}" if len(words) == 1 else ""
    return f"{folders[-1] if folders else ''}{hint}"


def suggest(said: str, task: str) -> str | None:
    """The class that ``said`` stands for, or hints at; None where there is no telling."""
    return find_class(said, task) or find_class(said.rpartition(HINT_BETWEEN)[2], task)


def count_said(items: Iterable[Item]) -> dict[str, int]:
    """How many files are said to be of what, the most frequent first."""
    return dict(Counter(item.said for item in items).most_common())


def sort(items: Iterable[Item], task: str, decided: Mapping[str, str | None]) -> Sorted:
    """Files by class.

    Args:
        items: the files.
        task: key of the task.
        decided: what a person said each unknown name means: the key of a class, or None to leave its files out.
    """
    labelled: list[tuple[Item, str]] = []
    left_out: list[Problem] = []
    for item in items:
        label = find_class(item.said, task) or decided.get(item.said)
        if label is not None:
            labelled.append((item, label))
        elif item.said:
            left_out.append(Problem(item.name, f"It is said to be {item.said!r}, which was left out."))
        else:
            left_out.append(Problem(item.name, "Nothing says which class it is of, so it was left out."))
    return Sorted(tuple(labelled), tuple(left_out))


def choose_table(brought: Brought, tables: Sequence[Item]) -> Brought:
    """The files as the one usable table among ``tables`` names them; as their folders do where none is usable.

    Raises:
        UserFacingError: more than one is usable.
    """
    usable: list[tuple[Item, bytes]] = []
    problems: list[Problem] = []
    for item in tables:
        try:
            content = brought.read(item) if item.size <= limits.MOST_TABLE_BYTES else b""
            _parse_table(content)
            usable.append((item, content))
        except UserFacingError as error:
            problems.append(Problem(item.name, error.message))
    if len(usable) > 1:
        raise UserFacingError(
            f"There are {len(usable)} CSV files with files and classes, so it is not clear which one counts.",
            "Leave one of them in, or none and use class folders.",
        )
    brought = Brought(brought.items, (*brought.problems, *problems), brought.read)
    return apply_table(brought, usable[0][0].name, usable[0][1]) if usable else brought


def apply_table(brought: Brought, table_name: str, content: bytes) -> Brought:
    """The files that a table names, with its classes; what does not fit is a problem by name.

    A row names a file by its path. Where no file has that path, it may lack the first folders or have more of them,
    as long as no other file and no other row could be meant.

    Args:
        brought: the files.
        table_name: path of the table, to which its rows are relative.
        content: the CSV, UTF-8, separated by commas, semicolons or tabs.

    Raises:
        UserFacingError: the table cannot be read or has no such columns.
    """
    said, problems = _read_table(content)
    home = table_name.rpartition("/")[0]
    names = {item.name for item in brought.items}
    found, rest = _match_paths(said, names, home, problems)
    file_of, row_of = _pair(names, said)
    for row in rest:
        file = file_of.get(row)
        if file is not None and file not in found and row_of[file] == row:
            found[file] = said[row]
        elif row in file_of and (file is None or file not in found):
            problems.append(Problem(row, "The table names it, but it is not clear which file that is: give its path."))
        else:
            problems.append(Problem(row, "The table names it, but it is not there."))
    for item in brought.items:
        if item.name not in found:
            unclear = item.name in row_of
            words = "Not clear which row of the table means it: give its path." if unclear else NOT_NAMED
            problems.append(Problem(item.name, words))
    kept = tuple(replace(item, said=found[item.name]) for item in brought.items if item.name in found)
    return Brought(kept, (*brought.problems, *problems), brought.read)


def _match_paths(
    said: Mapping[str, str], names: Collection[str], home: str, problems: list[Problem]
) -> tuple[dict[str, str], list[str]]:
    """The label of each file that a row names by its path, from the table's folder or from the top, and other rows.

    All rows are asked for their own file before any is given another: a row that only resembles a path must not
    take a file from the row that is that path.
    """
    found: dict[str, str] = {}
    rest: list[str] = []
    for row, label in said.items():
        file = next((path for path in (f"{home}/{row}" if home else row, row) if path in names), None)
        if file is None:
            rest.append(row)
        elif found.setdefault(file, label) != label:
            problems.append(Problem(row, NAMED_TWICE))
    return found, rest


def _pair(names: Collection[str], rows: Collection[str]) -> tuple[dict[str, str | None], dict[str, str | None]]:
    """The one file that a row can mean and the one row that can mean a file; None where there are several.

    A row can mean a file when one path is the end of the other, in whole folders: ``b.png`` and ``set/b.png``, but
    not ``Training/a/1.png`` and ``Testing/a/1.png``, which are different pictures.
    """
    file_of: dict[str, str | None] = {}
    row_of: dict[str, str | None] = {}
    longer_files = ((name, end) for name in names for end in _ends(name) if end in rows)
    longer_rows = ((end, row) for row in rows for end in _ends(row) if end in names and end != row)
    for file, row in chain(longer_files, longer_rows):
        file_of[row] = None if row in file_of else file
        row_of[file] = None if file in row_of else row
    return file_of, row_of


def _ends(path: str) -> Iterator[str]:
    """The path, then without its first folder, without its first two, and so on."""
    yield path
    while "/" in path:
        path = path.partition("/")[2]
        yield path


def _read_table(content: bytes) -> tuple[dict[str, str], list[Problem]]:
    """What the table says of each file, and rows of no use."""
    rows, file_at, label_at = _parse_table(content)
    said: dict[str, str] = {}
    problems: list[Problem] = []
    for line, row in enumerate(rows[: limits.MOST_FILES], start=2):
        if not any(cell.strip() for cell in row):
            continue
        file = printable(row[file_at].strip().replace("\\", "/").removeprefix("./")) if len(row) > file_at else ""
        label = printable(row[label_at].strip()) if len(row) > label_at else ""
        if not file or not label:
            problems.append(Problem(file or f"line {line} of the table", "The row lacks the file or its class."))
        elif said.setdefault(file, label) != label:
            problems.append(Problem(file, NAMED_TWICE))
    if len(rows) > limits.MOST_FILES:
        problems.append(Problem("the table", f"Only its first {limits.MOST_FILES:,} rows were used."))
    return said, problems


def _parse_table(content: bytes) -> tuple[list[list[str]], int, int]:
    """The rows below the header, and which column names the file and which its class."""
    if not 0 < len(content) <= limits.MOST_TABLE_BYTES:
        raise UserFacingError("The CSV is empty, or too large for a list of classes.", COLUMNS_HINT)
    try:
        text = content.decode("utf-8-sig")
        head = text.partition("\n")[0]
        separator = max(",;\t", key=head.count)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise UserFacingError("The CSV cannot be read as text in UTF-8.", "Save it as CSV in UTF-8.") from None
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    file_at = next((header.index(name) for name in FILE_COLUMNS if name in header), None)
    label_at = next((header.index(name) for name in LABEL_COLUMNS if name in header), None)
    if file_at is None or label_at is None:
        raise UserFacingError("The CSV has no column for the file, or none for its class.", COLUMNS_HINT)
    return rows[1:], file_at, label_at
