"""From the numbers of a map to colours, and where the colours end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Jet is not here and is not to be added: its bright bands draw edges that the numbers do not have.
SIGNED, UNSIGNED = "coolwarm", "cividis"
COLOURMAPS = (SIGNED, UNSIGNED, "inferno", "gray")
# An odd number of steps, so that one of them is exactly the middle.
STEPS = 257
NO_DATA = (255, 255, 255)
CLIP_PERCENTILE = 99.5


@dataclass(frozen=True, slots=True)
class Scale:
    """Where the colours of one or several maps end.

    Args:
        limit: the value, 0 or more, with the last colour; signed colours also end at ``-limit``.
        signed: whether negative values have colours of their own.
        clipped_percentile: the percentile of |value| that ``limit`` is, None where no value lies beyond ``limit``.
        clipped_share: the share, 0..1, of values beyond ``limit``.
    """

    limit: float
    signed: bool
    clipped_percentile: float | None = None
    clipped_share: float = 0.0

    @property
    def sentence(self) -> str:
        """For the caption: whether strong values share the last colour."""
        if self.limit == 0:
            return "The map is zero everywhere."
        ends = f"Colours end at ±{self.limit:.3g}" if self.signed else f"Colours run from 0 to {self.limit:.3g}"
        if self.clipped_percentile is None:
            return f"{ends}, the largest value."
        return (
            f"{ends}, the {self.clipped_percentile:g}th percentile of the magnitudes; "
            f"the strongest {100 * self.clipped_share:.2g} % share the last colour."
        )


def scale_limit(values: NDArray[Any], *, signed: bool = True, percentile: float | None = CLIP_PERCENTILE) -> Scale:
    """The scale that fits ``values``.

    A relevance map has a few pixels far above all others; on a scale up to the largest of them the
    rest looks empty. So the scale ends at a percentile, and says so. Where that percentile is zero
    (a map of few pixels), it ends at the largest value.

    Args:
        values: any shape; several maps on one shared scale are passed as one array. NaN (outside the
            crop) is left out.
        signed: False for maps without negative evidence; negative values are then below the scale.
        percentile: of the magnitudes, in 0..100; None or 100 for the largest.
    """
    finite = np.asarray(values)[np.isfinite(values)]
    magnitudes = np.abs(finite) if signed else np.maximum(finite, 0)
    largest = float(magnitudes.max(initial=0))
    if percentile is None or largest == 0:
        return Scale(largest, signed)
    limit = float(np.percentile(magnitudes, percentile))
    beyond = float((magnitudes > limit).mean())
    if limit == 0 or beyond == 0:
        return Scale(largest, signed)
    return Scale(limit, signed, percentile, beyond)


def colour_signed(values: NDArray[Any], limit: float) -> NDArray[np.uint8]:
    """(H, W, 3) coolwarm: blue at ``-limit``, a neutral light grey at exactly zero, red at ``limit``.

    Args:
        values: (H, W); beyond the limit they get the last colour, NaN is white.
        limit: 0 or more; 0 draws everything neutral.
    """
    return _colour(0.5 + 0.5 * np.clip(_shares(values, limit), -1, 1), SIGNED)


def colour_unsigned(values: NDArray[Any], limit: float, *, colourmap: str = UNSIGNED) -> NDArray[np.uint8]:
    """(H, W, 3) from the first colour at zero and below to the last at ``limit`` and above; NaN is white.

    Args:
        values: (H, W).
        limit: 0 or more.
        colourmap: "cividis", "inferno" or "gray".
    """
    return _colour(np.clip(_shares(values, limit), 0, 1), colourmap)


def colour(values: NDArray[Any], scale: Scale) -> NDArray[np.uint8]:
    """(H, W, 3) in the colours of the scale's kind."""
    return colour_signed(values, scale.limit) if scale.signed else colour_unsigned(values, scale.limit)


@cache
def table(colourmap: str) -> NDArray[np.uint8]:
    """(257, 3) read-only colours of one of `COLOURMAPS`; entry 128 is the middle."""
    if colourmap not in COLOURMAPS:
        raise ValueError(f"a colour map is one of {COLOURMAPS}, not {colourmap!r}")
    from matplotlib import colormaps

    colours = colormaps[colourmap].resampled(STEPS)(np.arange(STEPS), bytes=True)[:, :3]
    colours = np.ascontiguousarray(colours, dtype=np.uint8)
    colours.setflags(write=False)
    return colours


def _shares(values: NDArray[Any], limit: float) -> NDArray[np.float64]:
    """Values as shares of the limit; NaN stays NaN."""
    values = np.asarray(values, dtype=np.float64)
    if limit <= 0:
        return np.where(np.isnan(values), np.nan, 0.0)
    with np.errstate(over="ignore"):  # what is infinite is clipped by the caller
        return values / limit


def _colour(shares: NDArray[np.float64], colourmap: str) -> NDArray[np.uint8]:
    """The table's colour for shares in 0..1."""
    missing = np.isnan(shares)
    steps = np.rint(np.where(missing, 0, shares) * (STEPS - 1)).astype(np.intp)
    colours: NDArray[np.uint8] = table(colourmap)[steps]
    colours[missing] = NO_DATA
    return colours
