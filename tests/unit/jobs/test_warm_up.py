"""A worker warms up on its own accelerator, in a thread that Dask knows nothing of."""

import threading
import types

import pytest
import torch

from lightbox.jobs.cancel_flags import VARIABLE, CancelFlags
from lightbox.jobs.worker import held_networks


@pytest.fixture
def asked(monkeypatch):
    """What torch was asked for, on a machine that says it has two GPUs and whose every device is the CPU."""
    asked = []
    cpu = torch.device("cpu")

    def give_device(*place):
        asked.append(place)
        return cpu

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch, "device", give_device)
    monkeypatch.setattr(held_networks, "start_torch", held_networks._once(held_networks.start_torch.__wrapped__))
    monkeypatch.setattr(held_networks, "import_engines", lambda: None)
    return asked


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_worker_warms_up_on_the_gpu_of_its_number_and_says_when_it_is(asked, monkeypatch):
    before = set(threading.enumerate())
    flags = CancelFlags()
    monkeypatch.setenv(VARIABLE, flags.path)
    held_networks.dask_setup(types.SimpleNamespace(name=3))
    (warming_up,) = (thread for thread in set(threading.enumerate()) - before if thread.name == "lightbox-warm-up")
    warming_up.join(30)
    assert asked == [("cuda", 1)]
    assert flags.warm == 1
    flags.close()


def test_a_worker_that_others_named_takes_the_first_gpu(asked):
    held_networks.device(types.SimpleNamespace(name="tcp://10.0.0.1:4711"))
    assert asked == [("cuda", 0)]
