"""The table of how well maps point at placed pathology: made by `lightbox evaluate`, shipped, read by the page."""

from __future__ import annotations

import csv
import io
import json
import os
import typing
import zipfile
import zlib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from lightbox.core.errors import UserFacingError
from lightbox.core.whole_file import prove_writable
from lightbox.ground_truth.summary import Accuracy, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

SHIPPED = Path(__file__).with_name("localisation.csv")
# All that a torn or foreign part raises; zipfile's and zlib's errors come from the pictures.
DAMAGED = (OSError, EOFError, ValueError, KeyError, TypeError, csv.Error, zipfile.BadZipFile, zlib.error)
REPAIR = "Run `lightbox evaluate localisation` to make the table again."
_T = TypeVar("_T", Row, Accuracy, "Measurement")


@dataclass(frozen=True, slots=True)
class Measurement:
    """How the rows of one network were made; the same arguments give the same rows, but for times.

    Args:
        task: key of the task.
        network: key of the architecture.
        weights_sha256: of the network.
        per_class: phantoms of each class.
        per_class_slow: of these, the first so many were also explained by the slower methods.
        first_seed: of the first class's first phantom; the others follow one by one.
        size: side of the phantoms in pixels.
        generator_version: of the phantoms.
        lightbox_version: of the program.
        date: ISO date, the first and the last with "to" between where methods were measured on several days.
    """

    task: str
    network: str
    weights_sha256: str
    per_class: int
    per_class_slow: int
    first_seed: int
    size: int
    generator_version: str
    lightbox_version: str
    date: str


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Everything that was measured.

    Args:
        rows: the measures.
        accuracies: the networks' answers.
        runs: how they were made.
        pictures: (GRID, GRID) uint8, each from 0 to its own largest value, by (task, network, class, method);
            under `summary.MASK` in place of a method, where the pathology was.
    """

    rows: tuple[Row, ...] = ()
    accuracies: tuple[Accuracy, ...] = ()
    runs: tuple[Measurement, ...] = ()
    pictures: Mapping[tuple[str, str, str, str], NDArray[np.uint8]] = field(default_factory=dict)

    def run_of(self, task: str, network: str) -> Measurement | None:
        """How one network was measured, None where it was not."""
        return next((run for run in self.runs if (run.task, run.network) == (task, network)), None)


def check_target(path: Path) -> None:
    """Refuse a place that `write_table` could not write to: a measurement takes hours.

    Raises:
        UserFacingError: a folder has the name of one of the files, or nothing can be written beside it.
    """
    folder = path if path.is_dir() else next((part for part in _parts(path) if part.is_dir()), None)
    if folder is not None:
        raise UserFacingError(f"{folder} is a folder.", "Name a CSV file, such as found.csv in it.")
    try:
        prove_writable(path.parent)
    except OSError as error:
        raise _not_written(path, error) from error


def write_table(table: Table, path: Path) -> list[Path]:
    """Write ``path`` (CSV), and beside it ``*_accuracy.csv``, ``*_runs.csv`` and ``*_maps.npz``.

    Each is written in full beside its place before the first takes its place, so that a full disk leaves the old table.

    Raises:
        UserFacingError: a file cannot be written.
    """
    contents = (_to_csv(table.rows), _to_csv(table.accuracies), _to_csv(table.runs), _to_npz(table.pictures))
    parts = dict(zip(_parts(path), contents, strict=True))
    waiting = {part: part.with_name(f".{part.name}.{os.getpid()}.partial") for part in parts}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for part, content in parts.items():
            waiting[part].write_bytes(content)
        # The rows last: what is read without them is no table, and none of them may be without its run.
        for part in reversed(parts):
            waiting[part].replace(part)
    except OSError as error:
        raise _not_written(path, error) from error
    finally:
        for neighbour in waiting.values():
            neighbour.unlink(missing_ok=True)
    return list(parts)


def read_table(path: Path = SHIPPED) -> Table:
    """The table as `write_table` wrote it; an empty one where there is none.

    Raises:
        UserFacingError: a part is missing, cannot be read, or belongs to another table.
    """
    if not path.is_file():
        return Table()
    rows, accuracies, runs, maps = _parts(path)
    try:
        with np.load(maps, allow_pickle=False) as stored:
            pictures = {_place(name): stored[name] for name in stored.files}
        table = Table(
            rows=tuple(_from_csv(rows, Row)),
            accuracies=tuple(_from_csv(accuracies, Accuracy)),
            runs=tuple(_from_csv(runs, Measurement)),
            pictures=pictures,
        )
        _check_runs(table)
    except DAMAGED as error:
        raise UserFacingError(f"The table {path.name} cannot be read ({error}).", REPAIR) from error
    return table


def _check_runs(table: Table) -> None:
    """Refuse figures of which nothing says how they were measured."""
    measured = {(run.task, run.network) for run in table.runs}
    figures: tuple[Row | Accuracy, ...] = (*table.rows, *table.accuracies)
    for row in figures:
        if (row.task, row.network) not in measured:
            raise ValueError(f"it does not say how {row.task}/{row.network} was measured")


def to_byte_picture(picture: NDArray[np.float32]) -> NDArray[np.uint8]:
    """0..largest to 0..255."""
    largest = float(picture.max())
    scaled = picture / largest if largest > 0 else picture
    stored: NDArray[np.uint8] = np.rint(255 * np.clip(scaled, 0, 1)).astype(np.uint8)
    return stored


def _parts(path: Path) -> tuple[Path, Path, Path, Path]:
    """Where the rows, the accuracies, the runs and the pictures lie."""
    endings = ("accuracy.csv", "runs.csv", "maps.npz")
    accuracies, runs, maps = (path.with_name(f"{path.stem}_{ending}") for ending in endings)
    return path, accuracies, runs, maps


def _not_written(path: Path, error: OSError) -> UserFacingError:
    return UserFacingError(f"{path} cannot be written ({error.strerror}).", "Name a CSV file where you may write.")


def _place(name: str) -> tuple[str, str, str, str]:
    task, network, label, method = name.split("/")
    return task, network, label, method


def _to_csv(rows: Iterable[Row | Accuracy | Measurement]) -> bytes:
    records = [asdict(row) for row in rows]
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(records[0]) if records else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue().encode()


def _to_npz(pictures: Mapping[tuple[str, str, str, str], NDArray[np.uint8]]) -> bytes:
    arrays: dict[str, Any] = {"/".join(place): picture for place, picture in pictures.items()}
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)
    return content.getvalue()


def _from_csv(path: Path, kind: type[_T]) -> list[_T]:
    types = typing.get_type_hints(kind)
    with path.open(newline="", encoding="utf-8") as stream:
        records = list(csv.DictReader(stream))
    if any(None in record.values() for record in records):
        raise ValueError(f"a row of {path.name} is cut short")
    return [
        kind(**{column.name: types[column.name](record[column.name]) for column in fields(kind)}) for record in records
    ]


def settings_of(row: Row) -> dict[str, Any]:
    """The method's parameters."""
    settings: dict[str, Any] = json.loads(row.settings)
    return settings
