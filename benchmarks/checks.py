"""The checks of the maps on real test scans: conservation, completeness, and how well LIME's surrogate fits.

Run with ``python -m benchmarks.checks DATA``, the folder with the test images as ``models/*/*/predictions.csv`` names
them. ``--record`` keeps the figures in ``docs/records/checks.json``.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from benchmarks.record import write_record
from lightbox.core.settings import PROJECT_DIR
from lightbox.core.tasks import TASKS
from lightbox.explainers import METHODS, Target, run
from lightbox.explainers.baselines import BASELINES
from lightbox.imaging.data_folder import read_verified
from lightbox.imaging.decode import decode
from lightbox.imaging.preprocess import prepare
from lightbox.metrics.predictions import PREDICTIONS_NAME, read_predictions
from lightbox.networks import NETWORKS, load_checkpoint, read_card, read_training_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from lightbox.networks import Network

A_CLASS = 2
# What is measured of which networks: the fast method on all of them, the slow ones on the small one.
LRP: dict[str, Any] = {"composite": "epsilon_plus_flat", "biases": "set aside"}
LRP_WORDS = "LRP: relevance at the pixels, of 1 at the logit"
SMALL = "convnet"
FILLS = ("black", "mean", "training_mean", "blur")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--a-class", type=int, default=A_CLASS, help="test scans of each class")
    parser.add_argument("--record", action="store_true", help="keep the figures in docs/records")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for task in TASKS:
        for network in NETWORKS:
            for what, value, failed in measure(arguments.data, task, network, arguments.a_class):
                row = rows.setdefault((what, network), {"values": [], "failed": 0})
                row["values"].append(round(value, 6))
                row["failed"] += failed
            sys.stdout.write(f"{task}/{network}\n")
            sys.stdout.flush()
    found = [
        {"what": what, "network": NETWORKS[network].title, "maps": len(row["values"]), **row}
        for (what, network), row in sorted(rows.items())
    ]
    for row in found:
        low, middle, high = min(row["values"]), statistics.median(row["values"]), max(row["values"])
        print(f"{row['what']:60} {row['network']:9} {row['maps']:3} {low:9.5f} {middle:9.5f} {high:9.5f}")
    if arguments.record:
        write_record(
            "checks", {"rows": found}, command=f"python -m benchmarks.checks DATA --a-class {arguments.a_class}"
        )


def measure(data: Path, task: str, key: str, a_class: int) -> Iterator[tuple[str, float, bool]]:
    """What was checked in words, its figure, and whether the check failed, for map after map."""
    card = read_card(PROJECT_DIR / "models" / task / key)
    network, mean = load_checkpoint(card), read_training_mean(card)
    answers = read_predictions(card.folder / PREDICTIONS_NAME, card)
    for index in range(len(card.classes)):
        places = [place for place, label in enumerate(answers.labels) if label == index][:a_class]
        for place in places:
            content = read_verified(data, answers.names[place], answers.sha256[place])
            x = network.to_input(prepare(decode(content, task).pixels, card.preprocessing).pixels)
            target = Target(int(network.logits(x)[0].argmax()))
            yield from check(network, x, target, mean)


def check(
    network: Network, x: torch.Tensor, target: Target, mean: NDArray[np.float32] | None
) -> Iterator[tuple[str, float, bool]]:
    """The figures of one scan."""
    yield LRP_WORDS, *first_check(network, x, target, "lrp", LRP)
    if network.spec.key != SMALL:
        return
    for baseline in FILLS:
        if baseline == "training_mean" and mean is None:
            continue
        title = BASELINES[baseline].title.lower()
        steps: dict[str, Any] = {"baseline": baseline, "steps": 64, "until_complete": False}
        found = first_check(network, x, target, "integrated_gradients", steps)
        yield f"Integrated Gradients, 64 steps from {title}: gap", *found
        yield f"LIME, filled with {title}: R²", *first_check(network, x, target, "lime", {"baseline": baseline})


def first_check(
    network: Network, x: torch.Tensor, target: Target, method: str, params: dict[str, Any]
) -> tuple[float, bool]:
    """The figure of a map's first check, and whether the check failed."""
    found = run(METHODS[method], network, x, target, **params).checks[0]
    return found.value, found.passed is False


if __name__ == "__main__":
    main()
