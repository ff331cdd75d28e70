"""How an engine stands, in figures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """Figures for a health page.

    Args:
        ready: whether work can be sent to workers now.
        starting_seconds: since the start of the workers began, while they import what they need; None once they are
            warm, and on a cluster that others started as soon as it is reached.
        lanes: jobs that may run at once; 0 before the first connection.
        queued: jobs that wait.
        running: jobs that run, cancelled ones that have not stopped yet included.
        cached_results: finished jobs held.
        cached_bytes: their arrays' weight.
    """

    ready: bool
    starting_seconds: float | None
    lanes: int
    queued: int
    running: int
    cached_results: int
    cached_bytes: int
