"""With LIGHTBOX_SCHEDULER the same code runs on a Dask cluster that somebody else started."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from lightbox.core.settings import PROJECT_DIR
from lightbox.imaging.preprocess import prepare
from lightbox.jobs import PredictRequest, make_engine

from .conftest import wait_until, work


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A scheduler and one worker of two threads, as their own command lines start them."""
    folder = tmp_path_factory.mktemp("cluster")
    file = folder / "scheduler.json"
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_DIR), "DASK_LOGGING__DISTRIBUTED": "error"}
    common = ("--scheduler-file", str(file), "--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")
    commands = (
        ("-m", "distributed.cli.dask_scheduler", "--port", "0", *common),
        ("-m", "distributed.cli.dask_worker", "--nthreads", "2", "--local-directory", str(folder), *common),
    )
    processes = []
    try:
        for command in commands:
            processes.append(subprocess.Popen([sys.executable, *command], env=environment, cwd=PROJECT_DIR))
            wait_until(lambda: file.exists() and file.read_text(), seconds=60)  # it is there before it is written
        yield json.loads(file.read_text())["address"]
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="module")
def engine(address):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIGHTBOX_SCHEDULER", address)
        patch.setenv("LIGHTBOX_LANES", "2")
        engine = make_engine()
    wait_until(lambda: engine.status().ready, seconds=60)
    yield engine
    engine.close()


def test_work_runs_on_the_given_cluster_and_starts_no_other(engine):
    assert not engine._cluster.embedded
    job = engine.submit(work("worker_process"), "me")
    assert job.wait(20)
    assert job.result in {info["pid"] for info in engine._cluster.client.run(lambda: {"pid": os.getpid()}).values()}


def test_a_prediction_is_the_same_as_here(engine, checkpoint, pixels):
    from lightbox.networks import get_card, load_network

    card = get_card("brain_mri", "convnet")
    view = prepare(pixels, card.preprocessing)
    job = engine.submit(PredictRequest(card, view), "me")
    assert job.wait(60)
    network = load_network("brain_mri", "convnet")
    here = network.logits(network.to_input(view.pixels))[0]
    np.testing.assert_allclose(job.result.logits, here, rtol=1e-5, atol=1e-6)


def test_a_worker_with_two_threads_still_runs_one_job_at_a_time(engine, tmp_path):
    path = tmp_path / "log"
    jobs = [engine.submit(work("note_begin_and_end", path=str(path)), "me") for _ in range(3)]
    assert all(job.wait(20) for job in jobs)
    assert path.read_text() == "begin end " * 3


def test_a_running_job_is_cancelled_there_too(engine):
    job = engine.submit(work("steps", count=1000, seconds=0.05), "me")
    wait_until(lambda: job.progress > 0)
    engine.release(job, "me")
    wait_until(lambda: engine.status().running == 0, seconds=2)


def test_work_that_another_client_wipes_out_is_done_again(address, engine):
    from distributed import Client

    job = engine.submit(work("steps", count=20, seconds=0.1), "me")
    wait_until(lambda: job.progress > 0)
    with Client(address, set_as_default=False) as other:
        other.restart(timeout=60)
    assert job.wait(60)
    assert (job.state, job.result, job.attempts) == ("done", 20, 2)


def test_closing_the_engine_leaves_the_cluster_alone(address, engine):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIGHTBOX_SCHEDULER", address)
        other = make_engine()
    wait_until(lambda: other.status().ready, seconds=20)
    assert other.status().lanes == 1, "one worker, one lane"
    other.close()
    job = engine.submit(work("double", value=3), "me")
    assert job.wait(20)
    assert job.result == 6


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "tls://127.0.0.1:9"])
def test_a_cluster_that_does_not_answer_is_said_in_words(monkeypatch, caplog, address):
    """Without credentials in Dask's configuration, a tls:// address is a TypeError of Dask's."""
    monkeypatch.setenv("LIGHTBOX_SCHEDULER", address)
    monkeypatch.setattr("lightbox.jobs.cluster.SECONDS_TO_REACH", 1)
    engine = make_engine()
    job = engine.submit(work("double", value=3), "me")
    assert job.wait(20)
    assert "The processes that compute are not available" in job.error.message
    assert f"no Dask cluster with a worker answers at {address}" in caplog.text
    assert engine._keeper.is_alive()
    engine.close()
