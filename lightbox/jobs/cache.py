"""Finished jobs, kept in memory up to a number of bytes, for as long as somebody who asked for them is there.

Never on disk, and not beyond the last visitor who saw them: they show somebody's scan.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from lightbox.jobs.job import Job

BYTES_BESIDES_ARRAYS = 4096


@dataclass(slots=True)
class _Held:
    job: Job
    size: int
    viewers: set[str] = field(default_factory=set)


class ResultCache:
    """Least recently used goes first once the results weigh more than ``limit_bytes``.

    Not thread-safe: the engine holds its lock.
    """

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self.held_bytes = 0
        self._held: OrderedDict[str, _Held] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    @property
    def viewers(self) -> set[str]:
        """Everybody for whom something is held."""
        return {viewer for held in self._held.values() for viewer in held.viewers}

    def get(self, key: str, viewer: str) -> Job | None:
        """The finished job of that key, now the most recently used, held for one more; None where it is not held."""
        if key not in self._held:
            return None
        self._held.move_to_end(key)
        self._held[key].viewers.add(viewer)
        return self._held[key].job

    def put(self, job: Job) -> None:
        """Hold a finished job for its owners; one heavier than the whole limit is not held at all."""
        size = BYTES_BESIDES_ARRAYS + sum(array.nbytes for array in find_arrays(job.result))
        self._drop(job.key)
        if size > self.limit_bytes:
            return
        self._held[job.key] = _Held(job, size, set(job.owners))
        self.held_bytes += size
        while self.held_bytes > self.limit_bytes:
            self._drop(next(iter(self._held)))

    def forget(self, viewer: str) -> None:
        """Let go of what is held for this one alone."""
        for key, held in list(self._held.items()):
            held.viewers.discard(viewer)
            if not held.viewers:
                self._drop(key)

    def _drop(self, key: str) -> None:
        held = self._held.pop(key, None)
        self.held_bytes -= 0 if held is None else held.size


def find_arrays(result: Any) -> list[np.ndarray[Any, Any]]:
    """The arrays that a result holds: itself, its fields, its items, its values, at any depth."""
    if isinstance(result, np.ndarray):
        return [result]
    if is_dataclass(result) and not isinstance(result, type):
        return [array for field in fields(result) for array in find_arrays(getattr(result, field.name))]
    if isinstance(result, Mapping):
        return [array for value in result.values() for array in find_arrays(value)]
    if isinstance(result, list | tuple):
        return [array for value in result for array in find_arrays(value)]
    return []
