"""A map in words, for people who do not see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROWS, COLUMNS = ("upper", "middle", "lower"), ("left", "middle", "right")
# A smaller region says more: it is named as soon as it holds half of the relevance.
ENOUGH = 0.5


class _Region(NamedTuple):
    """A part of the 3 x 3 grid: its words and which of the nine cells it has."""

    words: str
    cells: NDArray[np.bool_]


def describe(values: NDArray[Any], *, signed: bool = True) -> str:
    """Where a map's relevance lies, in one to three sentences that depend on nothing but the map.

    "71 % of the positive relevance lies in the lower right third; the strongest point is 80 % of the
    way from left to right and 75 % from top to bottom." Left and right are those of the picture.
    The region named is one of the nine fields where one holds at least half, else one of the six
    bands (a row or a column of fields) where one does; else the relevance is called spread out.

    Args:
        values: (H, W); on the native scan the words are about the whole scan, on the network's grid
            about its crop. NaN (outside the crop) counts as nothing.
        signed: whether negative values mean evidence against the class.
    """
    known = np.nan_to_num(np.asarray(values, dtype=np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    positive, negative = np.maximum(known, 0), np.maximum(-known, 0)
    if not signed:
        return _where(positive, "relevance") if positive.any() else "The map is zero everywhere."
    if not known.any():
        return "The map is zero everywhere."
    if not positive.any():
        return f"There is no positive relevance. {_where(negative, 'negative relevance')}"
    if not negative.any():
        return f"{_where(positive, 'positive relevance')} There is no negative relevance."
    share = negative.sum() / np.abs(known).sum()
    weight = f"Negative relevance is {_percent(share)} of the total magnitude."
    return f"{_where(positive, 'positive relevance')} {weight} {_where(negative, 'negative relevance')}"


def _where(weights: NDArray[np.float64], what: str) -> str:
    """The sentence about one sign."""
    cells = _ninths(weights / weights.max())  # the division keeps sums of huge values finite
    cells /= cells.sum()
    row, column = np.unravel_index(np.argmax(weights), weights.shape)
    down = (row + 0.5) / weights.shape[0]
    across = (column + 0.5) / weights.shape[1]
    point = (
        f"the strongest point is {_percent(across)} of the way from left to right "
        f"and {_percent(down)} from top to bottom."
    )
    region = _best(cells)
    if region is None:
        return f"The {what} is spread over the picture; {point}"
    return f"{_percent(cells[region.cells].sum())} of the {what} lies in the {region.words}; {point}"


def _best(cells: NDArray[np.float64]) -> _Region | None:
    """The region to name, None where the relevance is spread out."""
    for group in (_fields(), _bands()):
        best = max(group, key=lambda region: float(cells[region.cells].sum()))  # the first of equals
        if cells[best.cells].sum() >= ENOUGH:
            return best
    return None


def _ninths(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """(3, 3) sums over the thirds; a pixel belongs to the third that its centre lies in."""
    height, width = weights.shape
    rows = (3 * (np.arange(height) + 0.5) / height).astype(int)
    columns = (3 * (np.arange(width) + 0.5) / width).astype(int)
    sums = np.zeros((3, 3))
    np.add.at(sums, (rows[:, None], columns[None, :]), weights)
    return sums


def _fields() -> list[_Region]:
    """The nine fields."""
    regions = []
    for row, vertical in enumerate(ROWS):
        for column, horizontal in enumerate(COLUMNS):
            cells = np.zeros((3, 3), dtype=np.bool_)
            cells[row, column] = True
            words = "central third" if row == column == 1 else f"{vertical} {horizontal} third"
            regions.append(_Region(words, cells))
    return regions


def _bands() -> list[_Region]:
    """The three rows and the three columns."""
    regions = []
    for index in range(3):
        across, down = np.zeros((3, 3), dtype=np.bool_), np.zeros((3, 3), dtype=np.bool_)
        across[index], down[:, index] = True, True
        middle = index == 1
        regions.append(_Region("middle third from top to bottom" if middle else f"{ROWS[index]} third", across))
        regions.append(_Region("middle third from left to right" if middle else f"{COLUMNS[index]} third", down))
    return regions


def _percent(share: float) -> str:
    """A share as a whole number of per cent; neither 0 nor 100 unless it is exactly that."""
    rounded = round(100 * float(share))
    if rounded == 0 and share > 0:
        return "less than 1 %"
    if rounded == 100 and share < 1 - 1e-9:
        return "more than 99 %"
    return f"{rounded} %"
