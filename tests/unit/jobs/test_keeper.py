"""The thread that holds the cluster outlives whatever happens in it."""

import threading
import types

import pytest

from lightbox.jobs import Engine
from lightbox.jobs.worker.calls import Outcome
from lightbox.jobs.worker_slots import WorkerSlots

from .conftest import wait_until, work


@pytest.fixture(autouse=True)
def do_nothing_quickly(monkeypatch):
    monkeypatch.setattr("lightbox.jobs.engine.SECONDS_BETWEEN_CONNECTIONS", 0.05)
    monkeypatch.setattr("lightbox.jobs.engine.TICK_SECONDS", 0.05)
    monkeypatch.setattr("lightbox.jobs.engine.attempt", lambda *_, **__: Outcome("done", 1))


def make_cluster(*, subscribe=lambda *_: None):
    """A cluster of one lane that nothing runs on."""
    closed = []
    client = types.SimpleNamespace(subscribe_topic=subscribe)
    return types.SimpleNamespace(
        client=client,
        lanes=1,
        spares=0,
        warms_up=False,
        flags=None,
        alive=True,
        embedded=False,
        slots=WorkerSlots(lambda: 1),
        closed=closed,
        close=lambda: closed.append(True),
    )


def raise_key_error(*_):
    raise KeyError("nobody planned for this")


def test_a_cluster_that_fails_in_an_unforeseen_way_is_reported_and_tried_again():
    broken, sound, submitted = make_cluster(subscribe=raise_key_error), make_cluster(), threading.Event()
    turns = [lambda: submitted.wait(5) and raise_key_error(), lambda: broken]
    engine = Engine(lambda: turns.pop(0)() if turns else sound)
    job = engine.submit(work("double", value=1), "me")
    submitted.set()
    assert job.wait(10)
    assert "The processes that compute are not available" in job.error.message
    wait_until(lambda: engine.status().ready)
    again = engine.submit(work("double", value=1), "me")
    assert again.wait(10)
    assert again.state == "done"
    assert broken.closed
    engine.close()


def test_a_fault_in_looking_after_the_owners_fails_no_job(caplog):
    engine = Engine(make_cluster)
    wait_until(lambda: engine.status().ready)
    engine.watch_owners(raise_key_error)
    first = engine.submit(work("double", value=1), "me")
    wait_until(lambda: "nobody planned for this" in caplog.text)
    second = engine.submit(work("double", value=2), "me")
    assert first.wait(10)
    assert second.wait(10)
    assert (first.state, second.state) == ("done", "done")
    engine.close()
