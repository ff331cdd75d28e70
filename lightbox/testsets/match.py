"""Which file each row of a table means."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from lightbox.core.file_names import fold_name, near_name, tidy_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping


@dataclass(slots=True)
class Matching:
    """What a table's rows mean.

    Args:
        file_of: the file of each row that means one; two rows may mean the same.
        unclear_rows: rows that could mean several files, or of which several could mean one file.
        unclear_files: files that such rows could mean.
        near_of: of each row without a file, one that has nearly its name.
    """

    file_of: dict[str, str] = field(default_factory=dict)
    unclear_rows: set[str] = field(default_factory=set)
    unclear_files: set[str] = field(default_factory=set)
    near_of: dict[str, str] = field(default_factory=dict)


def match(rows: Collection[str], files: Collection[str], home: str) -> Matching:
    """The file that each row means: by its path; then by its path with fewer or more first folders; then without case.

    A row that only resembles a path must not take a file from the row that is that path, so each rule is asked for all
    rows before the next one is. By every rule but the first, a row has a file only where no other file and no other row
    could be meant: ``b.png`` and ``set/b.png``, but not ``Training/a/1.png`` and ``Testing/a/1.png``, which are
    different pictures.

    Args:
        rows: tidied names in the table.
        files: tidied names of the files.
        home: the folder of the table, "" for the top: a path may begin there.
    """
    found = Matching()
    for key in (tidy_name, fold_name):
        _take_whole_paths(found, rows, files, home, key)
        _take_pairs(found, rows, files, key)
    taken = set(found.file_of.values())
    free: dict[str, list[str]] = {}
    for file in files:
        if file not in taken and file not in found.unclear_files:
            free.setdefault(near_name(file), []).append(file)
    for row in rows:
        near = free.get(near_name(row), ())
        if row not in found.file_of and row not in found.unclear_rows and len(near) == 1:
            found.near_of[row] = near[0]
    return found


def _take_whole_paths(
    found: Matching, rows: Collection[str], files: Collection[str], home: str, key: Callable[[str], str]
) -> None:
    """Rows that are a file's path, from the table's folder or from the top."""
    file_by, several = _by_key(files, key)
    taken = set(found.file_of.values())
    claims: dict[str, list[str]] = {}
    for row in rows:
        if row in found.file_of or row in found.unclear_rows:
            continue
        paths = [key(path) for path in (f"{home}/{row}" if home else row, row)]
        hit = next((path for path in paths if path in file_by or path in several), None)
        if hit in several:
            found.unclear_rows.add(row)
            found.unclear_files.update(set(several[hit]) - taken)
        elif hit is not None and file_by[hit] in taken:
            found.unclear_rows.add(row)
        elif hit is not None:
            claims.setdefault(file_by[hit], []).append(row)
    for file, own in claims.items():
        # By the very path two rows may be one file's: from the table's folder, and from the top.
        if len(own) == 1 or key is tidy_name:
            found.file_of.update(dict.fromkeys(own, file))
        else:
            found.unclear_rows.update(own)
            found.unclear_files.add(file)


def _take_pairs(found: Matching, rows: Collection[str], files: Collection[str], key: Callable[[str], str]) -> None:
    """Rows of which one is the end of a file's path, or the other way round, where nothing else could be meant."""
    file_by, several = _by_key(files, key)
    row_by, several_rows = _by_key(rows, key)
    file_of, row_of = _pair({*file_by, *several}, {*row_by, *several_rows})
    taken = set(found.file_of.values())
    for name, row in row_by.items():
        if row in found.file_of or row in found.unclear_rows or name not in file_of:
            continue
        path = file_of[name]
        if path is None or path in several:
            found.unclear_rows.add(row)
        elif file_by[path] not in taken and row_of[path] == name:
            found.file_of[row] = file_by[path]
        elif file_by[path] not in taken:
            found.unclear_rows.add(row)
    for name, alike in several_rows.items():
        if name in file_of:
            found.unclear_rows.update(row for row in alike if row not in found.file_of)
    taken = set(found.file_of.values())
    found.unclear_files.update(file for name, file in file_by.items() if name in row_of and file not in taken)


def _by_key(names: Collection[str], key: Callable[[str], str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The name behind each key, and the names behind each key that several have."""
    keys = {name: key(name) for name in names}
    counts = Counter(keys.values())
    single = {each: name for name, each in keys.items() if counts[each] == 1}
    several: dict[str, list[str]] = {}
    for name, each in keys.items():
        if counts[each] > 1:
            several.setdefault(each, []).append(name)
    return single, several


def _pair(names: Collection[str], rows: Collection[str]) -> tuple[Mapping[str, str | None], Mapping[str, str | None]]:
    """The one file that a row can mean and the one row that can mean a file; None where there are several."""
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
