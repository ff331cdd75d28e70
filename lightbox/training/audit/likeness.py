"""Pictures that are the same picture, though their files differ: stored again, resized, slightly cropped.

Perceptual hashes (pHash, dHash) were tried: at a distance that still finds a picture cropped by 4 % on every side,
5840 chest films have over 400 000 pairs within it, because all chests look alike. So candidates are the nearest
neighbours in fine structure, of the picture and of six crops of it, and each candidate is registered and compared.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

SIDE = 128
HALF = SIDE // 2
# Cut off at left, top, right, bottom, as shares of the side.
VIEWS = (
    (0.0, 0.0, 0.0, 0.0),
    (0.03, 0.03, 0.03, 0.03),
    (0.06, 0.06, 0.06, 0.06),
    (0.06, 0.0, 0.0, 0.0),
    (0.0, 0.06, 0.0, 0.0),
    (0.0, 0.0, 0.06, 0.0),
    (0.0, 0.0, 0.0, 0.06),
)
NEIGHBOURS = 3
# A few steps of the registration tell most pairs of different pictures apart.
FEW_STEPS, STEPS, PROMISING = 6, 30, 0.8
LOOSE, CERTAIN = 0.65, 0.92
# A pair goes on to the fine comparison from here.
COARSE = 0.93
FARTHEST_WARP, FARTHEST_SHIFT = 0.2, 0.2
SMALLEST_OVERLAP = 0.75
FLAT = 2.0
_ROWS = 500


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures, by their place in the list, and the correlation of their fine structure once registered."""

    first: int
    second: int
    correlation: float


def find_alike(thumbnails: NDArray[np.uint8], threshold: float) -> list[Pair]:
    """All pairs found whose fine structure correlates by ``threshold`` or more, the most alike first.

    A pair is found when one is among the three nearest neighbours of the other, or of a crop of it; so of many copies
    of one picture each is tied to some of the others, not to all. Pictures without contrast are left out.

    Args:
        thumbnails: (N, 128, 128), each the whole picture squeezed; one of each set of byte-identical files.
        threshold: of the correlation at 128 x 128 pixels, blurs wider than 6 pixels taken out, over what both show.
    """
    if len(thumbnails) < 2:
        return []
    coarse = fine_structure(np.stack([_halve(thumbnail) for thumbnail in thumbnails]))
    candidates = sorted(_candidates(thumbnails, coarse).items())

    def compare(candidate: tuple[tuple[int, int], tuple[float, int, int, int]]) -> Pair | None:
        _pair, (_likeness, seen, other, view) = candidate
        start = _view_matrix(VIEWS[view], HALF)
        correlation, matrix = register(coarse[seen], coarse[other], start, steps=FEW_STEPS)
        if correlation >= PROMISING:
            correlation, matrix = register(coarse[seen], coarse[other], matrix)
        if correlation < COARSE:
            return None
        fine = fine_structure(thumbnails[[seen, other]].astype(np.float32))
        # The same warp on the finer grid: pixel centres lie half a pixel in.
        scaled = matrix.copy()
        scaled[:, 2] = 2 * matrix[:, 2] + 0.5 * (1 - matrix[:, :2].sum(axis=1))
        correlation, _matrix = register(fine[0], fine[1], scaled)
        return Pair(min(seen, other), max(seen, other), correlation) if correlation >= threshold else None

    # Registration runs outside Python's lock; threads of its own on pictures this small cost twenty times the work.
    with _one_thread_each(), ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [pair for pair in pool.map(compare, candidates) if pair is not None]
    return sorted(found, key=lambda pair: (-pair.correlation, pair.first, pair.second))


@contextmanager
def _one_thread_each() -> Iterator[None]:
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def fine_structure(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, S, S) without what is blurred wider than 6 pixels (brightness, shading) and without single-pixel noise."""
    blurred = [ndimage.gaussian_filter(pictures, (0, sigma, sigma)) for sigma in (0.8, 6.0)]
    return cast("NDArray[np.float32]", blurred[0] - blurred[1])


def register(
    picture: NDArray[np.float32], target: NDArray[np.float32], start: NDArray[np.float32], *, steps: int = STEPS
) -> tuple[float, NDArray[np.float32]]:
    """Correlation of two (S, S) pictures after the best affine warp near ``start``, and the warp (2, 3).

    Enhanced correlation coefficient (Evangelidis and Psarakis 2008). -1 where no warp near the start does.
    """
    side = len(target)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, steps, 1e-4)
    try:
        _value, found = cv2.findTransformECC(target, picture, start.copy(), cv2.MOTION_AFFINE, stop, None, 3)
    except cv2.error:
        return -1.0, start
    matrix = np.asarray(found, dtype=np.float32)
    far = np.abs(matrix[:, :2] - np.eye(2)).max() > FARTHEST_WARP
    if far or np.abs(matrix[:, 2]).max() > FARTHEST_SHIFT * side:
        return -1.0, start
    moved = _warp(picture, matrix, cv2.INTER_LINEAR)
    both = _warp(np.ones_like(picture), matrix, cv2.INTER_NEAREST) > 0.5
    if both.mean() < SMALLEST_OVERLAP:
        return -1.0, start
    one, other = moved[both] - moved[both].mean(), target[both] - target[both].mean()
    scale = float(np.linalg.norm(one) * np.linalg.norm(other))
    return (float(one @ other) / scale if scale > 0 else -1.0), matrix


def _candidates(
    thumbnails: NDArray[np.uint8], coarse: NDArray[np.float32]
) -> dict[tuple[int, int], tuple[float, int, int, int]]:
    """(likeness, the one seen through a view, the other, view) of the pairs worth a comparison, by (low, high)."""
    plain = _unit(coarse)
    contrast = thumbnails.reshape(len(thumbnails), -1).std(axis=1) >= FLAT
    best: dict[tuple[int, int], tuple[float, int, int, int]] = {}
    halves = np.stack([_halve(thumbnail) for thumbnail in thumbnails])
    for view, cut in enumerate(VIEWS):
        matrix = _view_matrix(cut, HALF)
        seen = _unit(fine_structure(np.stack([_warp(half, matrix, cv2.INTER_LINEAR) for half in halves])))
        for one, other, likeness in _neighbours(seen, plain):
            pair = (min(one, other), max(one, other))
            if contrast[one] and contrast[other] and likeness > best.get(pair, (-1.0,))[0]:
                best[pair] = (likeness, one, other, view)
    return best


def _neighbours(seen: NDArray[np.float32], plain: NDArray[np.float32]) -> Iterator[tuple[int, int, float]]:
    """For each row of ``seen`` its three nearest other rows of ``plain``, and all that are surely like it."""
    for start in range(0, len(seen), _ROWS):
        likeness = seen[start : start + _ROWS] @ plain.T
        likeness[np.arange(len(likeness)), np.arange(start, start + len(likeness))] = -1
        count = min(NEIGHBOURS, len(plain) - 1)
        nearest = np.argpartition(-likeness, count - 1, axis=1)[:, :count]
        wanted = likeness >= CERTAIN
        np.put_along_axis(wanted, nearest, values=True, axis=1)
        wanted &= likeness >= LOOSE
        for row, column in zip(*np.nonzero(wanted), strict=True):
            yield start + int(row), int(column), float(likeness[row, column])


def _halve(thumbnail: NDArray[np.uint8]) -> NDArray[np.float32]:
    blocks = thumbnail.reshape(HALF, 2, HALF, 2)
    return cast("NDArray[np.float32]", blocks.mean(axis=(1, 3), dtype=np.float32))


def _unit(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, S, S) to (N, S * S / 4) of length one and mean zero, at half the side."""
    side = pictures.shape[1] // 2
    flat = pictures.reshape(-1, side, 2, side, 2).mean(axis=(2, 4)).reshape(len(pictures), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    return cast("NDArray[np.float32]", flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-3))


def _view_matrix(cut: tuple[float, float, float, float], side: int) -> NDArray[np.float32]:
    """The warp (2, 3) that enlarges what is left after the cut to the whole grid; pixel centres lie half a pixel in."""
    left, top, right, bottom = cut
    across, down = 1 - left - right, 1 - top - bottom
    return np.array(
        [
            [across, 0, left * side + 0.5 * across - 0.5],
            [0, down, top * side + 0.5 * down - 0.5],
        ],
        dtype=np.float32,
    )


def _warp(picture: NDArray[np.float32], matrix: NDArray[np.float32], how: int) -> NDArray[np.float32]:
    warped = cv2.warpAffine(picture, matrix, picture.shape[::-1], flags=how | cv2.WARP_INVERSE_MAP)
    return cast("NDArray[np.float32]", warped)
