"""The table of a batch: its columns, one row an image and method, as a Parquet file.

A new column is one line here, and its value one in `lightbox.jobs.worker.shard`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TEXTS = (
    *("image", "task", "network", "weights_sha256", "scan_sha256", "predicted", "method", "target", "against"),
    *("params", "caption", "withheld", "concern", "error", "map", "lightbox"),
)


def make_table(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The rows as a Parquet file; what a row lacks is null."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    check = pa.struct([("key", pa.string()), ("value", pa.float64()), ("passed", pa.bool_())])
    schema = pa.schema(
        [
            *((name, pa.string()) for name in TEXTS),
            ("classes", pa.list_(pa.string())),
            ("probabilities", pa.list_(pa.float32())),
            ("logits", pa.list_(pa.float32())),
            ("logit", pa.float64()),
            ("seconds", pa.float64()),
            ("checks", pa.list_(check)),
        ]
    )
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), sink)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]
