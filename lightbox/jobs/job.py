"""One computation as those who wait for it see it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Literal

from lightbox.jobs.request import Work

if TYPE_CHECKING:
    from collections.abc import Callable

    from lightbox.core.errors import UserFacingError

State = Literal["queued", "running", "done", "failed", "cancelled"]
ENOUGH_TO_EXTRAPOLATE = 0.02


class Job:
    """A computation and its state, shared by every owner who asked for it.

    Only the engine changes it; anyone may read it at any time.

    Args:
        work: what to compute; dropped once the job has ended, with the pixels in it.
        locate: its place in the queue, from 1, None where it does not wait.

    Attributes:
        key: sha256 of all that the result depends on.
        state: "queued", "running", "done", "failed" or "cancelled".
        progress: 0 to 1, never falling.
        result: what the worker returned, once ``state`` is "done". Arrays in it are read-only: others share them.
        error: why there is no result, once ``state`` is "failed".
        owners: who wants it. Nobody left means cancel.
        attempts: how often it was sent to the cluster.
        deaths: how many worker processes died of it.
        killed: whether it failed because of that.
        ended_at: on the monotonic clock; None before.
    """

    def __init__(self, work: Work, locate: Callable[[Job], int | None]) -> None:
        self.key = work.key
        self.urgent = work.urgent
        self.kept = work.kept
        self.expected = work.expected
        self.state: State = "queued"
        self.progress = 0.0
        self.result: Any = None
        self.error: UserFacingError | None = None
        self.owners: set[str] = set()
        self.work: Work | None = work
        self.attempts = 0
        self.deaths = 0
        self.killed = False
        self.ended_at: float | None = None
        self.changed = threading.Event()  # wakes the lane that runs it
        self._locate = locate
        self._ended = threading.Event()
        self._begun_at: float | None = None

    @classmethod
    def refused(cls, key: str, error: UserFacingError) -> Job:
        """A job that never was one: it has failed with ``error``, and no queue knows it."""
        job = cls(Work(key, ""), lambda _job: None)
        job.finish("failed", error=error)
        return job

    @property
    def position(self) -> int | None:
        """Place in the queue, from 1; None where it does not wait."""
        return self._locate(self) if self.state == "queued" else None

    @property
    def quick(self) -> bool:
        """Whether somebody may stand and wait for it."""
        return self.urgent or self.expected.quick

    @property
    def ended(self) -> bool:
        """Whether it is done, failed or cancelled."""
        return self._ended.is_set()

    @property
    def seconds_left(self) -> float | None:
        """Estimate from the pace so far; None where nothing can be said yet."""
        if self.state != "running" or self._begun_at is None or self.progress < ENOUGH_TO_EXTRAPOLATE:
            return None
        return (time.monotonic() - self._begun_at) * (1 - self.progress) / self.progress

    def wait(self, timeout: float | None = None) -> bool:
        """Block until the job has ended, for at most ``timeout`` seconds; whether it has."""
        return self._ended.wait(timeout)

    def start(self) -> None:
        """A lane took it."""
        self.state = "running"
        self.attempts += 1

    def advance(self, fraction: float) -> None:
        """The worker got this far. The first report, 0, starts the clock: the wait for a warm worker is not counted."""
        if self._begun_at is None:
            self._begun_at = time.monotonic()
        self.progress = max(self.progress, min(1.0, fraction))

    def wait_again(self) -> None:
        """Its worker or cluster was lost: back into the queue."""
        self.state = "queued"
        self.progress = 0.0
        self._begun_at = None

    def finish(self, state: State, *, result: Any = None, error: UserFacingError | None = None) -> None:
        """It has ended. The state is set last, so that who reads it finds the rest in place."""
        self.result = result
        self.error = error
        self.work = None
        self.ended_at = time.monotonic()
        if state == "done":
            self.progress = 1.0
        self.state = state
        self._ended.set()
        self.changed.set()
