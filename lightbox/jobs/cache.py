"""Finished jobs, kept in memory up to a number of bytes. Never on disk: they show somebody's scan."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from lightbox.jobs.job import Job

BYTES_BESIDES_ARRAYS = 4096


class ResultCache:
    """Least recently used goes first once the results weigh more than ``limit_bytes``.

    Not thread-safe: the engine holds its lock.
    """

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self.held_bytes = 0
        self._jobs: OrderedDict[str, tuple[Job, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._jobs)

    def get(self, key: str) -> Job | None:
        """The finished job of that key, now the most recently used; None where it is not held."""
        if key not in self._jobs:
            return None
        self._jobs.move_to_end(key)
        return self._jobs[key][0]

    def put(self, job: Job) -> None:
        """Hold a finished job; one heavier than the whole limit is not held at all."""
        size = BYTES_BESIDES_ARRAYS + sum(array.nbytes for array in find_arrays(job.result))
        _, replaced = self._jobs.pop(job.key, (None, 0))
        self.held_bytes -= replaced
        if size > self.limit_bytes:
            return
        self._jobs[job.key] = (job, size)
        self.held_bytes += size
        while self.held_bytes > self.limit_bytes:
            _, (_, freed) = self._jobs.popitem(last=False)
            self.held_bytes -= freed


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
