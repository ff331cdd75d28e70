"""The start of a cluster: how long it has been going on, until its workers are warm."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lightbox.jobs.cluster import Cluster


class Start:
    """One start, from its begin. Safe from any thread."""

    def __init__(self) -> None:
        self._begun_at = time.monotonic()
        self._cluster: Cluster | None = None
        self._over = False

    def watch(self, cluster: Cluster) -> None:
        """The processes are there. A cluster of others' is taken as warm."""
        self._cluster = cluster
        self._over = not cluster.warms_up

    @property
    def seconds(self) -> float | None:
        """Since it began; None once every lane's worker has been warm."""
        cluster = self._cluster
        if cluster is not None and cluster.flags is not None and cluster.flags.warm >= cluster.lanes:
            self._over = True
        return None if self._over else time.monotonic() - self._begun_at
