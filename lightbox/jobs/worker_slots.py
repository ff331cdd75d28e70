"""One job a worker at a time, so that the death of a process is one job's doing and never a bystander's."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class WorkerSlots:
    """As many jobs at the workers as workers live. Safe from any thread.

    Dask queues tasks at the workers that are left while a dead one is started again, and blames all of them for the
    next death there.

    Args:
        count_workers: how many live now.
    """

    def __init__(self, count_workers: Callable[[], int]) -> None:
        self._count_workers = count_workers
        self._taken = 0
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Whether there was a place, which the caller has now and must `give_back`."""
        living = self._count_workers()
        with self._lock:
            if self._taken >= living:
                return False
            self._taken += 1
            return True

    def give_back(self) -> None:
        with self._lock:
            self._taken -= 1
