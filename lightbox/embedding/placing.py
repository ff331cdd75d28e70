"""Asks for a new scan's place in a network's feature space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lightbox.imaging.preprocess import prepare
from lightbox.jobs.request import Work, digest, fingerprint, make_key

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lightbox.embedding.atlas import Atlas
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


def place_work(card: Card, atlas: Atlas, pixels: NDArray[np.float32]) -> Work:
    """Ask the engine for the `Place` of a scan.

    Args:
        card: of the network, the one that the atlas was made with.
        atlas: the known scans.
        pixels: (H, W) float32 in 0..1 at native resolution.
    """
    prepared = prepare(pixels, card.preprocessing).pixels
    key = make_key(kind="place", prepared=digest(prepared), card=fingerprint(card), atlas=atlas.digest)
    return Work(
        key, "lightbox.embedding.worker:place", {"card": card, "atlas": atlas, "prepared": prepared}, urgent=True
    )
