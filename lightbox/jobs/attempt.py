"""One attempt at one job: sent to a worker, watched, stopped when nobody wants it."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from lightbox.core.logs import get_logger
from lightbox.jobs.cluster import ClusterError

if TYPE_CHECKING:
    from collections.abc import Callable

    from distributed import Future

    from lightbox.jobs.cancel_flags import CancelFlag
    from lightbox.jobs.cluster import Cluster
    from lightbox.jobs.job import Job
    from lightbox.jobs.request import Work
    from lightbox.jobs.worker.calls import Outcome

TICK_SECONDS = 0.5
HARD_STOP_SECONDS = 10.0
SECONDS_TO_FETCH = 60.0
_logger = get_logger("jobs")


def attempt(cluster: Cluster, job: Job, work: Work, *, token: str, topic: str) -> Outcome:
    """How the work ended; blocks until it has. The caller has taken one of the cluster's slots.

    An outcome of kind "killed" says that the worker died of it; where the cluster is not ours, as many as its
    configuration allows. A cancelled job stops at its next operation of torch or report of progress; where the cluster
    is ours and ten seconds pass without one, its process is ended.

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
    from lightbox.jobs.worker import calls

    try:
        flag = None if cluster.flags is None else cluster.flags.add(token)
    except (ValueError, IndexError) as error:
        raise ClusterError("the cluster is ending, or has no place for another attempt") from error
    call = (work.call, dict(work.arguments), token, topic, None if flag is None else flag.address)
    # Lost connections show as OSError; Dask's own "client is closed" as RuntimeError.
    try:
        future = cluster.client.submit(calls.execute, *call, key=f"lightbox-{token}", pure=False)
        future.add_done_callback(lambda _: job.changed.set())
        _watch(cluster, job, future, _make_stop(cluster, token) if flag is None else _make_own_stop(flag))
        outcome = _collect(future, job)
        if outcome.kind == "cancelled" and job.state != "cancelled":
            raise ClusterError("a worker took wanted work for unwanted")
    except (OSError, RuntimeError) as error:
        raise ClusterError("the scheduler was lost during a computation") from error
    else:
        return outcome
    finally:
        if flag is not None:
            flag.give_back()


def _watch(cluster: Cluster, job: Job, future: Future, stop: Callable[[], None]) -> None:
    while not future.done():
        if job.state == "cancelled":
            stop()
        job.changed.wait(TICK_SECONDS)
        job.changed.clear()
        if not cluster.alive:
            raise ClusterError("the scheduler is gone")


def _make_own_stop(flag: CancelFlag) -> Callable[[], None]:
    """Stops an attempt on the embedded cluster; called again and again, it insists."""
    asked_at: float | None = None

    def stop() -> None:
        nonlocal asked_at
        if asked_at is None:
            asked_at = time.monotonic()
            flag.withdraw()
        elif time.monotonic() - asked_at > HARD_STOP_SECONDS and flag.end_process():
            asked_at = time.monotonic()
            _logger.info("a worker that did not stop within %g s was ended; a fresh one starts", HARD_STOP_SECONDS)

    return stop


def _make_stop(cluster: Cluster, token: str) -> Callable[[], None]:
    """Asks every worker of an existing cluster, since the attempt may have moved: a retry was never asked."""
    from lightbox.jobs.worker import calls

    return lambda: cluster.client.run(calls.cancel, token, on_error="ignore") and None


def _collect(future: Future, job: Job) -> Outcome:
    from distributed import CancelledError, KilledWorker

    from lightbox.jobs.worker.calls import Outcome

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
