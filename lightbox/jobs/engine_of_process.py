"""The one engine of a process, as the settings describe it."""

from __future__ import annotations

import atexit
import threading
from functools import partial
from typing import TYPE_CHECKING

from lightbox.core import settings
from lightbox.jobs.cluster import connect, start_embedded
from lightbox.jobs.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from lightbox.jobs.cluster import Cluster

_lock = threading.Lock()
_made: list[Engine] = []


def get_engine() -> Engine:
    """This process's engine, made at the first call; workers start and warm up behind it.

    Raises:
        UserFacingError: a setting of the engine is not a positive number.
    """
    with _lock:
        if not _made:
            _made.append(make_engine())
            atexit.register(_made[0].close)
        return _made[0]


def make_engine() -> Engine:
    """A new engine as the settings describe it.

    Raises:
        UserFacingError: see `get_engine`.
    """
    lanes = max(1, int(settings.get_number("LANES"))) if settings.get("LANES") else None
    memory_gb = settings.get_number("WORKER_MEMORY_GB") if settings.get("WORKER_MEMORY_GB") else None
    address = settings.get("SCHEDULER")
    open_cluster: Callable[[], Cluster] = (
        partial(connect, address, lanes=lanes)
        if address
        else partial(start_embedded, lanes=lanes, memory_gb=memory_gb, spare=True)
    )
    return Engine(
        open_cluster,
        max_queue=int(settings.get_number("MAX_QUEUE")),
        cache_bytes=int(settings.get_number("RESULT_CACHE_MB") * 1e6),
    )
