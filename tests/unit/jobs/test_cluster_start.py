"""How long workers have been starting is told until the last lane's worker is warm."""

import types

import pytest

from lightbox.jobs.cancel_flags import CancelFlags, count_warm, note_warm
from lightbox.jobs.cluster_start import Start


@pytest.fixture
def flags():
    flags = CancelFlags()
    yield flags
    flags.close()


def test_a_start_lasts_until_every_lane_has_said_that_it_is_warm(flags):
    start = Start()
    assert start.seconds >= 0
    start.watch(types.SimpleNamespace(lanes=2, warms_up=True, flags=flags))
    note_warm(flags.path, 0)
    note_warm(flags.path, 0)
    assert start.seconds is not None, "the same worker twice"
    assert count_warm(flags.path) == 1
    note_warm(flags.path, 1)
    assert start.seconds is None
    flags.close()
    assert start.seconds is None, "it does not begin again where the cluster ends"


def test_workers_that_others_started_are_taken_as_they_are():
    start = Start()
    start.watch(types.SimpleNamespace(lanes=2, warms_up=False, flags=None))
    assert start.seconds is None


def test_a_worker_that_is_warm_after_the_engine_has_ended_says_it_to_nobody(flags):
    flags.close()
    note_warm(flags.path, 0)
    assert count_warm(flags.path) == 0
