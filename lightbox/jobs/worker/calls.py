"""What runs in a worker process: one job at a time, on networks that this process alone owns.

The module is imported by the Streamlit process too, which sends its functions by name: torch is imported inside.
"""

from __future__ import annotations

import importlib
import threading
import time
import traceback
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from distributed import get_worker

from lightbox.core.errors import UserFacingError
from lightbox.jobs.cancel_flags import Address, Reader
from lightbox.jobs.request import Prediction
from lightbox.jobs.worker import held_networks, tidy
from lightbox.jobs.worker.stop import Cancelled, check, heeding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from lightbox.explainers.base import Attribution, ParamValue, Target
    from lightbox.jobs.request import Progress
    from lightbox.networks.card import Card

REPORT_SECONDS = 0.2
CANCELLED_REMEMBERED = 256
# Methods rewrite a network while they run: a process runs one job, even where a cluster gave it more threads.
_one_job = threading.Lock()
_cancelled: OrderedDict[str, None] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended.

    An exception that leaves a task is logged by Dask with the task's arguments, somebody's scan; so none does.

    Args:
        kind: "done", "cancelled", "refused" (``value`` is a `UserFacingError`) or "failed" (a traceback's text).
        value: see ``kind``.
    """

    kind: str
    value: Any = None


def execute(call: str, arguments: Mapping[str, Any], token: str, topic: str, address: Address | None = None) -> Outcome:
    """Run one job, reporting progress to ``topic``; ``token`` names this attempt at it.

    Once it is not wanted, it stops at its next report or operation of torch. On the engine's own machine ``address``
    says where that stands; elsewhere `cancel` is called.
    """
    try:
        reader = None if address is None else Reader(address, token)
    except OSError:
        return Outcome("cancelled")  # the engine has ended
    is_wanted: Callable[[], bool] = (lambda: token not in _cancelled) if reader is None else reader.is_wanted
    with _one_job, tidy.job(), heeding(is_wanted):
        if reader is not None:
            reader.begin()
        try:
            report = _make_report(token, topic)
            report(0.0)
            return Outcome("done", resolve(call)(progress=report, **arguments))
        except Cancelled:
            return Outcome("cancelled")
        except UserFacingError as error:
            return Outcome("refused", UserFacingError(error.message, error.hint))
        except Exception:  # noqa: BLE001  (any failure of a method is an outcome; see `Outcome`)
            # A library may have made another error of the stop.
            return Outcome("failed", traceback.format_exc()) if is_wanted() else Outcome("cancelled")
        finally:
            if reader is not None:
                reader.end()


def cancel(token: str) -> None:
    """Make an attempt stop. Runs on the worker's event loop, beside the job."""
    _cancelled[token] = None
    while len(_cancelled) > CANCELLED_REMEMBERED:
        _cancelled.popitem(last=False)


def resolve(call: str) -> Callable[..., Any]:
    """The function that "package.module:function" names."""
    module, _, name = call.partition(":")
    return getattr(importlib.import_module(module), name)  # type: ignore[no-any-return]


def _make_report(token: str, topic: str) -> Progress:
    worker = get_worker()
    last_sent = float("-inf")

    def report(fraction: float) -> None:
        nonlocal last_sent
        check()
        now = time.monotonic()
        if now - last_sent >= REPORT_SECONDS:
            last_sent = now
            worker.log_event(topic, [token, float(fraction)])

    return report


def predict(*, card: Card, prepared: NDArray[np.float32], progress: Progress) -> Prediction:
    """One forward pass.

    Raises:
        LogitError: an answer that is no number.
    """
    with held_networks.borrow(card) as network:
        progress(0.0)
        begun_at = time.perf_counter()
        logits = network.logits(network.to_input(prepared).to(held_networks.device())).double().cpu()[0]
        probabilities = network.probabilities(logits)
        seconds = time.perf_counter() - begun_at
    return Prediction(
        classes=card.classes,
        class_titles=card.class_titles,
        logits=logits.float().numpy(),
        probabilities=probabilities.numpy(),
        weights_sha256=card.sha256,
        seconds=seconds,
    )


def explain(
    *,
    card: Card,
    method: str,
    prepared: NDArray[np.float32],
    target: Target,
    params: Mapping[str, ParamValue],
    progress: Progress,
) -> Attribution:
    """One map."""
    held_networks.import_engines()
    from lightbox.explainers import run

    with held_networks.borrow(card) as network:
        x = network.to_input(prepared).to(held_networks.device())
        return run(method, network, x, target, progress=progress, **params)
