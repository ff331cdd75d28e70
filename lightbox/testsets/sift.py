"""Which of the files that were brought are scans; it is decided, and said, before anything is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.imaging.choose_files import LITTER, leave_out
from lightbox.testsets.item import Remark

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lightbox.testsets.item import Item


def set_aside(items: Sequence[Item], read_head: Callable[[Item], bytes]) -> tuple[tuple[Item, ...], tuple[Remark, ...]]:
    """The files that are scans by their names and first bytes, and all others with the reason, litter last.

    Args:
        items: all files, each under a name of its own; no tables.
        read_head: the first bytes of a file; OSError where it cannot be read.
    """
    by_name = {item.name: item for item in items}
    reasons = leave_out(by_name, lambda name: read_head(by_name[name]))
    ordered = sorted(reasons.items(), key=lambda row: row[1] == LITTER)
    kept = tuple(item for item in items if item.name not in reasons)
    return kept, tuple(Remark(name, reason) for name, reason in ordered)
