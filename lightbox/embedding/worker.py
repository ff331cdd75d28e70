"""What a worker does to place one scan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from lightbox.core.errors import UserFacingError
from lightbox.embedding import tsne
from lightbox.embedding.features import extract
from lightbox.embedding.placing import Place
from lightbox.jobs.worker import held_networks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.embedding.atlas import Atlas
    from lightbox.jobs.request import Progress
    from lightbox.networks.card import Card


def place(*, card: Card, atlas: Atlas, prepared: NDArray[np.float32], progress: Progress) -> Place:
    """Features, distance and position of one prepared scan.

    Raises:
        LogitError: the network's answer is no number.
        UserFacingError: one of its features is not.
    """
    with held_networks.borrow(card) as network:
        progress(0.1)
        features = extract(network, prepared[None])
    if not all(np.isfinite(part).all() for part in (features.pooled, *features.blocks)):
        raise UserFacingError(
            f"{network.spec.title} gave a feature that is not finite, so this scan has no place among the others.",
            "Choose another network, or train this one again.",
        )
    progress(0.3)
    vector = (features.pooled @ atlas.basis)[0].astype(np.float32)
    return Place(
        vector=vector,
        position=tsne.place(vector, atlas.vectors, atlas.positions, perplexity=atlas.perplexity),
        distance=float(atlas.familiarity.measure(features.blocks)[0]),
        probabilities=network.probabilities(torch.from_numpy(features.logits[0])).numpy(),
    )
