"""What was read from files is read again once one of them has changed, and not before."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from pathlib import Path

T = TypeVar("T")

# File systems date a change to some milliseconds: a file that changed just now may change again unnoticed.
SETTLED_SECONDS = 2.0
MOST_KEPT = 256

_kept: dict[Hashable, tuple[tuple[Any, ...], Any]] = {}


def read_once(name: Hashable, paths: tuple[Path, ...], read: Callable[[], T]) -> T:
    """What ``read`` returned when it was last called under this name; called anew where a file has changed since.

    Args:
        name: tells apart what is read from the same files in different ways.
        paths: all files that the result depends on; one may be missing.
        read: an error of it is raised, and nothing is kept.
    """
    key = (name, paths)
    states = tuple(map(_state, paths))
    held = _kept.get(key)
    if held is not None and held[0] == states:
        kept: T = held[1]
        return kept
    found = read()
    newest = max((state[0] for state in states if state), default=0)
    if time.time_ns() - newest > SETTLED_SECONDS * 1e9:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = (states, found)
    else:
        _kept.pop(key, None)
    return found


def _state(path: Path) -> tuple[int, int, int, int] | None:
    """What changes when a file does; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
