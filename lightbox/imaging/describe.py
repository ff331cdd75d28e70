"""A map in words, for people who do not see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lightbox.core.percent import whole_percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROWS, COLUMNS = ("upper", "middle", "lower"), ("left", "middle", "right")
# A smaller region says more: it is named as soon as it holds more than half of the relevance.
ENOUGH = 0.5
# A last digit must not decide: what lies exactly in the middle, and exactly half, is on no side.
LAST_DIGIT = 1e-9
# How far a border, and a corner, reach into the picture, as a share of its side.
BORDER = 1 / 8
# Where no third holds more than this share, the relevance is spread out; nine equal thirds hold 0.11 each.
DIFFUSE = 0.25
CORNER_KIND, BORDER_KIND, FIELD_KIND, QUARTER_KIND, BAND_KIND = "corner", "border", "field", "quarter", "band"


class Region(NamedTuple):
    """A rectangle of the picture that has a name.

    Args:
        words: "upper right third", "left border".
        kind: "corner", "border", "field" (one of the nine thirds), "quarter", "band" (a row or a column of thirds).
        top: where it begins, as a share of the height.
        bottom: where it ends.
        left: where it begins, as a share of the width.
        right: where it ends.
    """

    words: str
    kind: str
    top: float
    bottom: float
    left: float
    right: float

    def share(self, weights: NDArray[np.float64]) -> float:
        """The share, 0..1, of all weight that lies inside; a pixel belongs to where its centre lies.

        Args:
            weights: (H, W), finite, 0 or more, not all 0.
        """
        height, width = weights.shape
        down, across = _inside(self.top, self.bottom, height), _inside(self.left, self.right, width)
        scaled = weights / weights.max()  # the division keeps sums of huge values finite
        return float(scaled[down, across].sum() / scaled.sum())


class Place(NamedTuple):
    """Where a map's weight lies.

    Args:
        region: the field, quarter or band that holds more than half of it, None where none does.
        share: what the region holds, 0..1; of no region what the fullest field holds.
        edge: the corner or border that holds more than half of it, None where none does.
    """

    region: Region | None
    share: float
    edge: Region | None

    @property
    def diffuse(self) -> bool:
        """Whether it is spread over the picture, rather than lying in several places."""
        return self.region is None and self.share <= DIFFUSE


def find_place(weights: NDArray[np.float64]) -> Place:
    """The one rule for places: the smallest region with a name that holds more than half of the weight.

    Of the nine fields of a 3 x 3 grid the fullest, else the fullest of the four quarters, else of the six bands.
    Corners and borders are told besides, since they lie inside these.

    Args:
        weights: (H, W), finite, 0 or more, not all 0.
    """
    fullest = {kind: _fullest(weights, kind) for kind in (FIELD_KIND, QUARTER_KIND, BAND_KIND)}
    for share, region in fullest.values():
        if is_enough(share):
            return Place(region, share, _edge(weights))
    return Place(None, fullest[FIELD_KIND][0], _edge(weights))


def _fullest(weights: NDArray[np.float64], kind: str) -> tuple[float, Region]:
    """The region of a kind that holds most, and what it holds; the first of equals."""
    return max(((region.share(weights), region) for region in REGIONS if region.kind == kind), key=lambda each: each[0])


def is_enough(share: float) -> bool:
    """Whether a share is more than half."""
    return share > ENOUGH + LAST_DIGIT


def _edge(weights: NDArray[np.float64]) -> Region | None:
    for kind in (CORNER_KIND, BORDER_KIND):
        share, region = _fullest(weights, kind)
        if is_enough(share):
            return region
    return None


def _inside(start: float, end: float, count: int) -> slice:
    """Which of ``count`` pixels have their centres between two shares of the side."""
    inside = np.flatnonzero((np.arange(count) + 0.5 >= start * count) & (np.arange(count) + 0.5 < end * count))
    return slice(int(inside[0]), int(inside[-1]) + 1) if inside.size else slice(0)


def _name_regions() -> tuple[Region, ...]:
    """Corners, borders, fields, quarters and bands, in that order."""
    ends, thirds = {0: (0.0, BORDER), 2: (1 - BORDER, 1.0)}, [(0, 1 / 3), (1 / 3, 2 / 3), (2 / 3, 1.0)]
    regions = [
        Region(f"{ROWS[row]} {COLUMNS[column]} corner", CORNER_KIND, *down, *across)
        for row, down in ends.items()
        for column, across in ends.items()
    ]
    regions += [Region(f"{ROWS[row]} border", BORDER_KIND, *down, 0.0, 1.0) for row, down in ends.items()]
    regions += [Region(f"{COLUMNS[column]} border", BORDER_KIND, 0.0, 1.0, *across) for column, across in ends.items()]
    for row, vertical in enumerate(ROWS):
        for column, horizontal in enumerate(COLUMNS):
            words = "central third" if row == column == 1 else f"{vertical} {horizontal} third"
            regions.append(Region(words, FIELD_KIND, *thirds[row], *thirds[column]))
    halves = {0: (0.0, 0.5 - LAST_DIGIT), 2: (0.5 + LAST_DIGIT, 1.0)}
    regions += [
        Region(f"{ROWS[row]} {COLUMNS[column]} quarter", QUARTER_KIND, *down, *across)
        for row, down in halves.items()
        for column, across in halves.items()
    ]
    for index in range(3):
        across = "middle third from top to bottom" if index == 1 else f"{ROWS[index]} third"
        down = "middle third from left to right" if index == 1 else f"{COLUMNS[index]} third"
        regions.append(Region(across, BAND_KIND, *thirds[index], 0.0, 1.0))
        regions.append(Region(down, BAND_KIND, 0.0, 1.0, *thirds[index]))
    return tuple(regions)


REGIONS = _name_regions()
FOR, AGAINST = "evidence for the class", "evidence against it"


def describe(values: NDArray[Any], *, signed: bool = True) -> str:
    """Where a map's evidence lies, in one to three sentences that depend on nothing but the map.

    "71 % of the evidence for the class lies in the lower right third; the strongest point is 80 % of the
    way from left to right and 75 % from top to bottom." Left and right are those of the picture.
    The region named is one of the nine fields where one holds more than half, else a quarter, else one of the six
    bands (a row or a column of fields) where one does; see `find_place`. Else the evidence lies in several places, or
    is spread out.

    Args:
        values: (H, W); on the native scan the words are about the whole scan, on the network's grid
            about its crop. NaN (outside the crop) counts as nothing.
        signed: whether negative values mean evidence against the class.
    """
    known = np.nan_to_num(np.asarray(values, dtype=np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    positive, negative = np.maximum(known, 0), np.maximum(-known, 0)
    if not signed:
        return _where(positive, "evidence") if positive.any() else "The map is zero everywhere."
    if not known.any():
        return "The map is zero everywhere."
    if not positive.any():
        return f"There is no {FOR}. {_where(negative, AGAINST)}"
    if not negative.any():
        return f"{_where(positive, FOR)} There is no {AGAINST}."
    share = negative.sum() / np.abs(known).sum()
    weight = f"{whole_percent(share)} of all evidence is against it."
    return f"{_where(positive, FOR)} {weight[0].upper()}{weight[1:]} {_where(negative, AGAINST)}"


def find_strongest(weights: NDArray[np.float64]) -> tuple[int, int]:
    """(row, column) of the strongest point; where many share its value, as in a superpixel, the one in their middle."""
    rows, columns = np.nonzero(weights >= weights.max() * (1 - LAST_DIGIT))
    distance = (rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2
    nearest = int(distance.argmin())
    return int(rows[nearest]), int(columns[nearest])


def _where(weights: NDArray[np.float64], what: str) -> str:
    """The sentence about one sign."""
    row, column = find_strongest(weights)
    down = (row + 0.5) / weights.shape[0]
    across = (column + 0.5) / weights.shape[1]
    point = (
        f"the strongest point is {whole_percent(across)} of the way from left to right "
        f"and {whole_percent(down)} from top to bottom."
    )
    place = find_place(weights)
    if place.region is None:
        spread = "is spread over the picture" if place.diffuse else "lies in several places"
        return f"The {what} {spread}; {point}"
    return f"{whole_percent(place.share)} of the {what} lies in the {place.region.words}; {point}"
