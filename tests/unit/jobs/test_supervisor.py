import asyncio
import threading

import pytest
from dask.utils import parse_timedelta

from lightbox.jobs import _supervisor


class Nanny:
    def __init__(self, *looks):
        self.looks = list(looks)

    def is_alive(self):
        return self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]


def watch(nannies, monkeypatch, *, seconds):
    """Whether the cluster was ended within so many seconds."""
    monkeypatch.setattr(_supervisor, "SECONDS_BETWEEN_LOOKS", 0.001)
    end = threading.Event()

    async def look():
        try:
            await asyncio.wait_for(_supervisor._end_when_a_nanny_gives_up(nannies, 2, end), seconds)
        except TimeoutError:
            return

    # A thread of its own: browser tests may have left a running loop in this one.
    thread = threading.Thread(target=lambda: asyncio.run(look()))
    thread.start()
    thread.join()
    return end.is_set()


@pytest.mark.parametrize(
    ("nannies", "ended"),
    [
        ({0: Nanny(True), 1: Nanny(True)}, False),
        ({0: Nanny(True), 1: Nanny(False, False, False, True)}, False),
        ({0: Nanny(True), 1: Nanny(False)}, True),
        ({0: Nanny(True)}, True),
    ],
    ids=["all live", "one was started again", "one stays without a process", "one was let go"],
)
def test_a_cluster_that_stays_short_of_a_worker_is_ended_to_be_replaced(nannies, ended, monkeypatch):
    assert watch(nannies, monkeypatch, seconds=0.5) is ended


def test_no_nanny_is_let_go_because_its_worker_died_a_while_ago():
    """Dask's default looks 15 s after a death, and finds whatever worker happens to be starting then lost."""
    wait = _supervisor.make_config(1)["distributed.deploy.lost-worker-timeout"]
    assert parse_timedelta(wait) > 1e8
