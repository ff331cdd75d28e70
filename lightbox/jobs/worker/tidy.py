"""Keeping a job's pixels from outliving it in the memory that a worker or the scheduler has freed.

Nothing is written over while a method runs: networks free and ask for the same megabytes in every layer.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lightbox.core import freed_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from distributed import Scheduler

# Dask keeps the last thousand messages of each connection, those of up to a megabyte whole: somebody's scans.
FORGETFUL = {"distributed.admin.low-level-log-length": 0}
# Long enough for Dask to let go of what came and went with the job.
IDLE_SECONDS = 3.0
_lock = threading.Lock()
_jobs = 0
_timer: threading.Timer | None = None


@contextmanager
def job() -> Iterator[None]:
    """Around one job of a worker: what is freed after it is overwritten, and given back once the worker is idle."""
    global _jobs, _timer  # noqa: PLW0603  (of this process, like its memory)
    with _lock:
        _jobs += 1
        if _timer is not None:
            _timer.cancel()
        freed_memory.overwrite_when_freed(wanted=False)
    try:
        yield
    finally:
        with _lock:
            _jobs -= 1
            freed_memory.overwrite_when_freed()
            _timer = threading.Timer(IDLE_SECONDS, _give_back_if_idle)
            _timer.daemon = True
            _timer.start()


def _give_back_if_idle() -> None:
    with _lock:
        if not _jobs:
            freed_memory.give_back()


async def give_back_when_idle(scheduler: Scheduler) -> None:
    """Look after the scheduler's own process: give back what was freed each time that it has nothing left to do."""
    done = scheduler.transition_counter
    while True:
        await asyncio.sleep(IDLE_SECONDS)
        if scheduler.transition_counter != done and not scheduler.tasks:
            done = scheduler.transition_counter
            freed_memory.give_back()
