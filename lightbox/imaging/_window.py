"""From stored values to 0..1: ranges, windows, luminance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONSTANT_NOTE = "Every pixel of the picture has the same value."
COLOUR_SPREAD = 0.06
COLOURED_SHARE = 0.001


def stretch(
    values: NDArray[Any], notes: list[str], *, valid: NDArray[np.bool_] | None = None
) -> tuple[NDArray[np.float32], tuple[float, float] | None]:
    """Values mapped linearly so that their lowest becomes 0 and their highest 1.

    Args:
        values: (H, W) finite numbers.
        notes: a sentence is added where the values are all equal; they become 0 then.
        valid: (H, W) where the range is taken from; elsewhere values are clipped to it. None: everywhere.

    Returns:
        (H, W) float32 in 0..1, and (lowest, highest), None for a constant picture.
    """
    chosen = values if valid is None else values[valid]
    low, high = float(chosen.min()), float(chosen.max())
    if not low < high:
        notes.append(CONSTANT_NOTE)
        return np.zeros(values.shape, dtype=np.float32), None
    # Dividing first keeps ranges near the largest float from overflowing.
    return np.clip(values / (high - low) - low / (high - low), 0, 1).astype(np.float32), (low, high)


def luminance(colours: NDArray[Any], full: float) -> tuple[NDArray[np.float32], bool]:
    """Grey value of each pixel in 0..1, and whether the picture is truly coloured.

    Equal channels give back exactly that channel. Truly coloured means that in more than one pixel
    of a thousand the channels differ by more than 6 % of full scale, beyond what JPEG makes of grey.

    Args:
        colours: (H, W, 3) in 0..full.
        full: the value of white.

    Reference:
        ITU-R BT.601-7, section 2.5.1: weights 0.299, 0.587, 0.114.
    """
    grey = weighted(colours)
    grey /= np.float32(full)
    return np.clip(grey, 0, 1, out=grey), is_coloured(colours, full)


def weighted(colours: NDArray[Any]) -> NDArray[np.float32]:
    """(H, W) luminance of (H, W, 3) colours in their own units; where the channels are equal, exactly that value."""
    red, green, blue = (colours[..., channel] for channel in range(3))
    grey = red.astype(np.float32) * np.float32(0.299)
    grey += green * np.float32(0.587)
    grey += blue * np.float32(0.114)
    # Rounding must not move a grey that was stored three times.
    np.copyto(grey, red, where=(red == green) & (red == blue), casting="unsafe")
    return grey


def is_coloured(colours: NDArray[Any], full: float) -> bool:
    """Whether (H, W, 3) in 0..``full`` are truly coloured, as `luminance` understands it."""
    spread = colours.max(axis=-1) - colours.min(axis=-1)
    return float((spread > COLOUR_SPREAD * full).mean()) > COLOURED_SHARE


def window_linear(values: NDArray[Any], center: float, width: float) -> NDArray[np.float32]:
    """DICOM's LINEAR window as 0..1.

    Reference:
        DICOM PS3.3 C.11.2.1.2.1: below ``center - 0.5 - (width - 1) / 2`` is 0, above
        ``center - 0.5 + (width - 1) / 2`` is 1, linear between; width 1 is a threshold.
    """
    if width == 1:
        return (values > center - 0.5).astype(np.float32)
    shown: NDArray[np.float32] = np.clip((values - (center - 0.5)) / (width - 1) + 0.5, 0, 1).astype(np.float32)
    return shown


def window_linear_exact(values: NDArray[Any], center: float, width: float) -> NDArray[np.float32]:
    """DICOM's LINEAR_EXACT window as 0..1 (PS3.3 C.11.2.1.3.2)."""
    shown: NDArray[np.float32] = np.clip((values - center) / width + 0.5, 0, 1).astype(np.float32)
    return shown


def window_sigmoid(values: NDArray[Any], center: float, width: float) -> NDArray[np.float32]:
    """DICOM's SIGMOID window as 0..1 (PS3.3 C.11.2.1.3.1)."""
    # exp overflows float64 at 709; beyond 60 the result no longer changes in float32.
    exponent = np.clip(-4 * (values - center) / width, -60, 60)
    shown: NDArray[np.float32] = (1 / (1 + np.exp(exponent))).astype(np.float32)
    return shown


def look_up(values: NDArray[Any], entries: NDArray[Any], first: int) -> NDArray[Any]:
    """Each value's entry in a DICOM lookup table; values beyond its ends get its end entries.

    Args:
        values: (H, W), rounded to whole numbers where they are not.
        entries: (N,) the table.
        first: the value that the first entry stands for.

    Reference:
        DICOM PS3.3 C.11.1.1.1. pydicom 3.0.2's own lookup wraps around where a table of 8-bit
        entries has more than 256 of them, so it is not used.
    """
    index = np.clip(np.rint(values) - first, 0, len(entries) - 1).astype(np.intp)
    found: NDArray[Any] = entries[index]
    return found
