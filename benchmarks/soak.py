"""Eight browser sessions at once, every map compared with the one computed alone. Run with ``make soak``.

A session here speaks the browser's own protocol to the real app (pages, polling fragments, charts), without the cost of
painting: eight Chromium windows would keep the cores from the maps. ``--pages`` adds real ones. A quarter of the
visits end in the middle of the work. The exit status is 0 where every map was right, all weights are the checkpoints',
no hook is left and memory is flat.

``--share-one-network`` breaks the isolation on purpose: the same questions to threads that share one copy of each
network. It must end with 1.

``--record`` keeps the figures in ``docs/records/soak.json``, or ``shared_network.json``.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil

from benchmarks.record import write_record
from benchmarks.soaking.checkpoints import write_models
from benchmarks.soaking.deck import Question, Verdict, compute_references
from benchmarks.soaking.session import Tally, Visitors
from lightbox.core.settings import PROJECT_DIR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

SESSIONS = 8
SIZE = 64
CACHE_MB = 2  # the ten last maps: the others are computed again and again
SAMPLE_SECONDS = 5.0
LINE_EVERY = 12
WARM_SHARE = 0.25
MOST_GROWTH = 0.05
MEGABYTE = 1e6


@dataclass(slots=True)
class Memory:
    """Resident memory over time, in MB."""

    seconds: list[float] = field(default_factory=list)
    app: list[float] = field(default_factory=list)
    workers: list[float] = field(default_factory=list)

    def sample(self, process: psutil.Process, begun_at: float) -> None:
        self.seconds.append(time.monotonic() - begun_at)
        self.app.append(process.memory_info().rss / MEGABYTE)
        held = 0.0
        for child in process.children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                held += child.memory_info().rss / MEGABYTE
        self.workers.append(held)

    def measure(self, name: str) -> tuple[float, float, float]:
        """MB in the first and in the last quarter of the time once warm (medians), and MB a minute."""
        values = getattr(self, name)
        warm = values[int(len(values) * WARM_SHARE) :]
        quarter = max(1, len(warm) // 4)
        first, last = statistics.median(warm[:quarter]), statistics.median(warm[-quarter:])
        seconds = self.seconds[-len(warm) :]
        slope = np.polyfit(seconds, warm, 1)[0] * 60 if len(warm) > 2 else float("nan")
        return first, last, float(slope)

    def describe(self, name: str) -> tuple[str, bool]:
        """A line, and whether memory was flat."""
        values = getattr(self, name)
        first, last, slope = self.measure(name)
        line = (
            f"{name:8} {values[0]:7.0f} MB at the start, {first:.0f} MB warm, {last:.0f} MB at the end, "
            f"{slope:+.2f} MB/min, peak {max(values):.0f} MB"
        )
        return line, last <= first * (1 + MOST_GROWTH)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    parser.add_argument("--pages", type=int, default=0, help="real Chromium windows besides")
    parser.add_argument("--keep", type=Path, help="folder for checkpoints and references, used again if it is there")
    parser.add_argument("--share-one-network", action="store_true", help="break the isolation; must fail")
    parser.add_argument("--record", action="store_true", help="keep the figures in docs/records")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lightbox-soak-") as made:
        folder = arguments.keep or Path(made)
        os.environ["LIGHTBOX_MODELS_DIR"] = str(folder / "models")
        if not (folder / "models").exists():
            write_models(folder / "models", size=SIZE)
        begun_at = time.monotonic()
        references = compute_references(folder / "references.npz")
        print(f"{len(references)} maps computed alone, in {time.monotonic() - begun_at:.0f} s", flush=True)
        if arguments.share_one_network:
            return share_one_network(arguments, references)
        return soak(arguments, references)


def soak(arguments: argparse.Namespace, references: Mapping[Question, NDArray[np.float32]]) -> int:
    """The app under eight sessions; 0 where all is well."""
    memory = Memory()
    with serve() as (server, port):
        visitors = Visitors(port, references)
        asyncio.run(_watch(arguments, visitors, psutil.Process(server.pid), memory))
        print("sessions are closed; looking into the workers", flush=True)
        time.sleep(8)  # what they left behind is cancelled, and the lanes come to rest
        networks = inspect(server)
    if arguments.record:
        warm, end, slope = memory.measure("app")
        figures = {"sessions": arguments.sessions, "minutes": arguments.minutes} | count(visitors.verdict, networks)
        figures |= {"app_warm_mb": round(warm), "app_end_mb": round(end), "app_mb_a_minute": round(slope, 2)}
        write_record("soak", figures, command=f"python -m benchmarks.soak --minutes {arguments.minutes:g}")
    return report(visitors.verdict, visitors.tally, memory, networks)


async def _watch(arguments: argparse.Namespace, visitors: Visitors, server: psutil.Process, memory: Memory) -> None:
    """Let the visitors come, and weigh the server meanwhile."""
    seconds, begun_at = arguments.minutes * 60, time.monotonic()
    windows = [await _open_window(visitors.port, number) for number in range(arguments.pages)]
    visits = [
        asyncio.create_task(visitors.visit_for(seconds, f"session-{number}")) for number in range(arguments.sessions)
    ]
    while not all(visit.done() for visit in visits):
        memory.sample(server, begun_at)
        if len(memory.seconds) % LINE_EVERY == 1:
            report_now(visitors.verdict, memory)
        await asyncio.wait(visits, timeout=SAMPLE_SECONDS)
    await asyncio.gather(*visits)
    for window in windows:
        with contextlib.suppress(ProcessLookupError):
            window.terminate()
        await window.wait()


def report_now(verdict: Verdict, memory: Memory) -> None:
    """One line for those who wait."""
    print(
        f"{memory.seconds[-1]:5.0f} s  {verdict.maps} maps, {verdict.wrong} wrong, {len(verdict.errors)} errors, "
        f"app {memory.app[-1]:.0f} MB, workers {memory.workers[-1]:.0f} MB",
        flush=True,
    )


async def _open_window(port: int, number: int) -> asyncio.subprocess.Process:
    """A Chromium that shows a page with five maps, and shows the next sample every half minute."""
    command = [sys.executable, "-m", "benchmarks.soaking.window", str(port), str(number)]
    return await asyncio.create_subprocess_exec(*command, cwd=PROJECT_DIR)


@contextlib.contextmanager
def serve() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The app's process and port, until it is healthy; ended with SIGTERM, as an operator would."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.soaking.server", str(port)]
    environment = {**os.environ, "LIGHTBOX_RESULT_CACHE_MB": str(CACHE_MB), "LIGHTBOX_LOG_LEVEL": "ERROR"}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    server = subprocess.Popen(command, cwd=PROJECT_DIR, env=environment, **pipes)  # noqa: S603  (our own module)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health"):
                break
            time.sleep(0.1)
        yield server, port
    finally:
        server.terminate()
        server.wait(20)


def inspect(server: subprocess.Popen[str]) -> list[dict[str, Any]]:
    """The networks that the server's workers hold."""
    server.stdin.write("\n")  # type: ignore[union-attr]
    server.stdin.flush()  # type: ignore[union-attr]
    answer = json.loads(server.stdout.readline())  # type: ignore[union-attr]
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return answer["networks"]  # type: ignore[no-any-return]


def report(verdict: Verdict, tally: Tally, memory: Memory, networks: list[dict[str, Any]]) -> int:
    """Print the figures; 0 where all is well."""
    waits = sorted(tally.waits) or [0.0]
    print(f"visits   {tally.visits} to the last map, {tally.left} left in the middle")
    print(f"waits    median {statistics.median(waits):.1f} s, longest {waits[-1]:.1f} s for all of a page's maps")
    lines = [memory.describe("app"), memory.describe("workers")]
    for line, _ in lines:
        print(line)
    good = report_verdict(verdict, networks)
    flat = all(flat for _, flat in lines)
    print(f"memory   {'flat' if flat else 'NOT FLAT'} (at most {MOST_GROWTH:.0%} more at the end)")
    return 0 if good and flat else 1


def report_verdict(verdict: Verdict, networks: list[dict[str, Any]]) -> bool:
    """Print what was wrong; whether nothing was."""
    found = count(verdict, networks)
    changed, hooks = found["changed"], found["hooks"]
    print(f"maps     {verdict.maps} compared, {verdict.wrong} wrong, largest difference {verdict.largest:.1e}")
    print(f"errors   {len(verdict.errors)}")
    for error in verdict.errors[:5]:
        print(f"         {error[:300]}")
    print(f"networks {len(networks)} held, {changed} with changed weights, {hooks} hooks left")
    good = verdict.maps > 0 and not (verdict.wrong or verdict.errors or changed or hooks) and bool(networks)
    print("verdict  every map is the one computed alone" if good else "verdict  NOT ISOLATED")
    return good


def count(verdict: Verdict, networks: list[dict[str, Any]]) -> dict[str, float]:
    """What a record keeps of a verdict."""
    changed = sum(not row["weights_unchanged"] for row in networks)
    hooks = sum(row["hooks"] for row in networks)
    maps = {"maps": verdict.maps, "wrong": verdict.wrong, "errors": len(verdict.errors)}
    return maps | {"changed": changed, "hooks": hooks}


def share_one_network(arguments: argparse.Namespace, references: Mapping[Question, NDArray[np.float32]]) -> int:
    """The same questions to threads of this process with one copy of each network; 0 would mean that nothing shows."""
    from benchmarks.soaking.inspection import inspect_network
    from benchmarks.soaking.owners import SharedNetworks, ask_for

    shared = SharedNetworks()
    verdict = ask_for(arguments.minutes * 60, arguments.sessions, references, shared.answer)
    networks = [inspect_network(network) for network in shared.networks.values()]
    if arguments.record:
        seconds = arguments.minutes * 60
        command = f"python -m benchmarks.soak --share-one-network --minutes {arguments.minutes:g}"
        figures = {"threads": arguments.sessions, "seconds": seconds} | count(verdict, networks)
        write_record("shared_network", figures, command=command)
    return 0 if report_verdict(verdict, networks) else 1


if __name__ == "__main__":
    sys.exit(main())
