"""What a worker process does for a mean map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lightbox.comparison.mean_map import MeanMap, average
from lightbox.core.errors import UserFacingError
from lightbox.explainers import METHODS, Target, run
from lightbox.jobs.worker import held_networks

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from lightbox.explainers import ParamValue
    from lightbox.jobs.request import Progress
    from lightbox.networks import Card


def mean_map(
    *,
    card: Card,
    method: str,
    prepared: NDArray[np.float32],
    index: int,
    params: Mapping[str, ParamValue],
    progress: Progress,
) -> MeanMap:
    """Explain each scan, and average.

    Raises:
        UserFacingError: every map was withheld.
    """
    held_networks.import_engines()
    settings: dict[str, Any] = dict(params)
    found = []
    with held_networks.borrow(card) as network:
        for number, pixels in enumerate(prepared):

            def advance(fraction: float, done: int = number) -> None:
                progress((done + fraction) / len(prepared))

            x = network.to_input(pixels).to(held_networks.device())
            found.append(run(METHODS[method], network, x, Target(index), progress=advance, **settings))
    kept = [each for each in found if not each.withheld]
    if not kept:
        raise UserFacingError(
            f"Each of the {len(found)} maps was withheld, so there is no mean: {found[0].withheld}",
            "Choose another method.",
        )
    return MeanMap(
        values=average([each.values for each in kept]),
        scans=len(kept),
        silent=sum(not each.values.any() for each in kept),
        withheld=len(found) - len(kept),
        failed=sum(each.failed for each in kept),
        seconds=sum(each.seconds for each in found),
    )
