"""Plain warnings about a scan that a network can hardly be right about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lightbox.imaging.scan import Scan

SMALLEST_SIDE = 64
FLAT_SPREAD = 0.02
SATURATED_SHARE = 0.01


def warnings_about(scan: Scan) -> tuple[str, ...]:
    """One sentence for each thing that is wrong with the pixels; none for an ordinary scan.

    Black is not counted as saturated: the background of a scan is black.
    """
    found = []
    height, width = scan.size_hw
    if min(height, width) < SMALLEST_SIDE:
        found.append(f"The picture is only {width} x {height} pixels; details that matter may be missing.")
    low, high = np.percentile(scan.pixels, (1, 99))
    if high - low < FLAT_SPREAD:
        found.append("The picture is nearly constant: there is almost nothing in it to classify.")
    elif (white := float((scan.pixels >= 1).mean())) > SATURATED_SHARE:
        found.append(f"{100 * white:.0f} % of the pixels are fully white; structure in them is lost.")
    return tuple(found)
