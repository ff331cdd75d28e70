"""Makes an atlas from features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lightbox.embedding import tsne
from lightbox.embedding.atlas import Atlas, Rate
from lightbox.embedding.familiarity import learn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lightbox.embedding.features import Features
    from lightbox.networks.card import Card

AXES = 32
# Where the features are many, fewer axes keep the file small: 24 for ResNet50's 2048.
MOST_NUMBERS = 24 * 2048


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The scans that an atlas shows.

    Args:
        names: (N,) as in an `Atlas`.
        sha256: (N,) as in an `Atlas`.
        labels: (N,) int64, index of the true class.
        phantom: (N,) bool.
        features: of the N scans.
    """

    names: tuple[str, ...]
    sha256: tuple[str, ...]
    labels: NDArray[np.int64]
    phantom: NDArray[np.bool_]
    features: Features


def build_atlas(
    card: Card,
    known: Known,
    seen: Features,
    *,
    measured: Mapping[str, Sequence[NDArray[np.float32]]],
    settings: Mapping[str, Any],
) -> Atlas:
    """The atlas of a network.

    Args:
        card: of the network.
        known: scans to show.
        seen: features of scans that the network was trained on: what is familiar.
        measured: by group of `strangers.GROUPS`, the blocks of features of pictures to try the verdict on.
        settings: how the scans were chosen, for the file.
    """
    familiarity = learn(seen.blocks)
    rates = []
    for group, blocks in measured.items():
        distances = familiarity.measure(blocks)
        rates.append(Rate(group, len(distances), sum(map(familiarity.is_far, distances))))
    basis, kept = main_axes(known.features.pooled)
    vectors = (known.features.pooled @ basis).astype(np.float16).astype(np.float32)
    perplexity = tsne.fitting_perplexity(len(vectors))
    return Atlas(
        task=card.task,
        network=card.network,
        classes=card.classes,
        weights_sha256=card.sha256,
        names=known.names,
        sha256=known.sha256,
        labels=known.labels,
        predicted=known.features.logits.argmax(axis=1).astype(np.int64),
        phantom=known.phantom,
        vectors=vectors,
        basis=basis,
        kept=kept,
        positions=tsne.lay_out(vectors, perplexity=perplexity),
        perplexity=perplexity,
        familiarity=familiarity,
        rates=tuple(rates),
        settings=settings,
    )


def main_axes(pooled: NDArray[np.float32]) -> tuple[NDArray[np.float32], float]:
    """(D, K) axes, rounded to float16, and the share of the squared length that they hold.

    Singular vectors of the uncentred features: with the mean left in, lengths and angles, and so both kinds of
    neighbours, are those of the full features but for what the axes leave out.
    """
    _, singular, rows = np.linalg.svd(pooled.astype(np.float64), full_matrices=False)
    count = min(AXES, MOST_NUMBERS // pooled.shape[1])
    axes = rows[:count].T
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    basis = (axes * signs).astype(np.float16).astype(np.float32)
    return basis, float((singular[:count] ** 2).sum() / (singular**2).sum())
