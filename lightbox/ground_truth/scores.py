"""What is known of a network's maps of one phantom, and how it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.explainers import METHODS, complete_params
from lightbox.jobs import Work
from lightbox.jobs.request import fingerprint, make_key
from lightbox.networks import NETWORKS
from lightbox.phantoms.phantom import GENERATOR_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from lightbox.explainers import ParamValue
    from lightbox.metrics.localisation import Localisation
    from lightbox.networks import Card

# Side of the grid on which maps are averaged over many phantoms.
GRID = 56
SIZE = 512
CALL = "lightbox.ground_truth.worker:score_phantom"
# Two methods take as long as they are given: fixed work for each, stated in the table.
PARAMS: dict[str, dict[str, ParamValue]] = {
    "lime": {"samples": 128},
    "integrated_gradients": {"steps": 64, "until_complete": False},
}


@dataclass(frozen=True, slots=True, eq=False)
class MapScore:
    """One method's map of one phantom.

    Args:
        localisation: None where the map was withheld, or the network's crop leaves nothing of the mask.
        seconds: of the method alone.
        withheld: why the map was withheld, "" where it was not.
        failed: whether a check of the map failed.
        picture: (GRID, GRID) float32, the positive relevance, of mean 1 / pixels; None where there is none.
    """

    localisation: Localisation | None
    seconds: float
    withheld: str
    failed: bool
    picture: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True, eq=False)
class PhantomScore:
    """One phantom as one network sees it.

    Args:
        label: key of its true class.
        seed: what it was made from.
        predicted: key of the class that the network calls it.
        mask: (GRID, GRID) float32, the share of each cell that the mask covers.
        maps: by method, each of the true class; empty for a healthy phantom.
    """

    label: str
    seed: int
    predicted: str
    mask: NDArray[np.float32]
    maps: Mapping[str, MapScore]

    @property
    def right(self) -> bool:
        """Whether the network calls it what it is."""
        return self.predicted == self.label


def is_slower(method: str) -> bool:
    """Whether it takes more than about one pass, so that it may be given fewer scans than the others."""
    return METHODS[method].cost != "fast"


def complete_methods(
    network: str, methods: Iterable[str], own: Mapping[str, Mapping[str, ParamValue]] | None = None
) -> dict[str, dict[str, ParamValue]]:
    """Every parameter of each method, defaults included; ``own`` goes before `PARAMS`.

    Raises:
        UserFacingError: an unknown method or parameter, or a value out of range.
    """
    chosen = {}
    for method in methods:
        given = {**PARAMS.get(method, {}), **(own or {}).get(method, {})}
        chosen[method] = complete_params(METHODS[method], NETWORKS[network], given)
    return chosen


def score_work(
    card: Card, label: str, seed: int, methods: Mapping[str, Mapping[str, ParamValue]], *, size: int = SIZE
) -> Work:
    """Ask the engine for one `PhantomScore`.

    Raises:
        UserFacingError: the network does not tell the class apart, so that no map of it could be scored.
    """
    if label not in card.classes:
        raise UserFacingError(
            f"{NETWORKS[card.network].title} tells {', '.join(card.classes)} apart and knows no class {label!r}, which "
            "this synthetic scan is of.",
            "Choose a network with the classes of the task.",
        )
    settings = {method: dict(params) for method, params in methods.items()}
    key = make_key(
        kind="phantom score",
        card=fingerprint(card),
        label=label,
        seed=seed,
        size=size,
        methods=settings,
        generator=GENERATOR_VERSION,
    )
    arguments = {"card": card, "label": label, "seed": seed, "size": size, "methods": settings}
    return Work(key, CALL, arguments)
