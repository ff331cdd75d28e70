"""How a new measurement enters the table: what it measured is exchanged, what it left out stays if it still holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lightbox.explainers import METHODS
from lightbox.ground_truth.localisation_table import Table
from lightbox.ground_truth.scores import is_slower

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from lightbox.ground_truth.localisation_table import Measurement

# Two runs that agree on these explained the same scans with the same network.
SAME = ("weights_sha256", "per_class", "first_seed", "size", "generator_version")


def replace_network(table: Table, measured: Table, methods: Collection[str] = tuple(METHODS)) -> Table:
    """The table with one network's part exchanged for what was measured now.

    Args:
        table: as it was.
        measured: what was found.
        methods: keys of those that were asked for; the others' rows are kept where they are of the same scans and
            weights.
    """
    ours = {(run.task, run.network) for run in measured.runs}

    def others(rows: Sequence[Any]) -> list[Any]:
        return [row for row in rows if (row.task, row.network) not in ours]

    kept = [_keep(table, run, methods) for run in measured.runs]
    rows = [*(row for part in kept for row in part.rows), *measured.rows]
    order = {method: number for number, method in enumerate(METHODS)}
    rows.sort(key=lambda row: (row.task, row.network, order[row.method]))
    return Table(
        rows=(*others(table.rows), *rows),
        accuracies=(*others(table.accuracies), *measured.accuracies),
        runs=(*others(table.runs), *(run for part in kept for run in part.runs)),
        pictures={
            **{place: picture for place, picture in table.pictures.items() if place[:2] not in ours},
            **{place: picture for part in kept for place, picture in part.pictures.items()},
            **measured.pictures,
        },
    )


def _keep(table: Table, run: Measurement, asked: Collection[str]) -> Table:
    """What of a network's earlier part still holds beside ``run``, and the run that describes both."""
    place = (run.task, run.network)
    earlier = table.run_of(*place)
    if earlier is None or any(getattr(earlier, name) != getattr(run, name) for name in SAME):
        return Table(runs=(run,))
    slow_asked = any(is_slower(method) for method in asked)
    # The run says once on how many scans the slower methods stand, all of them.
    fitting = not slow_asked or earlier.per_class_slow == run.per_class_slow
    rows = tuple(
        row
        for row in table.rows
        if (row.task, row.network) == place and row.method not in asked and (fitting or not is_slower(row.method))
    )
    if not rows:
        return Table(runs=(run,))
    first = earlier.date.split(" to ")[0]
    joined = replace(
        run,
        per_class_slow=run.per_class_slow if slow_asked else earlier.per_class_slow,
        date=run.date if first == run.date else f"{first} to {run.date}",
    )
    keys = {row.method for row in rows}
    pictures = {where: picture for where, picture in table.pictures.items() if where[:2] == place and where[3] in keys}
    return Table(rows=rows, runs=(joined,), pictures=pictures)
