"""A rerun of the Compare page with everything computed: milliseconds of its script on the server.

Run with ``make rerun``. A chest film of 2000 x 2500 pixels is uploaded to the app, without a browser, and explained by
every network and method. Then the page runs again and again: as it is, and with another opacity each time, for which
every chart is made anew. Timed is the script from its first line to its last: wall time, and the processor time of its
thread, which other work on the machine disturbs less.

``--against FOLDER`` measures another checkout of this project too, in turn, each in processes of its own.
``--record`` keeps the figures in ``docs/records/rerun.json``.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[1]
HEIGHT, WIDTH = 2500, 2000
TASK, SAMPLE = "chest_xray", "sample_images/images/chest-normal-1.png"
NETWORKS = ("convnet", "resnet50", "vgg16")
NOISE = 2.0
SECONDS_FOR_MAPS = 1200
SECONDS_BETWEEN_RUNS = 5
KINDS = {"the page as it is": (0.8,), "another opacity": (0.5, 0.6, 0.7)}
WALL, PROCESSOR = "wall time", "processor time"
Times = dict[str, list[float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20, help="reruns of each kind and turn")
    parser.add_argument("--turns", type=int, default=1, help="times that each checkout is measured")
    parser.add_argument("--against", type=Path, help="another checkout, measured before this one in each turn")
    parser.add_argument("--record", action="store_true", help="keep the figures in docs/records")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        sys.stdout.write(json.dumps(measure(options.runs)))
        return
    checkouts = {"before": options.against.resolve(), "after": ROOT} if options.against else {"after": ROOT}
    found: dict[str, Times] = {name: {} for name in checkouts}
    for turn in range(options.turns):
        for name, folder in checkouts.items():
            for what, times in ask(folder, options.runs).items():
                found[name].setdefault(what, []).extend(times)
            print(f"turn {turn + 1}, {name}: load averages {os.getloadavg()}", flush=True)
    for name, table in found.items():
        for what, times in table.items():
            print(f"{name:8}{what:36}{statistics.median(times):7.0f} ms   from {min(times):.0f} to {max(times):.0f}")
    if options.record:
        keep(found, {name: commit_of(folder) for name, folder in checkouts.items()})


def ask(checkout: Path, runs: int) -> Times:
    """Measure a checkout in a process of its own, whose workers import the same one."""
    environment = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONSAFEPATH": "1"}
    command = [sys.executable, str(Path(__file__).resolve()), "--measure", "--runs", str(runs)]
    ended = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, check=False)  # noqa: S603  (this very file)
    if ended.returncode:
        sys.exit(ended.stderr.decode(errors="replace"))
    found: Times = json.loads(ended.stdout)
    return found


def measure(runs: int) -> Times:
    """Milliseconds of each rerun, by what was done and what was timed."""
    from streamlit.runtime.scriptrunner.script_cache import ScriptCache
    from streamlit.testing.v1 import AppTest, local_script_runner

    from lightbox.jobs import get_engine

    # A server compiles a script once; Streamlit's tests do it in each run.
    compiled = ScriptCache()
    runner: Any = local_script_runner
    runner.ScriptCache = lambda: compiled
    clock = Clock()
    app = AppTest.from_file(str(Path("app.py").resolve()), default_timeout=SECONDS_FOR_MAPS)
    app.query_params["task"], app.query_params["networks"] = TASK, ",".join(NETWORKS)
    app.run()
    app.file_uploader[0].set_value(("film.png", make_film(), "image/png"))
    app.run()
    wait_for_maps(app)
    times: Times = {}
    for what, opacities in KINDS.items():
        for run in range(-1, runs):
            app.session_state["compare.opacity"] = opacities[run % len(opacities)]
            app.run()
            if app.exception or app.error:
                sys.exit(f"the page failed: {[each.value for each in (*app.exception, *app.error)]}")
            if run >= 0:  # the first one may still have something to make
                times.setdefault(f"{what}, {WALL}", []).append(1000 * clock.wall_seconds)
                times.setdefault(f"{what}, {PROCESSOR}", []).append(1000 * clock.processor_seconds)
    get_engine().close()
    return times


class Clock:
    """Times the last run of the app's script."""

    def __init__(self) -> None:
        from streamlit.runtime.scriptrunner import script_runner

        runner: Any = script_runner  # it has no public hook around a run
        self.wall_seconds = self.processor_seconds = 0.0
        run = runner.exec_func_with_error_handling

        def timed(function: Callable[[], Any], context: Any) -> Any:
            wall, processor = time.perf_counter(), time.thread_time()
            result = run(function, context)
            self.wall_seconds, self.processor_seconds = time.perf_counter() - wall, time.thread_time() - processor
            return result

        runner.exec_func_with_error_handling = timed


def wait_for_maps(app: AppTest) -> None:
    """Until every map is there. The page runs now and then, or the engine would take its session for gone."""
    from lightbox.explainers import METHODS

    deadline = time.monotonic() + SECONDS_FOR_MAPS
    while True:
        app.run()
        jobs = list(app.session_state["lightbox.held"].values())
        if len(jobs) >= len(NETWORKS) * (1 + len(METHODS)) and all(job.state == "done" for job in jobs):
            return
        if time.monotonic() > deadline:
            sys.exit(f"the maps are not there: {[job.state for job in jobs]}")
        next_run = time.monotonic() + SECONDS_BETWEEN_RUNS
        for job in jobs:
            job.wait(max(0.0, next_run - time.monotonic()))


def make_film() -> bytes:
    """A shipped sample as a PNG of the size of a real film, with noise as a real one has."""
    import numpy as np
    from PIL import Image

    grey = Image.open(SAMPLE).convert("L").resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    noisy = np.asarray(grey, dtype=np.float64) + np.random.default_rng(0).normal(0, NOISE, (HEIGHT, WIDTH))
    buffer = io.BytesIO()
    Image.fromarray(np.clip(np.rint(noisy), 0, 255).astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def keep(found: dict[str, Times], commits: dict[str, str]) -> None:
    """Write the record. What another checkout took stays in it where that was not measured this time."""
    from benchmarks.record import FOLDER, write_record

    path = FOLDER / "rerun.json"
    kept = json.loads(path.read_text(encoding="utf-8"))["figures"] if path.is_file() else {}
    figures = {
        **{name: kept[name] for name in ("before", "after") if name in kept},
        **{name: {"commit": commits[name], **summarise(times)} for name, times in found.items()},
        "film": f"{WIDTH} x {HEIGHT}",
        "networks": list(NETWORKS),
    }
    write_record("rerun", figures, command="python -m benchmarks.rerun --against ANOTHER_CHECKOUT")


def summarise(times: Times) -> dict[str, dict[str, float]]:
    """Median, smallest and largest of each row, in milliseconds."""
    return {
        what: {"median": round(statistics.median(row), 1), "least": round(min(row), 1), "most": round(max(row), 1)}
        for what, row in times.items()
    }


def commit_of(checkout: Path) -> str:
    command = ["git", "-C", str(checkout), "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603  (fixed words)


if __name__ == "__main__":
    main()
