"""The networks that one worker process owns: loaded once, watched for change, the least recently used goes."""

from __future__ import annotations

import copy
import logging
import os
import threading
from collections import OrderedDict
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

from lightbox.core.errors import UserFacingError
from lightbox.jobs.cancel_flags import VARIABLE, note_warm
from lightbox.jobs.request import fingerprint
from lightbox.jobs.worker.stop import between_operations, check
from lightbox.networks import load_checkpoint
from lightbox.networks.card import find_checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import torch
    from distributed import Worker

    from lightbox.networks import Card, Network

KEPT = 3
SECONDS_BETWEEN_LOOKS = 0.05
P = ParamSpec("P")
_held: OrderedDict[str, tuple[Network, int]] = OrderedDict()
_logger = logging.getLogger("lightbox.jobs")


class CheckpointError(UserFacingError):
    """This worker has no such checkpoint, or one that cannot be loaded: nothing that a scan is to blame for."""


@contextmanager
def borrow(card: Card) -> Iterator[Network]:
    """The network of a card for one job, on this worker's device; the job can be stopped at any operation on it.

    Afterwards its weights must be bit for bit what they were: a method rewrites them while it runs. After any
    exception the copy is thrown away, and the next job loads a fresh one.

    Raises:
        CheckpointError: this worker has no such checkpoint, or it cannot be loaded.
        RuntimeError: the weights changed, so that the result cannot be trusted.
    """
    start_torch(_this_worker())
    key = fingerprint(card)
    with between_operations():
        network, before = _held.pop(key) if key in _held else _load(card)
        yield network
    if checksum(network.module) != before:
        raise RuntimeError(f"the weights of {card.task}/{card.network} changed while a job used them")
    _held[key] = network, before
    while len(_held) > KEPT:
        _held.popitem(last=False)


def _load(card: Card) -> tuple[Network, int]:
    try:
        network = load_checkpoint(_find_here(card))
    except UserFacingError as error:
        raise CheckpointError(error.message, error.hint) from error
    network.module.to(device())
    return network, checksum(network.module)


def _find_here(card: Card) -> Card:
    """The checkpoint on this machine: where the card says, or under this worker's own models folder."""
    if card.weights_path.is_file():
        return card
    local = find_checkpoint(card.task, card.network)
    if local is None or fingerprint(local) != fingerprint(card):
        raise UserFacingError(
            f"A worker does not have the checkpoint {card.task}/{card.network} that was asked for.",
            "Give every worker the same models folder (LIGHTBOX_MODELS_DIR).",
        )
    return local


def checksum(module: torch.nn.Module) -> int:
    """The sum of all bits of parameters and buffers, read as integers: quick beside any pass."""
    import torch

    total = 0
    for tensor in module.state_dict().values():
        flat = tensor.detach().reshape(-1)
        total += int((flat.view(torch.int32) if flat.element_size() == 4 else flat.long()).sum(dtype=torch.int64))
    return total


def device(worker: Worker | None = None) -> torch.device:
    """This worker's accelerator, by its place in the embedded cluster, or the CPU.

    Args:
        worker: this process's; a thread that runs no task must name it, since Dask knows it in its tasks only.
    """
    import torch
    from distributed import get_worker

    if not torch.cuda.is_available():
        return torch.device("cpu")
    name = (worker or get_worker()).name
    return torch.device("cuda", name % torch.cuda.device_count() if isinstance(name, int) else 0)


def _this_worker() -> Worker | None:
    """This process's worker, in a thread that runs a task; None outside of any."""
    from distributed import get_worker

    try:
        return get_worker()
    except ValueError:
        return None


def _once(function: Callable[P, None]) -> Callable[P, None]:
    """``function``, run at the first call in a thread of its own, which everybody waits for: imports cannot be stopped.

    Two threads must not import one package at once, and a job that nobody wants any more must not wait for one.
    """
    lock = threading.Lock()
    begun: list[_Errand] = []

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with lock:
            if not begun or begun[0].failed:
                begun[:] = [_Errand(lambda: function(*args, **kwargs))]
        begun[0].wait()

    return run


class _Errand:
    """Something under way in a thread of its own."""

    def __init__(self, call: Callable[[], None]) -> None:
        self._call = call
        self._error: BaseException | None = None
        self._done = threading.Event()
        threading.Thread(target=self._run, name="lightbox-errand", daemon=True).start()

    @property
    def failed(self) -> bool:
        return self._error is not None

    def wait(self) -> None:
        """Until it is done; raises what it raised, or `Cancelled` where this thread's job is not wanted any more."""
        while not self._done.wait(SECONDS_BETWEEN_LOOKS):
            check()
        if self._error is not None:
            # A copy: an exception keeps the frames of whoever it was raised in, and with them a job's scan.
            raise copy.copy(self._error).with_traceback(None)

    def _run(self) -> None:
        try:
            self._call()
        except BaseException as error:  # noqa: BLE001  (raised in those who wait)
            self._error = error
        finally:
            self._done.set()


@_once
def start_torch(worker: Worker | None = None) -> None:
    """Import torch and run one small backward pass, which sets up its kernels: about two seconds.

    Args:
        worker: see `device`.
    """
    import torch

    here = device(worker)
    x = torch.zeros(1, 3, 32, 32, requires_grad=True, device=here)
    torch.nn.Conv2d(3, 8, 3, device=here)(x).relu().sum().backward()


@_once
def import_engines() -> None:
    """Import what methods need, two to four seconds more; a prediction need not wait for it."""
    try:
        from lightbox.explainers import warm_up

        warm_up()
    except ImportError as error:
        # The method that needs the missing package will say so; the others go on.
        _logger.warning("not every method can run here: %s", error)


def warm_up(worker: Worker | None = None) -> None:
    """Have everything ready, so that the first map starts at once; for ``worker`` see `device`."""
    start_torch(worker)
    import_engines()


def dask_setup(worker: Worker) -> None:
    """Warm up behind a worker's back while it registers: a preload, under Dask's name for it."""
    threading.Thread(target=_warm_up_and_say_so, args=(worker,), name="lightbox-warm-up", daemon=True).start()


def _warm_up_and_say_so(worker: Worker) -> None:
    try:
        warm_up(worker)
    finally:
        # Where it failed, the first job says why; there is nothing more to wait for.
        if isinstance(worker.name, int) and VARIABLE in os.environ:
            note_warm(os.environ[VARIABLE], worker.name)
