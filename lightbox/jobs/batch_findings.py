"""What a batch wrote, earlier runs included: what it left out, how many maps and scans it could not vouch for."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from lightbox.jobs.shard_files import left_out_path, table_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def read_left_out(out: Path) -> dict[str, str]:
    """Which files of the folder a batch left out, with the reasons."""
    path = left_out_path(out)
    if not path.is_file():
        return {}
    with path.open(newline="", encoding="utf-8") as lines:
        return {row["path"]: row["reason"] for row in csv.DictReader(lines)}


def count_errors(out: Path) -> int:
    """How many rows of a batch's table say why there is no map, those of earlier runs included."""
    return sum(bool(row["error"]) for row in _read_columns(out, ["error"]))


def count_concerns(out: Path) -> int:
    """How many scans of a batch's table may be no upright scans of the kind, those of earlier runs included."""
    return len({row["image"] for row in _read_columns(out, ["image", "concern"]) if row.get("concern")})


def count_unchecked(out: Path) -> int:
    """How many scans of a batch's table an earlier version explained without asking whether they are scans."""
    rows = _read_columns(out, ["image", "concern", "error", "predicted"])
    return len({row["image"] for row in rows if row.get("predicted") and row.get("concern") is None})


def _read_columns(out: Path, columns: list[str]) -> Iterator[dict[str, Any]]:
    """The rows of a batch's table. A part that an earlier version wrote may lack a column."""
    import pyarrow.parquet as pq

    for path in sorted(table_path(out, 0).parent.glob("*.parquet")):
        part = pq.ParquetFile(path)
        yield from part.read(columns=[name for name in columns if name in part.schema_arrow.names]).to_pylist()
