from types import MappingProxyType

import numpy as np
import pytest

from lightbox.explainers.base import Attribution, Target
from lightbox.jobs.cache import BYTES_BESIDES_ARRAYS, ResultCache, find_arrays
from lightbox.jobs.job import Job
from lightbox.jobs.request import Work

MAP_BYTES = 224 * 224 * 4


def finished(key, result=None, owners=("someone",)):
    job = Job(Work(key, ""), lambda _: None)
    job.owners |= set(owners)
    job.finish("done", result=np.zeros((224, 224), np.float32) if result is None else result)
    return job


def test_two_hundred_maps_never_weigh_more_than_the_limit():
    cache = ResultCache(10 * (MAP_BYTES + BYTES_BESIDES_ARRAYS))
    for number in range(200):
        cache.put(finished(str(number)))
        assert cache.held_bytes <= cache.limit_bytes
    assert len(cache) == 10
    assert cache.get("199", "someone") is not None
    assert cache.get("189", "someone") is None


def test_the_least_recently_used_goes_first():
    cache = ResultCache(2 * (MAP_BYTES + BYTES_BESIDES_ARRAYS))
    for key in ("a", "b"):
        cache.put(finished(key))
    cache.get("a", "someone")
    cache.put(finished("c"))
    assert [key for key in "abc" if cache.get(key, "someone")] == ["a", "c"]


def test_a_result_heavier_than_the_limit_is_not_held_and_drives_nothing_out():
    cache = ResultCache(MAP_BYTES + BYTES_BESIDES_ARRAYS)
    cache.put(finished("small"))
    cache.put(finished("huge", np.zeros(10_000_000)))
    assert cache.get("small", "someone") is not None
    assert cache.get("huge", "someone") is None


def test_what_nobody_sees_any_more_is_let_go():
    cache = ResultCache(10 * MAP_BYTES)
    cache.put(finished("shared", owners=("first", "second")))
    cache.put(finished("asked for later", owners=("first",)))
    cache.put(finished("first's alone", owners=("first",)))
    assert cache.get("asked for later", "second") is not None
    cache.forget("first")
    assert cache.get("first's alone", "second") is None
    assert len(cache) == 2
    assert cache.held_bytes == 2 * (MAP_BYTES + BYTES_BESIDES_ARRAYS)
    cache.forget("second")
    assert (len(cache), cache.held_bytes, cache.viewers) == (0, 0, set())


def test_the_same_key_put_twice_is_weighed_once():
    cache = ResultCache(10 * MAP_BYTES)
    cache.put(finished("a"))
    cache.put(finished("a"))
    assert cache.held_bytes == MAP_BYTES + BYTES_BESIDES_ARRAYS


@pytest.mark.parametrize(
    "result",
    [
        Attribution(np.zeros(3), "lrp", Target(0), {}, 0.1),
        {"nested": [(np.zeros(3),)]},
        MappingProxyType({"nested": np.zeros(3)}),
    ],
    ids=["dataclass", "containers", "mapping"],
)
def test_arrays_are_found_wherever_a_result_keeps_them(result):
    assert [array.nbytes for array in find_arrays(result)] == [24]
