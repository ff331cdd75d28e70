import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightbox.explainers import METHODS
from lightbox.jobs.cost_estimate import of_map
from lightbox.jobs.fair_queue import FairQueue
from lightbox.jobs.job import Job
from lightbox.jobs.request import Work
from lightbox.networks import NETWORKS


def make_job(key, *, urgent=False):
    return Job(Work(key, "", urgent=urgent), lambda _: None)


def drain(queue):
    return [job.key for job in iter(queue.pop, None)]


def test_one_map_waits_for_one_and_not_for_the_other_owners_twenty():
    queue = FairQueue()
    for number in range(20):
        queue.push("greedy", make_job(f"greedy{number}"))
    queue.push("modest", make_job("modest"))
    assert drain(queue)[:3] == ["greedy0", "modest", "greedy1"]


def test_owners_who_come_while_others_are_served_take_their_turn():
    queue = FairQueue()
    for number in range(4):
        queue.push("first", make_job(f"first{number}"))
    assert queue.pop().key == "first0"
    queue.push("second", make_job("second0"))
    assert drain(queue) == ["first1", "second0", "first2", "first3"]


def test_a_prediction_goes_before_the_same_owners_maps_but_not_before_anothers_turn():
    queue = FairQueue()
    queue.push("a", make_job("a-map"))
    queue.push("b", make_job("b-map"))
    queue.push("b", make_job("b-prediction", urgent=True))
    assert drain(queue) == ["a-map", "b-prediction", "b-map"]


def test_a_shared_job_leaves_every_line_at_once():
    queue, shared = FairQueue(), make_job("shared")
    queue.push("a", shared)
    queue.push("b", shared)
    assert len(queue) == 1
    assert drain(queue) == ["shared"]
    assert len(queue) == 0


def test_a_shared_job_stays_for_the_owner_who_still_wants_it():
    queue, shared = FairQueue(), make_job("shared")
    queue.push("a", shared)
    queue.push("b", shared)
    queue.discard("a", shared)
    assert (queue.count("a"), queue.count("b"), len(queue)) == (0, 1, 1)
    assert drain(queue) == ["shared"]


def test_a_replaced_job_does_not_take_its_successor_out_of_the_line():
    queue, old, new = FairQueue(), make_job("same"), make_job("same")
    queue.push("a", new)
    queue.discard("a", old)
    assert queue.pop() is new


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 8)), max_size=30))
def test_positions_are_the_order_in_which_jobs_start(pushes):
    queue, jobs = FairQueue(), {}
    for owner, number in pushes:
        job = jobs.setdefault(number, make_job(str(number), urgent=number % 3 == 0))
        queue.push(owner, job)
    places = {job.key: queue.position(job) for job in jobs.values()}
    order = drain(queue)
    assert places == {key: place for place, key in enumerate(order, start=1)}
    assert len(order) == len(jobs)
    assert all(queue.position(job) is None for job in jobs.values())


def make_map(method, network):
    return Job(Work(f"{network}, {method}", "", expected=of_map(method, network)), lambda _: None)


def test_quick_maps_of_every_network_come_before_slow_maps_of_any():
    queue = FairQueue()
    for network in ("resnet50", "vgg16", "convnet"):
        for method in METHODS:
            queue.push("me", make_map(method, network))
    queue.push("me", make_job("prediction", urgent=True))
    order = drain(queue)
    assert order[0] == "prediction"
    quick = [name for name, spec in METHODS.items() if spec.cost == "fast"]
    assert set(order[1:10]) == {f"{network}, {name}" for network in NETWORKS for name in quick}
    assert order[10:] == [
        "convnet, integrated_gradients",
        "convnet, lime",
        "resnet50, integrated_gradients",
        "vgg16, integrated_gradients",
        "resnet50, lime",
        "vgg16, lime",
    ]


def test_quick_maps_do_not_take_another_owners_turn():
    queue = FairQueue()
    queue.push("a", make_map("lime", "vgg16"))
    for method in ("lrp", "grad_cam"):
        queue.push("b", make_map(method, "convnet"))
    assert drain(queue) == ["vgg16, lime", "convnet, lrp", "convnet, grad_cam"]


def test_the_place_for_quick_work_is_offered_to_those_who_have_some_and_costs_the_others_no_turn():
    queue = FairQueue()
    for name in ("a0", "a1"):
        queue.push("a", make_job(name))
    assert not queue.has_quick
    assert queue.pop(quick=True) is None
    queue.push("b", make_job("b0"))
    queue.push("b", make_map("lrp", "convnet"))
    assert queue.has_quick
    assert queue.pop(quick=True).key == "convnet, lrp"
    assert drain(queue) == ["a0", "b0", "a1"]


@pytest.mark.parametrize("network", NETWORKS)
def test_every_network_says_how_long_a_pass_takes(network):
    assert 0 < NETWORKS[network].pass_seconds < 1, "the default says that nobody has measured"
