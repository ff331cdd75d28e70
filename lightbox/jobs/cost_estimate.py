"""What a map is expected to cost, before it is computed: who goes first, and who may use the place for quick work.

Two things decide: the method's ``cost`` and the network's ``pass_seconds``, each of which stands in its spec. No time
is measured while the program runs: the order is the same on every machine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from lightbox.explainers import METHODS
from lightbox.networks import NETWORKS

# In passes through the same network, at the presets; ``make bench`` times the methods. LRP and contrastive LRP are a
# few with their gradients, Integrated Gradients one for each point that it may take, LIME one for each sample.
PASSES = {"fast": 6, "medium": 80, "slow": 256}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a computation is expected to cost.

    Args:
        quick: whether a person may wait for it: a few passes.
        seconds: on one core with nothing else to do; tells which goes first, and nobody is told.
    """

    quick: bool = False
    seconds: float = math.inf


def of_map(method: str, network: str) -> Expected:
    """A map at the method's presets; an architecture or method that is not known is expected to take for ever."""
    if method not in METHODS or network not in NETWORKS:
        return Expected()
    cost = METHODS[method].cost
    return Expected(cost == "fast", PASSES[cost] * NETWORKS[network].pass_seconds)
