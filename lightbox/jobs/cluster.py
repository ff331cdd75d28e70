"""The cluster behind the engine: an embedded one that starts with the app, or an existing one by its address."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, cast

from lightbox.core.settings import PROJECT_DIR
from lightbox.jobs.cancel_flags import CancelFlags
from lightbox.jobs.worker import tidy
from lightbox.jobs.worker_slots import WorkerSlots

if TYPE_CHECKING:
    from collections.abc import Mapping

    from distributed import Client

SECONDS_TO_START = 60.0
SECONDS_TO_REACH = 10.0
SECONDS_TO_ANSWER = 5.0
SECONDS_TO_END = 4.0


class ClusterError(Exception):
    """The cluster could not be started, reached or kept."""


@dataclass(slots=True)
class Cluster:
    """A connection to a scheduler.

    Args:
        client: Dask's.
        lanes: how many jobs may run at once.
        supervisor: the embedded cluster's process; None where the cluster is not ours.
        flags: where the embedded cluster's workers read what is still wanted.
        spares: workers besides: what is quick goes there at once, and when a worker dies another is warm.
        warms_up: whether its workers say when they have imported what methods need.

    Attributes:
        slots: of the embedded cluster's workers; on another one who waits where is its scheduler's business.
    """

    client: Client
    lanes: int
    supervisor: subprocess.Popen[bytes] | None = None
    flags: CancelFlags | None = None
    spares: int = 0
    warms_up: bool = False
    slots: WorkerSlots = field(init=False)

    def __post_init__(self) -> None:
        self.slots = WorkerSlots(self._count_workers if self.embedded else lambda: sys.maxsize)

    @property
    def alive(self) -> bool:
        """Whether work can be sent."""
        if self.supervisor is not None and self.supervisor.poll() is not None:
            return False
        if self.flags is not None and not self.flags.found:
            return False  # its workers would take every job for one that nobody wants
        return bool(self.client.status == "running")

    @property
    def embedded(self) -> bool:
        return self.supervisor is not None

    def _count_workers(self) -> int:
        """How many the scheduler knows now; none where it does not answer, or is gone."""
        try:
            return len(self.client.sync(self.client.scheduler.ncores, callback_timeout=SECONDS_TO_ANSWER))
        except Exception:  # noqa: BLE001  (a lost client fails in many ways; whether the cluster lives is `alive`'s)
            return 0

    def close(self) -> None:
        """Let go of the scheduler, and end the embedded cluster's processes."""
        # A client of a dead scheduler may complain that it is dead.
        with suppress(OSError, RuntimeError):
            self.client.close(timeout=1)
        if self.supervisor is not None:
            end(self.supervisor)
        if self.flags is not None:
            self.flags.close()


def start_embedded(*, lanes: int | None, memory_gb: float | None, warm_up: bool = True, spare: bool = False) -> Cluster:
    """A cluster of this machine's own processes, on the loopback interface, closed to other users by TLS.

    Args:
        lanes: worker processes; None: one per GPU, else one per core.
        memory_gb: of each worker, above which it is ended; None: this machine's memory by lanes.
        warm_up: whether workers import what methods need at once.
        spare: whether one worker more is started once the others are warm, where memory for it is free.

    Raises:
        ClusterError: it did not start.
    """
    flags, supervisor = CancelFlags(), _launch()
    order: dict[str, Any] = {
        "lanes": lanes,
        "memory_gb": memory_gb,
        "warm_up": warm_up,
        "spare": spare and warm_up,
        "flags": flags.path,
    }
    try:
        # Dask takes its time to import: the processes start meanwhile.
        answer = _converse(supervisor, order)
        client = _make_client(answer)
    except BaseException:
        end(supervisor)
        flags.close()
        raise
    return Cluster(client, int(answer["lanes"]), supervisor, flags, spares=int(order["spare"]), warms_up=warm_up)


def _make_client(answer: Mapping[str, Any]) -> Client:
    import dask
    from distributed import Client, Security

    dask.config.set(tidy.FORGETFUL)
    security = Security(
        require_encryption=True,
        tls_ca_file=answer["certificate"],
        tls_client_cert=answer["certificate"],
        tls_client_key=answer["private_key"],
    )
    try:
        return Client(answer["address"], security=security, set_as_default=False, timeout=SECONDS_TO_START)
    except OSError as error:
        raise ClusterError("the embedded cluster started, but its scheduler does not answer") from error


def connect(address: str, *, lanes: int | None) -> Cluster:
    """An existing cluster. Credentials come from Dask's own configuration.

    Args:
        address: "tcp://host:8786", "tls://host:8786".
        lanes: jobs at once; None: one per worker, since a worker runs one of them at a time.

    Raises:
        ClusterError: nobody answers there, or no worker has joined.
    """
    import dask
    from distributed import Client

    dask.config.set(tidy.FORGETFUL)
    complaint = f"no Dask cluster with a worker answers at {address}"
    try:
        client = Client(address, set_as_default=False, timeout=SECONDS_TO_REACH)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        # TypeError and RuntimeError are what Dask raises for tls:// without credentials, or with useless ones.
        raise ClusterError(complaint) from error
    cluster = Cluster(client, lanes or 1)
    try:
        client.wait_for_workers(1, timeout=SECONDS_TO_START)
        cluster.lanes = lanes or len(client.scheduler_info(n_workers=-1)["workers"])
    except (OSError, RuntimeError) as error:
        cluster.close()
        raise ClusterError(complaint) from error
    return cluster


def end(supervisor: subprocess.Popen[bytes]) -> None:
    """End the embedded cluster: close its standard input, and insist after a few seconds."""
    with suppress(OSError):
        cast("IO[bytes]", supervisor.stdin).close()
    try:
        supervisor.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        supervisor.kill()
        supervisor.wait()


def _launch() -> subprocess.Popen[bytes]:
    paths = [str(PROJECT_DIR), os.environ.get("PYTHONPATH", "")]
    # Ended in the middle of work, a cluster leaves semaphores behind; Python removes them, and need not say so.
    warnings = [os.environ.get("PYTHONWARNINGS", ""), "ignore:resource_tracker:UserWarning"]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "PYTHONWARNINGS": ",".join(filter(None, warnings)),
    }
    command = [sys.executable, "-m", "lightbox.jobs._supervisor"]
    # A session of its own: Ctrl-C in the terminal reaches the app, which then closes this in order.
    return subprocess.Popen(  # noqa: S603  (this interpreter, our module)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, start_new_session=True
    )


def _converse(supervisor: subprocess.Popen[bytes], order: dict[str, Any]) -> dict[str, Any]:
    """Send the order, and wait for the answer while Dask is imported here."""
    orders, answers = cast("IO[bytes]", supervisor.stdin), cast("IO[bytes]", supervisor.stdout)
    deadline = threading.Timer(SECONDS_TO_START, supervisor.kill)
    deadline.daemon = True
    deadline.start()
    try:
        orders.write(json.dumps(order).encode() + b"\n")
        orders.flush()
        import distributed  # noqa: F401  (half a second, beside the processes that start)

        line = answers.readline()
    except OSError as error:
        raise ClusterError("the embedded cluster ended while it started") from error
    finally:
        deadline.cancel()
        answers.close()
    if not line:
        raise ClusterError("the embedded cluster did not start; its own messages are above")
    return cast("dict[str, Any]", json.loads(line))
