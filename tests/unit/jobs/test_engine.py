import os
import time

import numpy as np
import psutil
import pytest

from lightbox.core.errors import UserFacingError

from .conftest import wait_until, work


def occupy(engine, owner="busy"):
    """Two long jobs on the two lanes; returns them once both run."""
    jobs = [engine.submit(work("steps", count=1000, seconds=0.05), owner) for _ in range(2)]
    wait_until(lambda: all(job.state == "running" for job in jobs))
    return jobs


@pytest.fixture(autouse=True)
def leave_the_lanes_free(engine):
    yield
    for owner in ("busy", "me", "other", "third"):
        engine.release_owner(owner)
    wait_until(lambda: engine.status().running == 0)


def test_a_job_runs_in_another_process_and_its_result_comes_back(engine):
    job = engine.submit(work("worker_process"), "me")
    assert job.wait(10)
    assert job.state == "done"
    assert job.progress == 1.0
    assert job.result != os.getpid()


def test_equal_jobs_of_several_owners_are_computed_once(engine, tmp_path):
    task = work("count_calls", path=str(tmp_path / "calls"))
    jobs = [engine.submit(task, owner) for owner in ("me", "other", "third") for _ in range(3)]
    assert all(job.wait(10) for job in jobs)
    assert engine.submit(task, "late").state == "done"
    assert (tmp_path / "calls").read_text() == "x"


def test_shared_results_cannot_be_written_to(engine):
    job = engine.submit(work("array", size=4), "me")
    assert job.wait(10)
    with pytest.raises(ValueError, match="read-only"):
        job.result[0] = 1
    assert np.array_equal(job.result, np.ones(4))


def test_progress_rises_and_tells_the_time_left(engine):
    job = engine.submit(work("steps", count=20, seconds=0.1), "me")
    seen = []
    while not job.wait(0.05):
        seen.append((job.progress, job.seconds_left))
    fractions = [fraction for fraction, _ in seen]
    assert fractions == sorted(fractions)
    assert len(set(fractions)) >= 5
    left = [seconds for fraction, seconds in seen if 0.4 < fraction < 0.6]
    assert left
    assert all(0.5 < seconds < 2.5 for seconds in left)


def test_a_cancelled_job_stops_within_two_seconds_and_frees_its_lane(engine):
    job, other = occupy(engine)
    begun_at = time.monotonic()
    engine.release(job, "busy")
    assert job.state == "cancelled"
    wait_until(lambda: engine.status().running == 1, seconds=2)
    following = engine.submit(work("double", value=4), "me")
    assert following.wait(2)
    assert following.result == 8
    assert time.monotonic() - begun_at < 2
    assert other.state == "running"


def test_a_job_that_never_reports_is_stopped_with_its_process(engine, monkeypatch):
    monkeypatch.setattr("lightbox.jobs.attempt.HARD_STOP_SECONDS", 1.0)
    job = engine.submit(work("deaf", seconds=300), "me")
    wait_until(lambda: job.state == "running")
    time.sleep(0.3)
    engine.release(job, "me")
    wait_until(lambda: engine.status().running == 0, seconds=8)
    both = [engine.submit(work("double", value=value), "me") for value in (1, 2)]
    assert all(job.wait(10) for job in both)


def test_a_queued_job_that_nobody_wants_never_runs(engine, tmp_path):
    occupy(engine)
    job = engine.submit(work("count_calls", path=str(tmp_path / "calls")), "me")
    assert (job.state, job.position) == ("queued", 1)
    engine.release(job, "me")
    assert (job.state, job.position, engine.status().queued) == ("cancelled", None, 0)
    engine.release_owner("busy")
    assert engine.submit(work("double", value=1), "me").wait(10)
    assert not (tmp_path / "calls").exists()


def test_a_job_goes_on_while_one_owner_still_wants_it(engine):
    task = work("steps", count=10, seconds=0.05)
    job = engine.submit(task, "me")
    assert engine.submit(task, "other") is job
    engine.release(job, "me")
    assert job.wait(10)
    assert job.state == "done"


def test_what_was_cancelled_can_be_asked_for_again_at_once(engine):
    task = work("steps", count=10, seconds=0.05)
    first = engine.submit(task, "me")
    engine.release(first, "me")
    second = engine.submit(task, "me")
    assert second.wait(10)
    assert (first.state, second.state) == ("cancelled", "done")


def test_a_long_list_does_not_starve_a_single_map(engine, tmp_path):
    occupied = occupy(engine)
    greedy = [engine.submit(work("steps", count=2, seconds=0.05), "me") for _ in range(20)]
    modest = engine.submit(work("double", value=1), "other")
    assert modest.position == 2
    for job in occupied:
        engine.release(job, "busy")
    assert modest.wait(10)
    assert sum(job.ended for job in greedy) <= 4


def test_an_urgent_job_is_next_also_while_a_worker_is_being_started(engine):
    slots = engine._cluster.slots
    assert slots.take(), "as if one of the two workers were not there"
    try:
        first = engine.submit(work("steps", count=10, seconds=0.05), "me")
        wait_until(lambda: first.state == "running")
        batch = [engine.submit(work("steps", count=1, seconds=0.05), "me") for _ in range(20)]
        urgent = engine.submit(work("double", value=1, urgent=True), "me")
        time.sleep(0.3)
        assert (urgent.state, urgent.position, urgent.attempts) == ("queued", 1, 0)
        assert urgent.wait(20)
        assert sum(job.ended for job in batch) <= 1
    finally:
        slots.give_back()


def test_an_unexpected_error_is_a_reference_and_no_detail(engine, caplog):
    job = engine.submit(work("fail"), "me")
    assert job.wait(10)
    assert job.state == "failed"
    assert "marker-4711" not in str(job.error)
    reference = job.error.message.split("reference ")[1].rstrip(").")
    assert reference in caplog.text
    assert "marker-4711" in caplog.text


def test_an_error_written_for_users_reaches_them_word_for_word(engine):
    job = engine.submit(work("refuse"), "me")
    assert job.wait(10)
    assert (job.error.message, job.error.hint) == ("It is too dark.", "Switch the light on.")


def test_a_failed_job_is_not_tried_again_until_it_is_released(engine):
    task = work("refuse")
    job = engine.submit(task, "me")
    assert job.wait(10)
    assert engine.submit(task, "me") is job
    engine.release(job, "me")
    again = engine.submit(task, "me")
    assert again is not job
    assert again.wait(10)


def test_an_owner_whose_tab_is_closed_is_released(engine):
    present = {"busy", "me"}
    engine.watch_owners(present.__contains__)
    try:
        jobs = occupy(engine)
        staying = engine.submit(work("double", value=1), "me")
        present.discard("busy")
        wait_until(lambda: all(job.state == "cancelled" for job in jobs), seconds=2)
        assert staying.wait(5)
        assert staying.state == "done"
    finally:
        engine.watch_owners(lambda _: True)


def test_results_are_forgotten_with_the_last_visitor_who_saw_them(engine, monkeypatch):
    monkeypatch.setattr("lightbox.jobs.owner_presence.SECONDS_KEPT_AFTER_LEAVING", 0.5)
    present = {"me", "other"}
    engine.watch_owners(present.__contains__)
    try:
        alone, shared = work("double", value=71), work("double", value=72)
        for task, owner in ((alone, "me"), (shared, "me"), (shared, "other")):
            assert engine.submit(task, owner).wait(10)
        present.discard("me")
        wait_until(lambda: alone.key not in engine._cache._held, seconds=4)
        assert shared.key in engine._cache._held
    finally:
        engine.watch_owners(lambda _: True)


def test_a_page_loaded_again_finds_what_it_had_seen(engine):
    present = {"me"}
    engine.watch_owners(present.__contains__)
    try:
        task = work("double", value=73)
        first = engine.submit(task, "me")
        assert first.wait(10)
        present.clear()
        time.sleep(1.2)
        present.add("other")
        assert engine.submit(task, "other") is first
    finally:
        engine.watch_owners(lambda _: True)


def test_an_owner_who_falls_silent_is_released(engine, monkeypatch):
    monkeypatch.setattr("lightbox.jobs.owner_presence.LEASE_SECONDS", 1.0)
    job, _ = occupy(engine)
    kept = engine.submit(work("steps", count=1000, seconds=0.05), "me")
    engine.touch("busy")
    engine.touch("me")
    for _ in range(8):
        time.sleep(0.25)
        engine.touch("me")
    assert job.state == "cancelled"
    assert kept.state == "running"


def test_a_full_queue_refuses_with_the_expected_wait(engine, monkeypatch):
    monkeypatch.setattr(engine, "_max_queue", 4)
    jobs = occupy(engine)
    for owner in ("me", "me", "other", "other"):
        engine.submit(work("double", value=1), owner)
    with pytest.raises(UserFacingError, match=r"The queue is full: 4 computations wait.* start in about \d+ (s|min)\."):
        engine.submit(work("double", value=1), "third")
    assert engine.submit(work("double", value=1, key=jobs[0].key), "third") is jobs[0]
    engine.release_owner("other")
    with pytest.raises(UserFacingError, match="2 of them yours"):
        engine.submit(work("double", value=1), "me")
    assert engine.submit(work("double", value=1), "third").state == "queued"


def test_the_sockets_of_the_cluster_listen_on_this_machine_only_and_ask_for_a_certificate(engine):
    supervisor = psutil.Process(engine._cluster.supervisor.pid)
    listening = [
        connection.laddr
        for process in (supervisor, *supervisor.children(recursive=True))
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert listening
    assert {address.ip for address in listening} == {"127.0.0.1"}

    from distributed import Client

    address = engine._cluster.client.scheduler.address
    assert address.startswith("tls://127.0.0.1:")
    with pytest.raises((OSError, TypeError, RuntimeError)):
        Client(address.replace("tls://", "tcp://"), timeout=2, set_as_default=False)


def test_a_lane_has_its_share_of_the_cores(engine):
    from dask.system import CPU_COUNT

    job = engine.submit(work("environment_variable", variable="OMP_NUM_THREADS"), "me")
    assert job.wait(10)
    assert int(job.result) == max(1, CPU_COUNT // 2)


def test_workers_have_no_disk_to_put_a_scan_on(engine):
    stores = engine._cluster.client.run(lambda dask_worker: type(dask_worker.data).__name__)
    assert len(stores) == 2
    assert set(stores.values()) == {"dict"}, "a spilling worker has a SpillBuffer"
