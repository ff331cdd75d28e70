"""Whether a map points at the evidence, where it is known where the evidence is.

Every measure reads the positive relevance ``P = max(R, 0)`` of a map R: what speaks against a class says
nothing about where the class is (the pooling "sum,pos" of Arras et al. 2022). On a map that
is blind to the mask, each of them is on average the mask's share of the area.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEASURES = ("pointing", "mass", "rank")


@dataclass(frozen=True, slots=True)
class Localisation:
    """How one map lies to one mask; each measure in 0..1.

    Args:
        pointing: see `pointing_game`.
        mass: see `relevance_mass_accuracy`.
        rank: see `relevance_rank_accuracy`.
        area: the mask's share of the grid: what a map that knows nothing would score.
        positive: whether there is any positive relevance. Without it the map names no place, and all three are 0.
    """

    pointing: float
    mass: float
    rank: float
    area: float
    positive: bool


def localise(values: NDArray[Any], mask: NDArray[np.bool_]) -> Localisation | None:
    """All measures of one map; None where the mask is empty: then there is nothing to point at.

    Args:
        values: (H, W) raw relevance for the class. A map that was withheld is not to be scored: leave it out.
        mask: (H, W) where the evidence is.

    Raises:
        ValueError: shapes differ, or a value is not finite.
    """
    positive, inside = _check(values, mask)
    if not inside.any():
        return None
    return Localisation(
        pointing=pointing_game(positive, inside),
        mass=relevance_mass_accuracy(positive, inside),
        rank=relevance_rank_accuracy(positive, inside),
        area=float(inside.mean()),
        positive=bool(positive.any()),
    )


def pointing_game(values: NDArray[Any], mask: NDArray[np.bool_]) -> float:
    """1 where the map's maximum lies inside the mask, 0 where it lies outside; tolerance 0 pixels.

    Where several pixels share the maximum (a superpixel of LIME, say), the share of them that is inside: the chance
    of a hit for one of them drawn at random. 0 where no value is positive.

    Note:
        The paper allows 15 pixels beside an object's outline. Here the maximum itself must hit.

    Reference:
        Zhang et al. (2018), Top-down neural attention by excitation backprop, arXiv:1608.00507, section 4.2.
    """
    positive, inside = _check(values, mask)
    if not positive.any():
        return 0.0
    return float(inside[positive == positive.max()].mean())


def relevance_mass_accuracy(values: NDArray[Any], mask: NDArray[np.bool_]) -> float:
    """The share of the positive relevance that lies inside: sum of P over the mask, by sum of P over the map.

    0 where no value is positive.

    Reference:
        Arras, Osman, Samek (2022), CLEVR-XAI, arXiv:2003.07258, "relevance mass accuracy".
    """
    positive, inside = _check(values, mask)
    if not positive.any():
        return 0.0
    scaled = positive / positive.max()  # sums of huge values stay finite
    return float(scaled[inside].sum() / scaled.sum())


def relevance_rank_accuracy(values: NDArray[Any], mask: NDArray[np.bool_]) -> float:
    """Of the K most relevant pixels, K being the mask's size, the share that lies inside it.

    Where the K-th place is shared by more pixels than fit, they count by the share of them that is inside:
    the mean over every order of equals. 0 for an empty mask.

    Note:
        The paper ranks every pixel. Here a pixel without positive relevance has no rank, so that a map
        with few positive pixels is not filled up by chance.

    Reference:
        Arras, Osman, Samek (2022), CLEVR-XAI, arXiv:2003.07258, "relevance rank accuracy": |P_topK and GT| / |GT|.
    """
    positive, inside = _check(values, mask)
    count = int(inside.sum())
    if count == 0:
        return 0.0
    edge = np.partition(positive, positive.size - count, axis=None)[positive.size - count]
    above = positive > edge
    hits = float((above & inside).sum())
    if edge > 0:
        places = count - int(above.sum())
        hits += places * float(inside[positive == edge].mean())
    return hits / count


def _check(values: NDArray[Any], mask: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    relevance = np.asarray(values, dtype=np.float64)
    if relevance.shape != mask.shape or mask.dtype != np.bool_:
        raise ValueError(f"a map of shape {relevance.shape} and a mask of {mask.shape} {mask.dtype} do not match")
    if not np.isfinite(relevance).all():
        raise ValueError("a map that is not finite says nothing about a place")
    return np.maximum(relevance, 0), mask
