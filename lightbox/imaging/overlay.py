"""A map back on its scan: crop and resize undone, then blended, alone, or as contours.

A map lives on the network's square grid; the scan has its own size, and the grid covers only the
crop `Box` of it, squeezed. Everything drawn here is at the scan's native size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw

from lightbox.imaging.colour import Scale, colour
from lightbox.imaging.preprocess import Box, resize

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

VIEWS = ("overlay", "map", "contours")
# Half the scale shows where a map is strong, 80 % where it is strongest.
CONTOUR_LEVELS = (0.5, 0.8)
# Below this share of the limit an overlay fades, so that the scan shows where the map says little.
FULL_OPACITY_FROM = 0.25
OPACITY = 0.6
RED, BLUE, YELLOW = (214, 39, 40), (66, 133, 244), (255, 221, 51)
GREEN, BLACK = (34, 197, 94), (0, 0, 0)


def to_native(values: NDArray[Any], box: Box, size_hw: tuple[int, int]) -> NDArray[np.float32]:
    """(H, W) float32: the map where it belongs on the native scan, NaN outside the box.

    The centre of grid cell (i, j) of an (h, w) map falls on native position
    ``top + (i + 0.5) * height / h - 0.5``, ``left + (j + 0.5) * width / w - 0.5`` (positions count
    from pixel centres). Between cell centres bilinear; where the box has fewer pixels than the grid,
    neighbouring cells are averaged. No value grows beyond the largest cell.

    Args:
        values: (h, w) on the network's grid.
        box: where the grid lies on the scan.
        size_hw: of the scan.

    Raises:
        ValueError: the box reaches beyond the scan.
    """
    height, width = size_hw
    if box.top < 0 or box.left < 0 or box.top + box.height > height or box.left + box.width > width:
        raise ValueError(f"{box} reaches beyond a scan of {height} x {width}")
    native = np.full(size_hw, np.nan, dtype=np.float32)
    placed = resize(np.asarray(values, dtype=np.float32), (box.height, box.width))
    native[box.top : box.top + box.height, box.left : box.left + box.width] = placed
    return native


def render(
    scan_pixels: NDArray[Any],
    values: NDArray[Any],
    box: Box,
    scale: Scale,
    *,
    view: str = "overlay",
    opacity: float = OPACITY,
    positive_only: bool = False,
) -> NDArray[np.uint8]:
    """(H, W, 3) at the scan's native size, however large: an export loses nothing.

    Args:
        scan_pixels: (H, W) in 0..1.
        values: (h, w) the map on the network's grid.
        box: where the grid lies on the scan.
        scale: where the colours end.
        view: "overlay" (colours over the scan), "map" (colours alone, white outside the box), or
            "contours" (lines at 50 % and 80 % of the limit over the scan).
        opacity: of the overlay where the map is strong, 0..1.
        positive_only: leave out evidence against the class.
    """
    if view not in VIEWS:
        raise ValueError(f"view is one of {VIEWS}, not {view!r}")
    height, width = scan_pixels.shape
    native = to_native(values, box, (height, width))
    grey = grey_bytes(scan_pixels)
    if view == "contours":
        return _with_contours(grey, native, scale, positive_only=positive_only)
    if view == "map":
        return colour(np.maximum(native, 0) if positive_only else native, scale)
    layer = colour_layer(native, scale, opacity=opacity, positive_only=positive_only)
    share = layer[..., 3:].astype(np.float32) / np.float32(255)
    blended = grey[..., None] * (1 - share) + layer[..., :3] * share
    drawn: NDArray[np.uint8] = np.rint(blended).astype(np.uint8)
    return drawn


def colour_layer(
    native: NDArray[Any], scale: Scale, *, opacity: float = OPACITY, positive_only: bool = False
) -> NDArray[np.uint8]:
    """(H, W, 4): the map as a coloured film to lay over the scan, in a browser as in `render`.

    Its opacity rises from 0 where the map is zero to ``opacity`` at a quarter of the limit, so that
    the scan shows through wherever the map says little; it is transparent outside the box.

    Args:
        native: (H, W) as from `to_native`, or any map.
        scale: where the colours end.
        opacity: 0..1.
        positive_only: negative values become transparent.
    """
    shown = np.maximum(native, 0) if positive_only or not scale.signed else native
    strength = np.abs(np.nan_to_num(shown, nan=0.0)) / scale.limit if scale.limit > 0 else np.zeros(shown.shape)
    alpha = opacity * np.clip(strength / FULL_OPACITY_FROM, 0, 1)
    layer = np.empty((*native.shape, 4), dtype=np.uint8)
    layer[..., :3] = colour(shown, scale)
    layer[..., 3] = np.rint(255 * alpha)
    return layer


def contours(values: NDArray[Any], levels: tuple[float, ...]) -> list[NDArray[np.float64]]:
    """Lines along which the map equals one of ``levels``, each (K, 2) of (row, column) in the map's pixels.

    Args:
        values: (H, W), native for lines in native coordinates; lines end at NaN.
        levels: in the map's units.
    """
    from skimage.measure import find_contours

    if min(values.shape) < 2:
        return []
    return [line for level in levels for line in find_contours(values, level)]


def with_outline(picture: NDArray[np.uint8], lines: Iterable[NDArray[np.float64]]) -> NDArray[np.uint8]:
    """(H, W, 3): the picture with lines in green on a darker edge, which keeps them visible anywhere.

    Args:
        picture: (H, W, 3).
        lines: each (K, 2) of (row, column) from pixel centres.
    """
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    width = max(1, round(max(picture.shape[:2]) / 320))
    for line in lines:
        points = [(float(column), float(row)) for row, column in line]
        draw.line(points, fill=BLACK, width=width + 2, joint="curve")
        draw.line(points, fill=GREEN, width=width, joint="curve")
    return np.asarray(image)


def contour_levels(scale: Scale, *, positive_only: bool = False) -> tuple[float, ...]:
    """50 % and 80 % of the limit, and the same below zero where negative values are shown."""
    if scale.limit == 0:
        return ()
    positive = tuple(share * scale.limit for share in CONTOUR_LEVELS)
    return positive if positive_only or not scale.signed else (*positive, *(-level for level in positive))


def grey_bytes(scan_pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """(H, W) 0..255 of pixels in 0..1."""
    grey: NDArray[np.uint8] = np.rint(np.clip(scan_pixels, 0, 1) * 255).astype(np.uint8)
    return grey


def _with_contours(
    grey: NDArray[np.uint8], native: NDArray[np.float32], scale: Scale, *, positive_only: bool
) -> NDArray[np.uint8]:
    """The scan with lines: thin at 50 %, thick at 80 %; red for, blue against, yellow where there is no sign."""
    image = Image.fromarray(grey).convert("RGB")
    draw = ImageDraw.Draw(image)
    thin = max(1, round(min(grey.shape) / 300))
    for level in contour_levels(scale, positive_only=positive_only):
        line_colour = YELLOW if not scale.signed else RED if level > 0 else BLUE
        width = thin if abs(level) < CONTOUR_LEVELS[1] * scale.limit else 2 * thin
        for line in contours(native, (level,)):
            draw.line([(column, row) for row, column in line], fill=line_colour, width=width)
    return np.asarray(image)
