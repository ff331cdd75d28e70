"""How long workers have been starting is told until the last lane's worker is warm."""

import types

import pytest

from lightbox.jobs.cluster_start import Start
from lightbox.jobs.cancel_flags import Wishes, count_warm, note_warm


@pytest.fixture
def wishes():
    wishes = Wishes()
    yield wishes
    wishes.close()


def test_a_start_lasts_until_every_lane_has_said_that_it_is_warm(wishes):
    start = Start()
    assert start.seconds >= 0
    start.watch(types.SimpleNamespace(lanes=2, warms_up=True, wishes=wishes))
    note_warm(wishes.path, 0)
    note_warm(wishes.path, 0)
    assert start.seconds is not None, "the same worker twice"
    assert count_warm(wishes.path) == 1
    note_warm(wishes.path, 1)
    assert start.seconds is None
    wishes.close()
    assert start.seconds is None, "it does not begin again where the cluster ends"


def test_workers_that_others_started_are_taken_as_they_are():
    start = Start()
    start.watch(types.SimpleNamespace(lanes=2, warms_up=False, wishes=None))
    assert start.seconds is None


def test_a_worker_that_is_warm_after_the_engine_has_ended_says_it_to_nobody(wishes):
    wishes.close()
    note_warm(wishes.path, 0)
    assert count_warm(wishes.path) == 0
