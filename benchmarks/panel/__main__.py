"""``make bench``: seconds of each map and of all five, stock libraries and ours in turn, into ``docs/records``.

Nothing here asserts a time: machines differ, ratios are what to look at. With ``--fidelity 1`` it also says, on that
many scans of each network, how near the maps are to exact ones, which takes several times as long.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING, Any

import torch

import lightbox.networks.engines.torchvision_import  # noqa: F401  (must precede the stock libraries)
from benchmarks.panel.fidelity import measure
from benchmarks.panel.stock import STOCK
from benchmarks.record import FOLDER, write_record
from benchmarks.results.records import read_record
from lightbox.core.tasks import TASKS
from lightbox.explainers import METHODS, Target, run
from lightbox.imaging.preprocess import prepare
from lightbox.imaging.samples import list_samples, read_sample
from lightbox.networks import NETWORKS, load_network

if TYPE_CHECKING:
    from lightbox.networks import Network

NAME = "panel"
THREADS = 2


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.panel", description=__doc__)
    parser.add_argument("--tasks", default=",".join(TASKS))
    parser.add_argument("--networks", default=",".join(NETWORKS))
    parser.add_argument("--scans", type=int, default=5, help="samples of each task, one a class in turn")
    parser.add_argument("--fidelity", type=int, default=0, help="of so many of them, how near maps are to exact ones")
    arguments = parser.parse_args()
    torch.set_num_threads(THREADS)
    measured = read_record(NAME).figures if (FOLDER / f"{NAME}.json").is_file() else {}
    for task in arguments.tasks.split(","):
        for network in arguments.networks.split(","):
            measured[f"{task}/{network}"] = bench(task, network, scans=arguments.scans, fidelity=arguments.fidelity)
            # After each: a bench that is stopped keeps what it has, and one of another network adds to it.
            write_record(NAME, measured, command="make bench")


def bench(task: str, key: str, *, scans: int, fidelity: int) -> dict[str, Any]:
    """Of one network: by method the seconds of each scan, stock and ours, and figures of fidelity."""
    network = load_network(task, key)
    seconds: dict[str, dict[str, list[float]]] = {method: {"stock": [], "ours": []} for method in METHODS}
    near: list[dict[str, dict[str, float]]] = []
    for number, sample in enumerate(_spread(task, scans)):
        x = network.to_input(prepare(read_sample(sample).pixels, network.preprocessing).pixels)
        order = network.logits(x)[0].argsort(descending=True).tolist()
        target = Target(order[0], order[1])
        if number == 0:
            _warm_up(network, x, target)
        maps = {}
        for method in METHODS:
            stock, own = seconds[method]["stock"], seconds[method]["ours"]
            # In turn, and each first as often as second: whoever comes second finds warm caches.
            for whose in (stock, own) if number % 2 == 0 else (own, stock):
                begin = time.perf_counter()
                if whose is stock:
                    STOCK[method](network, x, target.index, order[1])
                else:
                    maps[method] = run(method, network, x, target).values
                whose.append(round(time.perf_counter() - begin, 4))
        sys.stdout.write(f"{task}/{key} {sample.key}: {_say(seconds)}\n")
        sys.stdout.flush()
        if number < fidelity:
            near.append(measure(network, x, target, maps))
    return {"weights_sha256": network.sha256, "scans": scans, "threads": THREADS, "seconds": seconds, "fidelity": near}


def _warm_up(network: Network, x: torch.Tensor, target: Target) -> None:
    for method in ("lrp", "grad_cam"):
        STOCK[method](network, x, target.index, target.index)
        run(method, network, x, target)


def _spread(task: str, count: int) -> list[Any]:
    """The samples of a task, one of each class in turn."""
    by_class: dict[str, list[Any]] = {}
    for sample in list_samples():
        if sample.task == task:
            by_class.setdefault(sample.label, []).append(sample)
    in_turn = [
        group[place]
        for place in range(max(map(len, by_class.values())))
        for group in by_class.values()
        if place < len(group)
    ]
    return in_turn[:count]


def _say(seconds: dict[str, dict[str, list[float]]]) -> str:
    parts = [f"{method} {both['stock'][-1]:.2f} / {both['ours'][-1]:.2f}" for method, both in seconds.items()]
    stock, ours = (sum(both[whose][-1] for both in seconds.values()) for whose in ("stock", "ours"))
    return f"{', '.join(parts)}; all {stock:.1f} / {ours:.1f} s, {stock / ours:.1f} times"


if __name__ == "__main__":
    main()
