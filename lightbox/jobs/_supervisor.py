"""The embedded cluster's own process: a scheduler and the workers' nannies. ``python -m lightbox.jobs._supervisor``.

It is a process of its own because Streamlit makes the page script ``__main__``, which a child spawned from
there would run again. It ends when its standard input does, and that happens however its parent dies: the
operating system closes the pipe. The workers watch this process in the same way (Dask's nannies see to it).

Standard input holds one line of JSON, the order; standard output gives one line back, how to connect. The
credentials travel in that line, so they are in no file, no environment and no list of processes.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import re
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from lightbox.core import freed_memory
from lightbox.jobs.cancel_flags import VARIABLE, count_warm, find_ended
from lightbox.jobs.worker import tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from distributed import LocalCluster, Nanny

SECONDS_TO_CLOSE = 1.0
SECONDS_BETWEEN_LOOKS = 1.0
BYTES_FOR_SPARE = 2_000_000_000  # of torch, the engines, three networks and their maps
LOOKS_WITHOUT_PROCESS = 8
TOKENS = re.compile(r"lightbox-([0-9a-f]{32})")
NVIDIA_DEVICES = Path("/proc/driver/nvidia/gpus")


def main() -> None:
    """Serve until the parent is gone."""
    orders, answers = _take_over_standard_streams()
    order = json.loads(orders.readline())
    os.environ[VARIABLE] = order["flags"]
    logging.getLogger("distributed.scheduler").addFilter(make_filter(find_ended(order["flags"])))
    freed_memory.overwrite_when_freed()
    parent_gone = threading.Event()
    threading.Thread(target=_wait_for_parent, args=(orders, parent_gone, order["flags"]), daemon=True).start()
    asyncio.run(_serve(order, answers, parent_gone))


def _take_over_standard_streams() -> tuple[TextIO, TextIO]:
    """The two pipes, under numbers that no worker inherits; whatever a worker prints goes to standard error."""
    orders, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return io.open(orders, encoding="utf-8"), io.open(answers, "w", encoding="utf-8")  # noqa: UP020


def make_filter(was_ended: Callable[[str], bool]) -> Callable[[logging.LogRecord], bool]:
    """Lets a record of Dask's pass, unless it reports the death of a worker that the engine itself ended.

    Args:
        was_ended: whether the attempt of this token had its process ended because nobody wanted it.
    """

    def passes(record: logging.LogRecord) -> bool:
        return not any(was_ended(token) for token in TOKENS.findall(record.getMessage()))

    return passes


def _wait_for_parent(orders: TextIO, parent_gone: threading.Event, flags: str) -> None:
    orders.read()
    parent_gone.set()
    # Closing politely removes Dask's lock files; a worker deep in a computation may not answer.
    threading.Timer(SECONDS_TO_CLOSE, os._exit, args=(0,)).start()
    # The parent removes it where it ends in order.
    with suppress(OSError):
        Path(flags).unlink(missing_ok=True)


async def _serve(order: dict[str, Any], answers: TextIO, parent_gone: threading.Event) -> None:
    import dask
    from dask.system import CPU_COUNT
    from distributed import LocalCluster, Security

    lanes = order["lanes"] or count_gpus() or CPU_COUNT
    threads = max(1, CPU_COUNT // lanes)
    dask.config.set(make_config(threads))
    security = Security.temporary()
    cluster = LocalCluster(
        n_workers=lanes,
        threads_per_worker=1,
        host="127.0.0.1",
        protocol="tls://",
        security=security,
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
        memory_limit=f"{order['memory_gb']}GB" if order["memory_gb"] else "auto",
        preload=["lightbox.jobs.worker.held_networks"] if order["warm_up"] else [],
        asynchronous=True,
        silence_logs=logging.ERROR,
    )
    async with cluster:
        answer = {
            "address": cluster.scheduler_address,
            "lanes": lanes,
            "certificate": security.tls_client_cert,
            "private_key": security.tls_client_key,
        }
        try:
            answers.write(json.dumps(answer) + "\n")
            answers.close()
        except BrokenPipeError:
            return  # the parent is gone already
        tasks = [
            asyncio.create_task(_end_when_a_nanny_gives_up(cluster.workers, lanes, parent_gone)),
            asyncio.create_task(tidy.give_back_when_idle(cluster.scheduler)),
        ]
        if order["spare"]:
            tasks.append(asyncio.create_task(_add_spare(cluster, lanes)))
        await asyncio.to_thread(parent_gone.wait)
        for task in tasks:
            task.cancel()


async def _add_spare(cluster: LocalCluster, lanes: int) -> None:
    """One worker more, once the others are warm: it must not keep the first page waiting for a core."""
    import psutil

    while count_warm(os.environ[VARIABLE]) < lanes:
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
    if psutil.virtual_memory().available >= BYTES_FOR_SPARE:
        cluster.scale(lanes + 1)


async def _end_when_a_nanny_gives_up(nannies: Mapping[Any, Nanny], lanes: int, end: threading.Event) -> None:
    """A nanny whose worker dies while it starts may give up, and its lane would wait for ever.

    The engine replaces a cluster that is gone, and queues again what ran on it.
    """
    names = range(lanes)  # the spare comes last: the lanes are there without it
    idle: dict[Any, int] = {}
    while all(name in nannies for name in names) and max(idle.values(), default=0) < LOOKS_WITHOUT_PROCESS:
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        # Between two processes of one nanny there is a moment without any; several looks are no moment.
        idle = {name: idle.get(name, 0) + 1 for name in names if name in nannies and not nannies[name].is_alive()}
    logging.getLogger("lightbox.jobs").error("a worker was not started again; the cluster ends to be replaced")
    end.set()


def count_gpus() -> int:
    """NVIDIA devices that workers may use; 0 where there is none. torch would know, but takes seconds to load."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return sum(1 for device in visible.split(",") if device.strip() not in ("", "-1"))
    return len(list(NVIDIA_DEVICES.iterdir())) if NVIDIA_DEVICES.is_dir() else 0


def make_config(threads: int) -> dict[str, Any]:
    """Dask's configuration: nothing on disk, no retries (the engine's business), no page to look at.

    Args:
        threads: of the numerical libraries in each worker; must be set before a worker's process starts.
    """
    return {
        **tidy.FORGETFUL,
        "distributed.scheduler.allowed-failures": 0,
        # Dask takes a worker without a process this long after any death for lost, and lets go of its nanny, even if
        # that died just now and is being started again. `_end_when_a_nanny_gives_up` looks.
        "distributed.deploy.lost-worker-timeout": "3650 days",
        "distributed.scheduler.http.routes": [],
        "distributed.worker.http.routes": [],
        "distributed.worker.memory.target": False,
        "distributed.worker.memory.spill": False,
        "distributed.worker.memory.pause": False,
        "distributed.worker.memory.terminate": 0.95,
        "distributed.worker.profile.enabled": False,
        "distributed.nanny.pre-spawn-environ.OMP_NUM_THREADS": threads,
        "distributed.nanny.pre-spawn-environ.MKL_NUM_THREADS": threads,
        "distributed.nanny.pre-spawn-environ.OPENBLAS_NUM_THREADS": threads,
        # Freed memory stays with the process. Dask's default returns it at once, and networks ask for the same tens of
        # megabytes again in every layer: the page faults took as long as the arithmetic.
        "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 2**40,
        "distributed.nanny.pre-spawn-environ.MALLOC_TOP_PAD_": 2**26,
        "distributed.nanny.pre-spawn-environ.MALLOC_MMAP_MAX_": 0,
        # One heap for all threads, so that the one that tidies up reaches what the others have freed.
        "distributed.nanny.pre-spawn-environ.MALLOC_ARENA_MAX": 1,
        "distributed.comm.timeouts.connect": "10s",
        "distributed.admin.system-monitor.interval": "2s",
    }


if __name__ == "__main__":
    main()
