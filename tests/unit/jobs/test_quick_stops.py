"""Whatever is switched off, however often: lanes are free soon, no process is ended, and the log stays quiet."""

import logging
import os
import random
from dataclasses import replace

import numpy as np
import pytest

from lightbox.explainers import Target
from lightbox.imaging.preprocess import prepare
from lightbox.jobs import ExplainRequest, PredictRequest
from lightbox.networks import get_card

from .conftest import wait_until, work

SLOW = {"lime": {"samples": 4096}, "integrated_gradients": {"steps": 512}}


@pytest.fixture
def card(checkpoint):
    return get_card("brain_mri", "convnet")


@pytest.fixture
def view(card, pixels):
    return prepare(pixels, card.preprocessing)


@pytest.fixture
def quiet(engine, caplog, capfd):
    """Fails where anything above INFO was logged here, or anything at all by the cluster's processes."""
    caplog.set_level(logging.INFO)
    yield
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []
    assert capfd.readouterr().err == ""


def find_workers(engine):
    return set(engine._cluster.client.run(os.getpid).values())


def test_a_network_in_the_middle_of_a_pass_stops_within_a_second_and_its_process_goes_on(engine, card, tmp_path, quiet):
    before = find_workers(engine)
    job = engine.submit(work("pass_for_ever", card=card, started_path=str(tmp_path / "begun")), "me")
    wait_until((tmp_path / "begun").exists, seconds=60)
    engine.release(job, "me")
    wait_until(lambda: engine.status().running == 0, seconds=1)
    assert find_workers(engine) == before


def test_twenty_switches_on_and_off_leave_free_lanes_the_same_processes_and_the_same_maps(engine, card, view, quiet):
    alone = engine.submit(ExplainRequest(card, view, "integrated_gradients", Target(2)), "other")
    assert alone.wait(60)
    before, chance = find_workers(engine), random.Random(5)
    for turn in range(20):
        method = ("lime", "integrated_gradients")[turn % 2]
        # Another scan each time, as if somebody turned pages.
        scan = replace(view, pixels=np.roll(view.pixels, turn, axis=0))
        jobs = [
            engine.submit(ExplainRequest(card, scan, name, Target(turn % 4), SLOW.get(name, {})), "me")
            for name in (method, "lrp", "grad_cam")
        ]
        jobs[0].wait(chance.uniform(0, 0.4))
        engine.release_owner("me")
        wait_until(lambda: engine.status().running == 0, seconds=1)
    assert find_workers(engine) == before
    engine.release_owner("other")
    engine._cache.forget("other")
    again = engine.submit(ExplainRequest(card, view, "integrated_gradients", Target(2)), "me")
    assert again.wait(60)
    assert again is not alone
    assert np.array_equal(again.result.values, alone.result.values)


def test_an_owner_who_comes_and_goes_within_the_same_second_leaves_nothing(engine, card, pixels, view, quiet):
    for turn in range(5):
        engine.submit(PredictRequest(card, prepare(np.roll(pixels, turn, axis=1), card.preprocessing)), "me")
        engine.submit(ExplainRequest(card, view, "lime", Target(turn % 4), SLOW["lime"]), "me")
        engine.release_owner("me")
    wait_until(lambda: engine.status().running == 0, seconds=2)
    assert engine.status().queued == 0


def test_a_process_that_is_ended_as_the_last_resort_is_no_error_in_the_log(engine, monkeypatch, quiet):
    monkeypatch.setattr("lightbox.jobs.attempt.HARD_STOP_SECONDS", 0.5)
    before = find_workers(engine)
    job = engine.submit(work("deaf", seconds=300), "me")
    wait_until(lambda: job.progress == 0 and job._begun_at is not None)
    engine.release(job, "me")
    wait_until(lambda: engine.status().running == 0, seconds=8)
    wait_until(lambda: len(find_workers(engine)) == 2, seconds=30)
    assert len(before & find_workers(engine)) == 1


def test_a_stop_of_which_a_library_makes_another_error_is_no_error_in_the_log(engine, quiet):
    job = engine.submit(work("wrap_errors"), "me")
    wait_until(lambda: job.progress > 0)
    engine.release(job, "me")
    wait_until(lambda: engine.status().running == 0, seconds=1)
