"""How soon a lane is free after its job was let go: every method on every network, under load.

Run with ``python -m benchmarks.stops``. Another owner's slow map keeps the second lane busy and two processes that do
nothing but count keep the cores busy. Each job is let go at a random moment while it runs. Printed for each pair:
median and worst seconds until the lane was free, and how many worker processes were ended over it.
``--record`` keeps the figures of all of them in ``docs/records/stops.json``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import statistics
import sys
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

import numpy as np
import psutil

from benchmarks.record import write_record
from lightbox.core.logs import show_logs
from lightbox.explainers import METHODS, Target
from lightbox.imaging.preprocess import prepare
from lightbox.imaging.samples import list_samples, read_sample
from lightbox.jobs import Engine, ExplainRequest, PredictRequest
from lightbox.jobs.cluster import start_embedded
from lightbox.networks import get_card

if TYPE_CHECKING:
    from lightbox.jobs import Job, Prediction, Work

TASK = "chest_xray"
LONGEST_WAIT_SECONDS = {"fast": 0.4, "medium": 1.5, "slow": 1.5}  # after a job was begun; a quick one may end before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20, help="jobs let go, a pair")
    parser.add_argument("--busy", type=int, default=2, help="processes that only count")
    parser.add_argument("--methods", nargs="*", default=list(METHODS))
    parser.add_argument("--networks", nargs="*", default=["convnet", "resnet50", "vgg16"])
    parser.add_argument("--record", action="store_true", help="keep the figures in docs/records")
    options = parser.parse_args()
    show_logs()
    counters = [multiprocessing.get_context("spawn").Process(target=count, daemon=True) for _ in range(options.busy)]
    for process in counters:
        process.start()
    engine = Engine(partial(start_embedded, lanes=2, memory_gb=None))
    try:
        figures = measure(engine, options.times, options.methods, options.networks)
        if options.record:
            write_record("stops", figures, command=f"python -m benchmarks.stops --times {options.times}")
    finally:
        engine.close()
        for process in counters:
            process.kill()


def count() -> None:
    while True:
        pass


def measure(engine: Engine, times: int, methods: list[str], networks: list[str]) -> dict[str, float]:
    """Let every pair's jobs go, print a line each, and return the figures of all together."""
    pixels = read_sample(next(sample for sample in list_samples() if sample.task == TASK)).pixels
    cards = {network: get_card(TASK, network) for network in {*networks, "vgg16"}}
    views = {network: prepare(pixels, card.preprocessing) for network, card in cards.items()}
    for network, card in cards.items():  # loads each network
        finish(engine.submit(PredictRequest(card, views[network]), "me"))
    other = ExplainRequest(cards["vgg16"], views["vgg16"], "lime", Target(0), {"samples": 4096})
    every: list[float] = []
    killed = 0
    print(f"{'':32}{'stopped':>8}{'median s':>10}{'worst s':>9}{'ended':>7}", flush=True)
    for network in networks:
        for method in methods:
            waits, before = [], list_processes()
            for turn in range(times):
                busy = engine.submit(other, "other")
                request = ExplainRequest(cards[network], views[network], method, Target(turn % 2))
                wait = let_go(
                    engine, replace(request.work(), kept=False), busy, LONGEST_WAIT_SECONDS[METHODS[method].cost]
                )
                if wait is not None:
                    waits.append(wait)
            ended = len(before - list_processes())
            every += waits
            killed += ended
            figures = f"{statistics.median(waits):10.2f}{max(waits):9.2f}" if waits else f"{'-':>10}{'-':>9}"
            print(f"{network + ', ' + method:32}{len(waits):8}{figures}{ended:7}", flush=True)
    late = sum(wait > 1 for wait in every)
    shares = np.quantile(every, [0.5, 0.9, 0.99, 1])
    print(
        f"{len(every)} stopped: median {shares[0]:.2f} s, 90 % {shares[1]:.2f}, 99 % {shares[2]:.2f}, "
        f"worst {shares[3]:.2f}; {late} took longer than 1 s"
    )
    names = ("median", "p90", "p99", "worst")
    quantiles = {name: round(float(share), 3) for name, share in zip(names, shares, strict=True)}
    return {"stopped": len(every), "ended": killed} | quantiles


def let_go(engine: Engine, work: Work, busy: Job, longest_wait: float) -> float | None:
    """Seconds from letting go of a running job until its lane was free; None where the job was quicker."""
    while busy.state != "running":
        time.sleep(0.01)
    job = engine.submit(work, "me")
    while job.state == "queued":
        time.sleep(0.002)
    time.sleep(random.uniform(0, longest_wait))
    if job.ended:
        return None
    begun_at = time.monotonic()
    engine.release(job, "me")
    while engine.status().running > 1:
        time.sleep(0.005)
    return time.monotonic() - begun_at


def list_processes() -> set[int]:
    """The workers' and what belongs to them."""
    return {process.pid for process in psutil.Process().children(recursive=True)}


def finish(job: Job) -> Prediction:
    job.wait(120)
    if job.error is not None:
        sys.exit(str(job.error))
    return cast("Prediction", job.result)


if __name__ == "__main__":
    main()
