"""Work that the tests send to workers, by import path."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import numpy as np

from lightbox.core.errors import UserFacingError


def double(*, value, progress):
    progress(1.0)
    return 2 * value


def steps(*, count, seconds, progress, started_path=None):
    """Some batches, each followed by a report of progress."""
    if started_path:
        Path(started_path).write_text(str(os.getpid()))
    for step in range(count):
        progress(step / count)
        time.sleep(seconds)
    return count


def deaf(*, seconds, progress):
    """Never reports, so it cannot be asked to stop."""
    time.sleep(seconds)


def fail(*, progress):
    raise ZeroDivisionError("marker-4711")


def refuse(*, progress):
    raise UserFacingError("It is too dark.", "Switch the light on.")


def count_calls(*, path, progress):
    with Path(path).open("a") as file:
        file.write("x")
    time.sleep(0.3)


def die(*, progress):
    os.kill(os.getpid(), signal.SIGKILL)


def worker_process(*, progress):
    return os.getpid()


def array(*, size, progress):
    return np.ones(size)


def environment_variable(*, variable, progress):
    return os.environ.get(variable)


def nudge_a_weight(*, card, progress):
    """What a method does that does not put back what it changed; ``.data`` escapes torch's own version counter."""
    from lightbox.jobs.worker import held_networks

    with held_networks.borrow(card) as network:
        network.module[0].weight.data[0, 0, 0, 0] += 1e-6
    return "a map that must not be shown"


def fail_while_holding(*, card, progress):
    from lightbox.jobs.worker import held_networks

    with suppress(ZeroDivisionError), held_networks.borrow(card):
        raise ZeroDivisionError
    return which_are_held(progress=progress)


def which_are_held(*, progress):
    from lightbox.jobs.worker import held_networks

    return [network.sha256 for network, _ in held_networks._held.values()]


def hold_each(*, cards, progress):
    from lightbox.jobs.worker import held_networks

    for card in cards:
        with held_networks.borrow(card):
            pass
    return which_are_held(progress=progress)


def note_begin_and_end(*, path, progress):
    with Path(path).open("a") as file:
        file.write("begin ")
        file.flush()
        time.sleep(0.2)
        file.write("end ")


def read_raw(content, task):
    """A reader for the batch: square float32 pixels as they lie in memory; some files are told what to do."""
    from lightbox.imaging.scan import Provenance, Scan

    time.sleep(0.05)
    if content == b"kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if len(content) % 4:
        raise UserFacingError("It is no picture.", "Send a picture.")
    pixels = np.frombuffer(content, np.float32)
    side = int(pixels.size**0.5)
    return Scan(pixels.reshape(side, side), task, Provenance("array", "grey", 32, (side, side)))


def pass_for_ever(*, card, started_path, progress):
    """A network at work that never reports, as in the middle of a long batch."""
    import torch

    from lightbox.jobs.worker import held_networks

    with held_networks.borrow(card) as network, torch.no_grad():
        x = network.to_input(np.zeros((card.preprocessing.size, card.preprocessing.size), np.float32))
        Path(started_path).write_text(str(os.getpid()))
        while True:
            network.module(x)


def wrap_errors(*, progress):
    """A library that makes an error of its own of whatever happens in it."""
    try:
        while True:
            progress(0.5)
            time.sleep(0.01)
    except Exception as error:
        raise RuntimeError("something went wrong in here") from error
