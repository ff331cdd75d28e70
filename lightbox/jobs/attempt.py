"""One attempt at one job: sent to a worker, watched, stopped when nobody wants it."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from lightbox.jobs.cluster import ClusterError

if TYPE_CHECKING:
    from distributed import Future

    from lightbox.jobs._worker import Outcome
    from lightbox.jobs.cluster import Cluster
    from lightbox.jobs.job import Job
    from lightbox.jobs.request import Work

TICK_SECONDS = 0.5
HARD_STOP_SECONDS = 5.0
SECONDS_TO_FETCH = 60.0


def attempt(cluster: Cluster, job: Job, work: Work, *, token: str, topic: str) -> Outcome:
    """How the work ended; blocks until it has. The caller has taken one of the cluster's places.

    An outcome of kind "killed" says that the worker died of it; where the cluster is not ours, as many as its
    configuration allows. A cancelled job is asked to stop at its next report of progress; where the cluster is
    ours and five seconds pass, its process is ended.

    Args:
        cluster: where to.
        job: tells whether the work is still wanted; its event ``changed`` wakes this function.
        work: what to do.
        token: names this attempt, new each time.
        topic: where the worker reports its progress.

    Raises:
        ClusterError: the scheduler was lost, or forgot the work though somebody wants it (another client of an existing
            cluster restarted its workers).
    """
    from lightbox.jobs import _worker

    # Lost connections show as OSError; Dask's own "client is closed" as RuntimeError.
    try:
        future = cluster.client.submit(
            _worker.execute, work.call, dict(work.arguments), token, topic, key=f"lightbox-{token}", pure=False
        )
        future.add_done_callback(lambda _: job.changed.set())
        _watch(cluster, job, future, token)
        return _collect(future, job)
    except (OSError, RuntimeError) as error:
        raise ClusterError("the scheduler was lost during a computation") from error


def _watch(cluster: Cluster, job: Job, future: Future, token: str) -> None:
    stop_asked_at: float | None = None
    while not future.done():
        if job.state == "cancelled":
            stop_asked_at = stop_asked_at or time.monotonic()
            _ask_to_stop(cluster, token, insist=time.monotonic() - stop_asked_at > HARD_STOP_SECONDS)
        job.changed.wait(TICK_SECONDS)
        job.changed.clear()
        if not cluster.alive:
            raise ClusterError("the scheduler is gone")


def _ask_to_stop(cluster: Cluster, token: str, *, insist: bool) -> None:
    """Ask every worker, since the attempt may have moved: a retry starts on one that was never asked."""
    from lightbox.jobs import _worker

    if insist and cluster.embedded:
        cluster.client.run(_worker.end_process, token, on_error="ignore")
    else:
        cluster.client.run(_worker.cancel, token, on_error="ignore")


def _collect(future: Future, job: Job) -> Outcome:
    from distributed import CancelledError, KilledWorker

    from lightbox.jobs._worker import Outcome

    try:
        outcome: Any = future.result(timeout=SECONDS_TO_FETCH)
    except KilledWorker:
        return Outcome("killed")
    except CancelledError as error:
        if job.state == "cancelled":
            return Outcome("cancelled")
        raise ClusterError("the scheduler forgot a computation") from error
    else:
        return outcome  # type: ignore[no-any-return]
    finally:
        with suppress(OSError, RuntimeError):
            future.release()
