import os
import signal
import time
from contextlib import suppress

import psutil
import pytest

from .conftest import wait_until, work


@pytest.fixture
def started(tmp_path):
    """Reads the process id that a job wrote when it began."""
    path = tmp_path / "started"

    def read():
        wait_until(path.exists)
        wait_until(lambda: path.read_text() != "")
        return int(path.read_text())

    read.path = str(path)
    return read


def test_a_job_whose_worker_is_killed_succeeds_on_a_fresh_one_and_others_go_on(engine, started):
    victim = engine.submit(work("steps", count=20, seconds=0.1, started_path=started.path), "me")
    bystander = engine.submit(work("steps", count=30, seconds=0.1), "other")
    first_process = started()
    os.kill(first_process, signal.SIGKILL)
    assert bystander.wait(20)
    assert bystander.state == "done"
    assert bystander.attempts == 1
    assert victim.wait(20)
    assert (victim.state, victim.result, victim.deaths) == ("done", 20, 1)
    assert started() != first_process


def test_a_job_that_kills_two_workers_is_reported_and_others_go_on(engine):
    poison = engine.submit(work("die"), "me")
    others = [engine.submit(work("steps", count=5, seconds=0.1), "other") for _ in range(6)]
    assert poison.wait(30)
    assert poison.state == "failed"
    assert "ended its worker process twice, probably because memory ran out" in poison.error.message
    assert all(job.wait(30) for job in others)
    assert {job.state for job in others} == {"done"}
    wait_until(lambda: len(engine._cluster.client.scheduler_info()["workers"]) == 2, seconds=15)


def test_bystanders_are_not_blamed_while_a_single_worker_is_left(engine):
    processes = engine._cluster.client.run(os.getpid)
    os.kill(processes.popitem()[1], signal.SIGKILL)
    wait_until(lambda: len(engine._cluster.client.nthreads()) == 1)
    poison = engine.submit(work("die"), "me")
    others = [engine.submit(work("steps", count=2, seconds=0.05), "other") for _ in range(6)]
    assert all(job.wait(60) for job in (poison, *others))
    assert (poison.state, poison.deaths) == ("failed", 2)
    assert [job.state for job in others] == ["done"] * 6
    assert {job.deaths for job in others} == {0}


def test_the_whole_cluster_is_replaced_when_it_is_lost(engine, started):
    job = engine.submit(work("steps", count=20, seconds=0.1, started_path=started.path), "me")
    worker = started()
    engine._cluster.supervisor.kill()
    assert job.wait(90)
    assert (job.state, job.attempts) == ("done", 2)
    assert started() != worker


def test_a_retried_job_that_nobody_wants_any_more_is_stopped_too(engine, started):
    job = engine.submit(work("steps", count=1000, seconds=0.05, started_path=started.path), "me")
    first_process = started()
    os.kill(first_process, signal.SIGKILL)
    wait_until(lambda: started() != first_process, seconds=20)
    engine.release(job, "me")
    wait_until(lambda: engine.status().running == 0, seconds=2)


def test_workers_killed_while_they_start_are_replaced_too(engine):
    supervisor = psutil.Process(engine._cluster.supervisor.pid)
    until = time.monotonic() + 4
    while time.monotonic() < until:
        for child in supervisor.children():
            with suppress(psutil.NoSuchProcess):
                if "spawn_main" in " ".join(child.cmdline()):
                    child.kill()
        time.sleep(0.05)
    job = engine.submit(work("double", value=2), "me")
    assert job.wait(90)
    assert job.result == 4
    wait_until(lambda: len(engine._cluster.client.scheduler_info()["workers"]) == 2, seconds=60)
