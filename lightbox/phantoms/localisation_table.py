"""The table of how well maps point at placed pathology: made by `lightbox evaluate`, shipped, read by the page."""

from __future__ import annotations

import csv
import io
import json
import typing
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from lightbox.core.errors import UserFacingError
from lightbox.phantoms.summary import Accuracy, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

SHIPPED = Path(__file__).with_name("localisation.csv")
REPAIR = "Run `lightbox evaluate localisation` to make the table again."
_T = TypeVar("_T", Row, Accuracy, "Run")


@dataclass(frozen=True, slots=True)
class Run:
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
        date: ISO date.
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
    runs: tuple[Run, ...] = ()
    pictures: Mapping[tuple[str, str, str, str], NDArray[np.uint8]] = field(default_factory=dict)

    def run_of(self, task: str, network: str) -> Run | None:
        """How one network was measured, None where it was not."""
        return next((run for run in self.runs if (run.task, run.network) == (task, network)), None)


def replace_network(table: Table, measured: Table) -> Table:
    """The table with one network's part exchanged for what was measured now."""
    ours = {(run.task, run.network) for run in measured.runs}

    def kept(rows: Sequence[Any]) -> list[Any]:
        return [row for row in rows if (row.task, row.network) not in ours]

    pictures = {place: picture for place, picture in table.pictures.items() if place[:2] not in ours}
    return Table(
        rows=(*kept(table.rows), *measured.rows),
        accuracies=(*kept(table.accuracies), *measured.accuracies),
        runs=(*kept(table.runs), *measured.runs),
        pictures={**pictures, **measured.pictures},
    )


def write_table(table: Table, path: Path) -> list[Path]:
    """Write ``path`` (CSV), and beside it ``*_accuracy.csv``, ``*_runs.csv`` and ``*_maps.npz``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    parts: dict[Path, Sequence[Row | Accuracy | Run]] = {
        path: table.rows,
        _beside(path, "accuracy.csv"): table.accuracies,
        _beside(path, "runs.csv"): table.runs,
    }
    for place, rows in parts.items():
        place.write_text(_to_csv(rows), encoding="utf-8")
    maps = _beside(path, "maps.npz")
    arrays: dict[str, Any] = {"/".join(place): picture for place, picture in table.pictures.items()}
    np.savez_compressed(maps, **arrays)
    return [*parts, maps]


def read_table(path: Path = SHIPPED) -> Table:
    """The table as `write_table` wrote it; an empty one where there is none.

    Raises:
        UserFacingError: a part is missing or cannot be read.
    """
    if not path.is_file():
        return Table()
    try:
        with np.load(_beside(path, "maps.npz"), allow_pickle=False) as stored:
            pictures = {_place(name): stored[name] for name in stored.files}
        return Table(
            rows=tuple(_from_csv(path, Row)),
            accuracies=tuple(_from_csv(_beside(path, "accuracy.csv"), Accuracy)),
            runs=tuple(_from_csv(_beside(path, "runs.csv"), Run)),
            pictures=pictures,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserFacingError(f"The table {path.name} cannot be read ({error}).", REPAIR) from error


def to_byte_picture(picture: NDArray[np.float32]) -> NDArray[np.uint8]:
    """0..largest to 0..255."""
    largest = float(picture.max())
    scaled = picture / largest if largest > 0 else picture
    stored: NDArray[np.uint8] = np.rint(255 * np.clip(scaled, 0, 1)).astype(np.uint8)
    return stored


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f"{path.stem}_{ending}")


def _place(name: str) -> tuple[str, str, str, str]:
    task, network, label, method = name.split("/")
    return task, network, label, method


def _to_csv(rows: Iterable[Row | Accuracy | Run]) -> str:
    records = [asdict(row) for row in rows]
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(records[0]) if records else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue()


def _from_csv(path: Path, kind: type[_T]) -> list[_T]:
    types = typing.get_type_hints(kind)
    with path.open(newline="", encoding="utf-8") as stream:
        return [
            kind(**{column.name: types[column.name](record[column.name]) for column in fields(kind)})
            for record in csv.DictReader(stream)
        ]


def settings_of(row: Row) -> dict[str, Any]:
    """The method's parameters."""
    settings: dict[str, Any] = json.loads(row.settings)
    return settings
