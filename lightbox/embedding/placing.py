"""Asks for a new scan's place in a network's feature space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lightbox.jobs.request import Work, check_view, fingerprint, make_key

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lightbox.embedding.atlas import Atlas
    from lightbox.imaging.preprocess import Prepared
    from lightbox.networks.card import Card


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where a scan lies.

    Args:
        vector: (K,) float32, on the atlas's axes.
        position: (2,) float32, on the atlas's plane.
        distance: to what the network has seen, see `Familiarity`.
        probabilities: (classes,) float32, the network's answer.
    """

    vector: NDArray[np.float32]
    position: NDArray[np.float32]
    distance: float
    probabilities: NDArray[np.float32]


def place_work(card: Card, atlas: Atlas, view: Prepared) -> Work:
    """Ask the engine for the `Place` of a scan.

    Args:
        card: of the network, the one that the atlas was made with.
        atlas: the known scans.
        view: what the network sees of the scan.

    Raises:
        ValueError: the view was prepared for another network.
    """
    check_view(card, view)
    key = make_key(kind="place", prepared=view.sha256, card=fingerprint(card), atlas=atlas.digest)
    arguments = {"card": card, "atlas": atlas, "prepared": view.pixels}
    return Work(key, "lightbox.embedding.worker:place", arguments, urgent=True)
