"""One worker more than lanes: quick work need not wait for slow work, and a death costs no wait for an import."""

import os
import signal
import threading
import types
from functools import partial

import pytest

from lightbox.jobs import Engine, Work
from lightbox.jobs.cluster import start_embedded
from lightbox.jobs.cost_estimate import Expected
from lightbox.jobs.worker.calls import Outcome
from lightbox.jobs.worker_slots import WorkerSlots

from .conftest import wait_until, work


@pytest.fixture
def make_engine(monkeypatch):
    """Engines whose work ends when it is told to: ``engine.let_end(job)``."""
    ends = {}
    engines = []

    def wait_for_the_end(_cluster, job, _work, **_):
        ends.setdefault(job.key, threading.Event()).wait(20)
        return Outcome("done", 1)

    def make(*, lanes, spares):
        cluster = types.SimpleNamespace(
            client=types.SimpleNamespace(subscribe_topic=lambda *_: None),
            lanes=lanes,
            spares=spares,
            warms_up=False,
            flags=None,
            alive=True,
            embedded=True,
            slots=WorkerSlots(lambda: lanes + spares),
            close=lambda: None,
        )
        engine = Engine(lambda: cluster)
        engine.let_end = lambda job: ends.setdefault(job.key, threading.Event()).set()
        engines.append(engine)
        wait_until(lambda: engine.status().ready)
        return engine

    monkeypatch.setattr("lightbox.jobs.engine.attempt", wait_for_the_end)
    yield make
    for event in ends.values():
        event.set()
    for engine in engines:
        engine.close()


def slow(name):
    return Work(name, "", expected=Expected(quick=False, seconds=60))


def quick(name):
    return Work(name, "", expected=Expected(quick=True, seconds=1))


@pytest.mark.parametrize("kind", [quick, lambda name: Work(name, "", urgent=True)], ids=["a quick map", "a prediction"])
def test_quick_work_starts_at_once_though_slow_work_has_every_lane_and_more_waits(make_engine, kind):
    engine = make_engine(lanes=2, spares=1)
    begun = [engine.submit(slow(name), "a") for name in "12"]
    wait_until(lambda: all(job.state == "running" for job in begun))
    waiting = [engine.submit(slow(name), "a") for name in "34"]
    job = engine.submit(kind("5"), "b")
    wait_until(lambda: job.state == "running", seconds=2)
    engine.let_end(job)
    assert job.wait(2)
    assert [job.state for job in waiting] == ["queued", "queued"], "the place is not theirs"
    engine.let_end(begun[0])
    wait_until(lambda: waiting[0].state == "running", seconds=2)
    assert waiting[1].state == "queued"


def test_slow_work_never_takes_the_place_for_quick_work(make_engine):
    engine = make_engine(lanes=2, spares=1)
    jobs = [engine.submit(slow(str(number)), str(number % 3)) for number in range(6)]
    most = 0
    for job in jobs:
        wait_until(lambda job=job: job.state == "running", seconds=5)
        most = max(most, sum(other.state == "running" for other in jobs))
        engine.let_end(job)
        assert job.wait(5)
    assert most == 2


def test_without_a_spare_quick_work_is_next(make_engine):
    engine = make_engine(lanes=1, spares=0)
    first = engine.submit(slow("1"), "a")
    wait_until(lambda: first.state == "running")
    second, third = engine.submit(slow("2"), "a"), engine.submit(quick("3"), "a")
    assert (third.position, second.position) == (1, 2)
    engine.let_end(first)
    wait_until(lambda: third.state == "running", seconds=2)
    assert second.state == "queued"


def test_a_spare_comes_once_the_others_are_warm_and_steps_in_for_one_that_dies(tmp_path):
    engine = Engine(partial(start_embedded, lanes=1, memory_gb=None, spare=True))
    try:
        wait_until(lambda: engine.status().ready, seconds=60)
        assert engine.status().lanes == 1
        client = engine._cluster.client
        wait_until(lambda: len(client.run(os.getpid)) == 2, seconds=60)
        job = engine.submit(work("steps", count=20, seconds=0.1, started_path=str(tmp_path / "begun")), "me")
        wait_until((tmp_path / "begun").exists)
        wait_until(lambda: job.progress > 0)
        spare = next(
            process for process in client.run(os.getpid).values() if process != int((tmp_path / "begun").read_text())
        )
        os.kill(int((tmp_path / "begun").read_text()), signal.SIGKILL)
        wait_until(lambda: (tmp_path / "begun").read_text() == str(spare), seconds=3)
        assert job.wait(20)
        assert (job.state, job.deaths) == ("done", 1)
    finally:
        engine.close()
