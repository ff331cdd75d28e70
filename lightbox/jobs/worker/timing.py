"""What a worker does to time a network."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from lightbox.jobs.worker import held_networks

if TYPE_CHECKING:
    from lightbox.jobs.request import Progress
    from lightbox.networks.card import Card

WARM_UP = 2
REPEATS = 9


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one scan takes a network.

    Args:
        seconds: median wall time of a forward pass on one prepared scan, the answer fetched.
        repeats: passes timed.
        device: "cpu" or "cuda".
        threads: of a worker on the CPU.
    """

    seconds: float
    repeats: int
    device: str
    threads: int


def time_network(*, card: Card, progress: Progress) -> Timing:
    """The time of one scan, after two passes that nobody counts."""
    import numpy as np
    import torch

    size = card.preprocessing.size
    seconds = []
    with held_networks.borrow(card) as network:
        device = held_networks.device()
        x = network.to_input(np.full((size, size), 0.5, dtype=np.float32)).to(device)
        for turn in range(WARM_UP + REPEATS):
            progress(turn / (WARM_UP + REPEATS))
            begun_at = time.perf_counter()
            network.logits(x).cpu()
            seconds.append(time.perf_counter() - begun_at)
    return Timing(median(seconds[WARM_UP:]), REPEATS, device.type, torch.get_num_threads())
