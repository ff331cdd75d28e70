"""Which class each file is said to be of: by its folder, or by a table."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.core.file_names import fold_name, tidy_name
from lightbox.core.tasks import find_class
from lightbox.testsets import limits
from lightbox.testsets.item import Brought, Remark, printable
from lightbox.testsets.match import match

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lightbox.testsets.item import Item
    from lightbox.testsets.match import Matching

FILE_COLUMNS = ("file", "path", "image", "filename", "file_name", "name")
LABEL_COLUMNS = ("label", "class", "diagnosis", "target")
COLUMNS_HINT = "Give a CSV with the columns file and label."
MOST_COLUMNS = 8
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
    left_out: tuple[Remark, ...]


def folder_label(name: str, task: str, classes: Sequence[str] | None = None) -> str:
    """What the folders of a file say it is: the innermost that names a class, else the innermost of all.

    Where none names a class but a word of the file's own name does (``PNEUMONIA/person1_virus_2.jpeg``), the word
    is added, so that a person can decide about it.

    Args:
        name: path of the file.
        task: key of the task.
        classes: of the networks, the task's own where None.
    """
    *folders, file = name.replace("\\", "/").split("/")
    for folder in reversed(folders):
        if find_class(folder, task, classes):
            return folder
    words = {word for word in re.split(r"[^a-z]+", file.lower()) if find_class(word, task, classes)}
    hint = f"{HINT_BETWEEN}{words.pop()}" if len(words) == 1 else ""
    return f"{folders[-1] if folders else ''}{hint}"


def suggest(said: str, task: str, classes: Sequence[str] | None = None) -> str | None:
    """The class that ``said`` stands for, or hints at; None where there is no telling."""
    return find_class(said, task, classes) or find_class(said.rpartition(HINT_BETWEEN)[2], task, classes)


def count_said(items: Iterable[Item]) -> dict[str, int]:
    """How many files are said to be of what, the most frequent first."""
    return dict(Counter(item.said for item in items).most_common())


def sort(
    items: Iterable[Item], task: str, decided: Mapping[str, str | None], classes: Sequence[str] | None = None
) -> Sorted:
    """Files by class.

    Args:
        items: the files.
        task: key of the task.
        decided: what a person said each unknown name means: the key of a class, or None to leave its files out.
        classes: of the networks, the task's own where None.
    """
    labelled: list[tuple[Item, str]] = []
    left_out: list[Remark] = []
    for item in items:
        label = find_class(item.said, task, classes) or decided.get(item.said)
        if label is not None:
            labelled.append((item, label))
        elif item.said:
            left_out.append(Remark(item.name, f"It is said to be {item.said!r}, which was left out."))
        else:
            left_out.append(Remark(item.name, "Nothing says which class it is of, so it was left out."))
    return Sorted(tuple(labelled), tuple(left_out))


def choose_table(brought: Brought, tables: Sequence[Item]) -> Brought:
    """The files as the one usable table among ``tables`` names them; as their folders do where none is usable.

    Raises:
        UserFacingError: more than one is usable.
    """
    usable: list[tuple[Item, bytes]] = []
    problems: list[Remark] = []
    for item in tables:
        try:
            if item.size > limits.MOST_TABLE_BYTES:
                raise _too_large(item.size)
            content = brought.read(item)
            _parse_table(content)
            usable.append((item, content))
        except UserFacingError as error:
            problems.append(Remark(item.name, error.message))
    if len(usable) > 1:
        raise UserFacingError(
            f"There are {len(usable)} CSV files with files and classes, so it is not clear which one counts.",
            "Leave one of them in, or none and use class folders.",
        )
    brought = Brought(brought.items, (*brought.problems, *problems), brought.read)
    return apply_table(brought, usable[0][0].name, usable[0][1]) if usable else brought


def apply_table(brought: Brought, table_name: str, content: bytes) -> Brought:
    """The files that a table names, with its classes; what does not fit is a problem by name.

    A row names a file by its path. Where no file has that path, it may lack the first folders or have more of them, or
    differ in capitals, as long as no other file and no other row could be meant; see `lightbox.testsets.match`.

    Args:
        brought: the files.
        table_name: path of the table, to which its rows are relative.
        content: the CSV, UTF-8, separated by commas, semicolons or tabs.

    Raises:
        UserFacingError: the table cannot be read or has no such columns.
    """
    said, problems = _read_table(content)
    listed = {fold_name(problem.name) for problem in brought.problems}
    home = table_name.rpartition("/")[0]
    matching = match(said, [item.name for item in brought.items], home)
    found: dict[str, str] = {}
    row_of = {file: row for row, file in matching.near_of.items()}
    for row, label in said.items():
        file = matching.file_of.get(row)
        if file is not None:
            if found.setdefault(file, label) != label:
                problems.append(Remark(row, NAMED_TWICE))
        elif listed.isdisjoint({fold_name(row), fold_name(f"{home}/{row}")}):
            # A file that is left out has a line that says why.
            problems.append(Remark(row, _why_no_file(row, matching)))
    for item in brought.items:
        if item.name not in found:
            problems.append(Remark(item.name, _why_no_row(item.name, matching, row_of)))
    kept = tuple(replace(item, said=found[item.name]) for item in brought.items if item.name in found)
    return Brought(kept, (*brought.problems, *problems), brought.read)


def _why_no_file(row: str, matching: Matching) -> str:
    if row in matching.unclear_rows:
        return "The table names it, but it is not clear which file that is: give its path."
    if row in matching.near_of:
        return f"The table names it, but it is not there; {matching.near_of[row]} has nearly the same name."
    return "The table names it, but it is not there."


def _why_no_row(file: str, matching: Matching, row_of: Mapping[str, str]) -> str:
    if file in matching.unclear_files:
        return "Not clear which row of the table means it: give its path."
    if file in row_of:
        return f"The table does not name it; it names {row_of[file]}, which is not there."
    return NOT_NAMED


def _read_table(content: bytes) -> tuple[dict[str, str], list[Remark]]:
    """What the table says of each file, and rows of no use."""
    rows, file_at, label_at = _parse_table(content)
    said: dict[str, str] = {}
    problems: list[Remark] = []
    for line, row in enumerate(rows[: limits.MOST_FILES], start=2):
        if not any(cell.strip() for cell in row):
            continue
        file = printable(tidy_name(row[file_at].strip())) if len(row) > file_at else ""
        label = printable(row[label_at].strip()) if len(row) > label_at else ""
        if not file or not label:
            problems.append(Remark(file or f"line {line} of the table", "The row lacks the file or its class."))
        elif said.setdefault(file, label) != label:
            problems.append(Remark(file, NAMED_TWICE))
    if len(rows) > limits.MOST_FILES:
        problems.append(Remark("the table", f"Only its first {limits.MOST_FILES:,} rows were used."))
    return said, problems


def _parse_table(content: bytes) -> tuple[list[list[str]], int, int]:
    """The rows below the header, and which column names the file and which its class."""
    if not content:
        raise UserFacingError("The CSV is empty (0 bytes).", COLUMNS_HINT)
    if len(content) > limits.MOST_TABLE_BYTES:
        raise _too_large(len(content))
    try:
        text = content.decode("utf-8-sig")
        head = text.partition("\n")[0]
        separator = max(",;\t", key=head.count)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except UnicodeDecodeError:
        raise UserFacingError("The CSV is not text in UTF-8.", "Save it as CSV in UTF-8.") from None
    except csv.Error as error:
        raise UserFacingError(
            f"The CSV cannot be taken apart into cells ({error}).", "Save it as CSV from a spreadsheet, in UTF-8."
        ) from None
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    file_at = next((header.index(name) for name in FILE_COLUMNS if name in header), None)
    label_at = next((header.index(name) for name in LABEL_COLUMNS if name in header), None)
    if file_at is None or label_at is None:
        lacks = [what for what, place in (("file", file_at), ("class of each file", label_at)) if place is None]
        found = ", ".join(printable(name) for name in header[:MOST_COLUMNS]) or "none"
        raise UserFacingError(
            f"The CSV has no column for the {' or the '.join(lacks)}. Its columns: {found}.", COLUMNS_HINT
        )
    return rows[1:], file_at, label_at


def _too_large(size: int) -> UserFacingError:
    return UserFacingError(
        f"The CSV has {size / limits.MEBIBYTE:.1f} MB; a list of classes may have "
        f"{limits.MOST_TABLE_BYTES / limits.MEBIBYTE:g}.",
        "Leave out all columns but file and label.",
    )
