"""A job that nobody wants any more stops in the middle of a pass, and leaves nothing behind."""

import threading

import numpy as np
import pytest
import torch

from lightbox.explainers import METHODS, Target, run
from lightbox.jobs.worker import held_networks, stop
from lightbox.jobs.worker.stop import Cancelled, between_operations, heeding
from lightbox.networks import get_card
from tests.networks_for_tests import grey_scan, random_network

FEW = {"lime": {"samples": 64, "superpixels": 8}, "integrated_gradients": {"steps": 8, "until_complete": False}}
SIZE = 64


class Patience:
    """Wants the job for so many questions; counts them."""

    def __init__(self, questions=10**9):
        self.left, self.asked = questions, 0

    def is_wanted(self):
        self.asked += 1
        self.left -= 1
        return self.left >= 0


def explain(method, network, patience=None):
    """The map; with ``patience`` as a worker computes it, and never reporting."""
    x = grey_scan(network)
    if patience is None:
        return run(method, network, x, Target(1), **FEW.get(method, {}))
    with heeding(patience.is_wanted), between_operations():
        return run(method, network, x, Target(1), **FEW.get(method, {}))


@pytest.mark.parametrize(
    ("key", "method"),
    [*(("convnet", method) for method in METHODS), ("resnet50", "lrp"), ("resnet50", "grad_cam")],
)
def test_a_map_that_is_watched_is_the_same_to_the_last_bit(key, method):
    network = random_network(key, SIZE)
    patience = Patience()
    watched = explain(method, network, patience)
    assert np.array_equal(watched.values, explain(method, network).values)
    layers = sum(1 for _ in network.module.modules())
    assert patience.asked > 2 * layers, "at least once at each layer on the way there, and once on the way back"


@pytest.mark.parametrize("method", METHODS)
def test_wherever_a_map_is_stopped_the_next_one_in_that_process_is_the_same_to_the_last_bit(method, checkpoint):
    card = get_card("brain_mri", "convnet")

    def in_a_worker(patience):
        with heeding(patience.is_wanted), held_networks.borrow(card) as network:
            return run(method, network, grey_scan(network), Target(1), **FEW.get(method, {}))

    in_a_worker(Patience())  # loads the network, which is not to be counted
    whole = Patience()
    expected = in_a_worker(whole).values
    for questions in np.linspace(0, whole.asked - 1, 9).astype(int):
        with pytest.raises(Cancelled):
            in_a_worker(Patience(questions))
        assert not torch.is_autocast_enabled("cpu")
        assert torch.is_grad_enabled()
        assert np.array_equal(in_a_worker(Patience()).values, expected)


def test_what_puts_things_in_order_after_a_stop_runs_to_its_end():
    tidied = []

    def work():
        try:
            torch.ones(2)
        finally:
            tidied.append(float((torch.ones(3) * 2).sum()))

    with pytest.raises(Cancelled), heeding(lambda: False), between_operations():
        work()
    assert tidied == [6.0]


def test_a_stop_reaches_a_pass_on_its_way_back():
    weights = torch.ones(3, requires_grad=True)
    patience = Patience()
    with heeding(patience.is_wanted), between_operations():
        total = (weights * weights).exp().sum()
        patience.left = 1  # the question at autograd itself
        with pytest.raises(Cancelled):
            torch.autograd.grad(total, weights)
    assert patience.left == -1


def test_threads_that_run_no_job_are_never_stopped():
    stop.check()
    with between_operations():
        assert float(torch.ones(2).sum()) == 2


def test_who_waits_for_an_import_need_not_wait_to_its_end():
    let_it_end = threading.Event()
    import_something = held_networks._once(lambda: let_it_end.wait(30) and None)
    with pytest.raises(Cancelled), heeding(Patience(2).is_wanted):
        import_something()
    let_it_end.set()
    import_something()


def test_an_import_that_failed_says_so_to_everybody_who_needs_it_and_is_tried_again():
    turns = []

    def import_something():
        turns.append(1)
        if len(turns) == 1:
            raise ImportError("no such package")

    needed = held_networks._once(import_something)
    with pytest.raises(ImportError, match="no such package"):
        needed()
    needed()
    needed()
    assert len(turns) == 2
