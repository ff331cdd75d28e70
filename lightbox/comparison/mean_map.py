"""Where a network looks on average: one map over several scans, each weighing the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.core.errors import UserFacingError
from lightbox.explainers import METHODS, complete_params
from lightbox.jobs import Work
from lightbox.jobs.request import check_view, fingerprint, make_key
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lightbox.imaging.preprocess import Prepared
    from lightbox.networks import Card


@dataclass(frozen=True, slots=True, eq=False)
class MeanMap:
    """The mean over some scans of one method's maps of one class.

    Args:
        values: (S, S) float32, signed where the method is; see `average`.
        scans: maps in the mean.
        silent: of these, maps that are zero everywhere.
        withheld: maps that were withheld, and so are not in the mean.
        failed: maps in the mean that failed a check of their own.
        seconds: of all maps together.
    """

    values: NDArray[np.float32]
    scans: int
    silent: int
    withheld: int
    failed: int
    seconds: float


def average(maps: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """(H, W) float32: the mean of raw maps, each divided by the sum of its absolute values first.

    Relevance has the unit of the logit, so that without the division the surest scan would drown the others. A map
    that is zero everywhere stays zero, and counts.

    Args:
        maps: (H, W) each, one or more.
    """
    total = np.zeros(maps[0].shape, dtype=np.float64)
    for values in maps:
        weight = np.abs(values, dtype=np.float64).sum()
        if weight > 0:
            total += values / weight
    mean: NDArray[np.float32] = (total / len(maps)).astype(np.float32)
    return mean


def mean_map_work(card: Card, method: str, views: Sequence[Prepared], label: str, *, kept: bool = True) -> Work:
    """Ask the engine for a `MeanMap`.

    Args:
        card: of the network.
        method: key of the method, with its presets.
        views: what the network sees of each scan, one or more.
        label: key of the class that is explained.
        kept: whether the result may be held for whoever asks the same.

    Raises:
        UserFacingError: the network does not know the class.
        ValueError: a view was prepared for another network.
    """
    for view in views:
        check_view(card, view)
    if label not in card.classes:
        raise UserFacingError(f"The network knows no class {label!r}.", f"Choose one of: {', '.join(card.classes)}.")
    params = complete_params(METHODS[method], NETWORKS[card.network], {})
    index = card.classes.index(label)
    key = make_key(
        kind="mean map",
        prepared=[view.sha256 for view in views],
        card=fingerprint(card),
        method=method,
        params=params,
        target=index,
    )
    prepared = np.stack([view.pixels for view in views])
    arguments = {"card": card, "method": method, "prepared": prepared, "index": index, "params": params}
    return Work(key, "lightbox.comparison.worker:mean_map", arguments, kept=kept)
