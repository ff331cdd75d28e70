"""What passes between the app, the scheduler and the workers is kept by none of them."""

import time

import numpy as np

from lightbox.core import freed_memory
from lightbox.jobs.cluster import start_embedded
from lightbox.jobs.worker import tidy


def logged(dask_scheduler):
    return [len(comm.recent_message_log) for comm in dask_scheduler.stream_comms.values()]


def test_no_connection_keeps_what_was_sent_through_it():
    cluster = start_embedded(lanes=1, memory_gb=None, warm_up=False)
    try:
        pixels = np.ones((100, 100), dtype=np.float32)
        assert cluster.client.submit(np.sum, pixels).result(timeout=60) == 10_000
        assert len(cluster.client.scheduler_comm.recent_message_log) == 0
        assert set(cluster.client.run_on_scheduler(logged)) == {0}
    finally:
        cluster.close()


def test_what_a_job_leaves_is_overwritten_after_it_and_given_back_once_the_worker_is_idle(monkeypatch):
    done = []
    monkeypatch.setattr(tidy, "IDLE_SECONDS", 0.3)
    monkeypatch.setattr(freed_memory, "give_back", lambda: done.append("given back"))
    monkeypatch.setattr(freed_memory, "overwrite_when_freed", lambda *, wanted=True: done.append(wanted))
    with tidy.job():
        time.sleep(0.4)
        assert done == [False], "a network frees the same memory in every layer: nothing is overwritten meanwhile"
    with tidy.job():
        assert done == [False, True, False]
        time.sleep(0.4)
        assert "given back" not in done
    time.sleep(0.8)
    assert done == [False, True, False, True, "given back"]
