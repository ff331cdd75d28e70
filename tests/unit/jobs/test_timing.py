"""How long a network takes for a scan."""

from lightbox.jobs.request import timing_work
from lightbox.jobs.worker import held_networks, timing
from lightbox.networks import get_card


def test_a_network_is_timed_by_the_median_of_passes_after_a_warm_up(monkeypatch):
    clock = iter([0, 100, 0, 100, *(value for seconds in (5, 1, 2, 9, 3, 4, 8, 7, 6) for value in (0, seconds))])
    monkeypatch.setattr(held_networks, "device", lambda _worker=None: __import__("torch").device("cpu"))
    monkeypatch.setattr(timing.time, "perf_counter", lambda: next(clock))
    seen = []
    found = timing.time_network(progress=seen.append, **timing_work(get_card("chest_xray", "convnet")).arguments)
    assert (found.seconds, found.repeats, found.device) == (5, 9, "cpu")
    assert found.threads >= 1
    assert seen == sorted(seen)


def test_another_checkpoint_is_another_question():
    assert timing_work(get_card("chest_xray", "convnet")).key != timing_work(get_card("brain_mri", "convnet")).key
