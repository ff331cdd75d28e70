"""The engine: takes requests, computes each once in a worker process, hands out the jobs."""

from __future__ import annotations

import threading
import time
import uuid
from collections import deque
from typing import TYPE_CHECKING, Any

from lightbox.core.logs import get_logger, log_unexpected
from lightbox.jobs import refusals
from lightbox.jobs.attempt import attempt
from lightbox.jobs.cache import ResultCache, find_arrays
from lightbox.jobs.cluster import ClusterError
from lightbox.jobs.cluster_start import Start
from lightbox.jobs.fair_queue import FairQueue
from lightbox.jobs.job import Job
from lightbox.jobs.limits import check_room
from lightbox.jobs.owner_presence import Leases
from lightbox.jobs.request import Work
from lightbox.jobs.status import EngineStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from lightbox.jobs.cluster import Cluster
    from lightbox.jobs.request import Request
    from lightbox.jobs.worker.calls import Outcome

TICK_SECONDS = 0.5
ATTEMPTS = 2
DEATHS = 2
SECONDS_BETWEEN_CONNECTIONS = 5.0
RECENT_JOBS = 20
SECONDS_BETWEEN_ASKING = 0.1


class Engine:
    """Queue, lanes and cache of one process. Returns from every method at once; safe from any thread.

    An owner is whoever wants results: a browser session, a batch. A job that no owner wants is cancelled.

    Args:
        open_cluster: starts or reaches the cluster; called in a thread of the engine's, again after a loss.
        max_queue: jobs that may wait; one owner may hold half of the places.
        cache_bytes: limit of the results kept.
    """

    def __init__(
        self, open_cluster: Callable[[], Cluster], *, max_queue: int = 200, cache_bytes: int = 512_000_000
    ) -> None:
        self._open_cluster = open_cluster
        self._max_queue = max_queue
        self._cache = ResultCache(cache_bytes)
        self._queue = FairQueue()
        self._jobs: dict[str, Job] = {}  # queued, running and failed: what somebody still wants
        self._attempts: dict[str, Job] = {}  # by token
        self._leases = Leases()
        self._recent_seconds: deque[float] = deque(maxlen=RECENT_JOBS)
        self._cluster: Cluster | None = None
        self._start = Start()
        self._lanes = 0
        self._servers = 0  # threads, one for each lane and spare
        self._closing = threading.Event()
        self._condition = threading.Condition()
        self._topic = f"lightbox-{uuid.uuid4().hex}"
        self._logger = get_logger("jobs")
        self._keeper = threading.Thread(target=self._keep, name="lightbox-engine", daemon=True)
        self._keeper.start()

    def submit(self, request: Request, owner: str) -> Job:
        """The job that answers a request: a finished one, one under way, or a new one.

        Asking again for what has failed returns the failed job, until its owners have released it.

        Raises:
            UserFacingError: the request cannot be met, or the queue is full.
        """
        work = request if isinstance(request, Work) else request.work()
        with self._condition:
            finished = self._cache.get(work.key, owner)
            if finished is not None:
                return finished
            job = self._jobs.get(work.key)
            if job is None or (job.state == "queued" and owner not in job.owners):
                check_room(
                    waiting=len(self._queue),
                    mine=self._queue.count(owner),
                    most=self._max_queue,
                    recent_seconds=self._recent_seconds,
                    lanes=self._lanes,
                )
            if job is None:
                job = self._jobs[work.key] = Job(work, self._locate)
            job.owners.add(owner)
            if job.state == "queued":
                self._queue.push(owner, job)
                self._condition.notify_all()
            return job

    def release(self, job: Job, owner: str) -> None:
        """An owner no longer wants a job. When nobody does, it leaves the queue, or stops at its next batch."""
        with self._condition:
            job.owners.discard(owner)
            self._queue.discard(owner, job)
            if job.owners or self._jobs.get(job.key) is not job:
                return
            del self._jobs[job.key]
            if not job.ended:
                job.finish("cancelled")

    def release_owner(self, owner: str) -> None:
        """An owner wants nothing any more."""
        with self._condition:
            self._leases.forget(owner)
            for job in [job for job in self._jobs.values() if owner in job.owners]:
                self.release(job, owner)

    def touch(self, owner: str) -> None:
        """An owner is still there. One that has said so and then stays silent for 20 s is released."""
        self._leases.touch(owner)

    def watch_owners(self, is_active: Callable[[str], bool]) -> None:
        """Ask ``is_active`` of each owner of a job, twice a second, and release those who are gone.

        Quicker than `touch`, and it does not depend on the timers of a browser tab in the background:
        ``engine.watch_owners(streamlit.runtime.get_instance().is_active_session)``.
        """
        self._leases.watch(is_active)

    def status(self) -> EngineStatus:
        """How things stand."""
        with self._condition:
            return EngineStatus(
                ready=self._cluster is not None and self._cluster.alive,
                starting_seconds=self._start.seconds,
                lanes=self._lanes,
                queued=len(self._queue),
                running=len(self._attempts),
                cached_results=len(self._cache),
                cached_bytes=self._cache.held_bytes,
            )

    def close(self) -> None:
        """Cancel everything and end the embedded cluster's processes."""
        with self._condition:
            if self._closing.is_set():
                return
            self._closing.set()
            for owner in {owner for job in self._jobs.values() for owner in job.owners}:
                self.release_owner(owner)
            cluster, self._cluster = self._cluster, None
            self._condition.notify_all()
        if cluster is not None:
            cluster.close()
        self._keeper.join(timeout=1)

    def _locate(self, job: Job) -> int | None:
        with self._condition:
            return self._queue.position(job)

    # The keeper's thread: holds the cluster, and looks after the owners.

    def _keep(self) -> None:
        while not self._ending:
            try:
                self._look_after()
            except Exception as error:  # noqa: BLE001  (without a keeper every job would wait for ever)
                if self._ending:
                    return
                self._stumble(error)
            self._closing.wait(TICK_SECONDS)

    @property
    def _ending(self) -> bool:
        """Whether the engine closes, or the interpreter: it then refuses threads and imports, and nobody waits.

        An interpreter that ends calls `close` only after it has begun to refuse.
        """
        return self._closing.is_set() or not threading.main_thread().is_alive()

    def _look_after(self) -> None:
        """One round: a cluster to work on, and nobody served who is gone."""
        if self._cluster is None or not self._cluster.alive:
            self._renew_cluster()
        self._release_absent_owners()
        self._forget_gone_viewers()

    def _stumble(self, error: Exception) -> None:
        """Something nobody planned for: with a cluster, work goes on; without, whoever waits is told."""
        if self.status().ready:
            log_unexpected(self._logger, error)
        else:
            self._fail_queued(error)
        self._closing.wait(SECONDS_BETWEEN_CONNECTIONS)

    def _renew_cluster(self) -> None:
        with self._condition:
            lost, self._cluster = self._cluster, None
        if lost is not None:
            self._logger.error("the cluster was lost; starting again")
            lost.close()
        with self._condition:
            self._start = Start()
        try:
            cluster = self._open_cluster()
        except (ClusterError, OSError, ImportError) as error:
            self._fail_queued(error)
            self._closing.wait(SECONDS_BETWEEN_CONNECTIONS)
            return
        try:
            cluster.client.subscribe_topic(self._topic, self._on_progress)
            self._start.watch(cluster)
        except Exception:
            cluster.close()
            raise
        with self._condition:
            self._cluster = cluster
            for number in range(self._servers, cluster.lanes + cluster.spares):
                threading.Thread(target=self._serve_lane, name=f"lightbox-lane-{number}", daemon=True).start()
            self._servers = max(self._servers, cluster.lanes + cluster.spares)
            self._lanes = max(self._lanes, cluster.lanes)
            self._condition.notify_all()
        if self._closing.is_set():
            cluster.close()

    def _fail_queued(self, error: Exception) -> None:
        if self._ending:
            return
        reference = log_unexpected(self._logger, error)
        shown = refusals.unavailable(reference)
        with self._condition:
            while (job := self._queue.pop()) is not None:
                job.finish("failed", error=shown)

    def _release_absent_owners(self) -> None:
        with self._condition:
            owners = {owner for job in self._jobs.values() for owner in job.owners}
        for owner in self._leases.find_absent(owners):
            self.release_owner(owner)

    def _forget_gone_viewers(self) -> None:
        with self._condition:
            for viewer in self._leases.find_gone(self._cache.viewers):
                self._cache.forget(viewer)

    def _on_progress(self, event: tuple[float, Any]) -> None:
        token, fraction = event[1]
        job = self._attempts.get(token)
        if job is not None:
            job.advance(fraction)

    # The lanes' threads: each sends one job at a time, so queueing and fairness stay ours.

    def _serve_lane(self) -> None:
        while (cluster := self._await_work()) is not None:
            # Before a job is taken out of the queue: while a worker starts, the next one may become more urgent.
            if not cluster.slots.take():
                self._closing.wait(SECONDS_BETWEEN_ASKING)
                continue
            try:
                self._run_next(cluster)
            finally:
                cluster.slots.give_back()

    def _await_work(self) -> Cluster | None:
        """The cluster, once it lives and something may start on it; None where the engine closes."""
        with self._condition:
            while (cluster := self._cluster) is None or not cluster.alive or not self._may_start():
                if self._closing.is_set():
                    return None
                self._condition.wait()
            return cluster

    def _may_start(self) -> bool:
        return self._queue.has_quick or (len(self._queue) > 0 and not self._only_quick())

    def _only_quick(self) -> bool:
        """Whether work that takes long has all the places that it may have; one more place is for quick work."""
        return sum(not job.quick for job in self._attempts.values()) >= self._lanes

    def _run_next(self, cluster: Cluster) -> None:
        with self._condition:
            job = self._queue.pop(quick=self._only_quick()) if cluster is self._cluster else None
            if job is None or job.work is None:
                return
            work, token = job.work, uuid.uuid4().hex
            job.start()
            self._attempts[token] = job
        self._run(cluster, job, work, token)

    def _run(self, cluster: Cluster, job: Job, work: Work, token: str) -> None:
        begun_at = time.monotonic()
        try:
            outcome = attempt(cluster, job, work, token=token, topic=self._topic)
        except ClusterError as error:
            if job.attempts - job.deaths >= ATTEMPTS or not self._requeue(job):
                self._fail(job, error)
        except Exception as error:  # noqa: BLE001  (a lane must outlive whatever one job brings)
            self._fail(job, error)
        else:
            self._recent_seconds.append(time.monotonic() - begun_at)
            self._conclude(cluster, job, outcome)
        finally:
            with self._condition:
                del self._attempts[token]
                self._condition.notify_all()
            if job.state == "cancelled" and job.ended_at is not None and not self._closing.is_set():
                self._logger.info("a lane is free %.2f s after its job was cancelled", time.monotonic() - job.ended_at)

    def _requeue(self, job: Job) -> bool:
        """Try it once more; False where the engine closes."""
        with self._condition:
            if job.ended:
                return True
            if self._closing.is_set():
                return False
            job.wait_again()
            for owner in job.owners:
                self._queue.push(owner, job)
            self._condition.notify_all()
            return True

    def _fail(self, job: Job, error: Exception) -> None:
        reference = log_unexpected(self._logger, error)
        shown = refusals.failed(reference)
        with self._condition:
            if not job.ended:
                job.finish("failed", error=shown)

    def _conclude(self, cluster: Cluster, job: Job, outcome: Outcome) -> None:
        if outcome.kind == "failed":
            self._fail(job, RuntimeError(f"in a worker:\n{outcome.value}"))
            return
        if outcome.kind == "killed":
            job.deaths += 1
            # A cluster that is not ours has its own count of deaths, and has come to its end.
            if cluster.embedded and job.deaths < DEATHS and self._requeue(job):
                return
        with self._condition:
            if job.ended:
                return
            if outcome.kind == "done":
                for array in find_arrays(outcome.value):
                    array.setflags(write=False)
                job.finish("done", result=outcome.value)
                if job.kept:
                    self._cache.put(job)
                self._jobs.pop(job.key, None)
            elif outcome.kind == "refused":
                job.finish("failed", error=outcome.value)
            elif outcome.kind == "killed":
                job.killed = True
                job.finish("failed", error=refusals.killed_twice())
            else:
                self._jobs.pop(job.key, None)
                job.finish("cancelled")
