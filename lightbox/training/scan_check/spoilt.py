"""Pictures made of scans that are no scans any more: pieces, mixtures, mosaics, and details without a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray


def spoil(scans: Sequence[NDArray[np.float32]], chance: np.random.Generator) -> NDArray[np.float32]:
    """(S, S) float32 in 0..1 made from two of ``scans``, each (S, S), in one of the ways below."""
    first, second = (scans[int(chance.integers(len(scans)))] for _ in range(2))
    way = _WAYS[int(chance.integers(len(_WAYS)))]
    return np.clip(way(first, second, chance), 0, 1).astype(np.float32)


def _shuffled(
    first: NDArray[np.float32], _second: NDArray[np.float32], chance: np.random.Generator
) -> NDArray[np.float32]:
    """Squares of the scan in another order."""
    parts = int(chance.choice([2, 3, 4, 6, 8]))
    side = first.shape[0] // parts * parts
    cut = first[:side, :side].reshape(parts, side // parts, parts, side // parts).transpose(0, 2, 1, 3)
    tiles = cut.reshape(parts * parts, side // parts, side // parts)
    order = np.roll(np.arange(parts * parts), 1) if parts == 2 else chance.permutation(parts * parts)
    laid = tiles[order].reshape(parts, parts, side // parts, side // parts).transpose(0, 2, 1, 3).reshape(side, side)
    out = np.zeros_like(first)
    out[:side, :side] = laid
    return out


def _scrambled(
    first: NDArray[np.float32], _second: NDArray[np.float32], chance: np.random.Generator
) -> NDArray[np.float32]:
    """The scan's spectrum with other phases: its texture and brightness, and nothing else."""
    spectrum = np.fft.rfft2(first)
    phases = np.exp(2j * np.pi * chance.random(spectrum.shape))
    phases[0, 0] = 1
    return np.fft.irfft2(spectrum * phases, first.shape).astype(np.float32)


def _detail(
    first: NDArray[np.float32], _second: NDArray[np.float32], chance: np.random.Generator
) -> NDArray[np.float32]:
    """A seventh to a third of the scan's side, blown up."""
    side = first.shape[0]
    part = int(chance.integers(side // 7, side // 3))
    top, left = chance.integers(0, side - part, 2).tolist()
    places = np.linspace(0, part - 1, side).round().astype(int)
    cut = first[top : top + part, left : left + part]
    if np.ptp(cut) < 0.05:
        return _scrambled(first, first, chance)
    return np.asarray(cut[places][:, places])


def _mosaic(
    first: NDArray[np.float32], second: NDArray[np.float32], chance: np.random.Generator
) -> NDArray[np.float32]:
    """Several small scans on one page, as a figure or a sheet of thumbnails shows them."""
    parts = int(chance.choice([2, 2, 3, 4]))
    side = first.shape[0]
    cell = side // parts
    out = np.full((side, side), chance.choice([0.0, 1.0, 0.5]), dtype=np.float32)
    for row in range(parts):
        for column in range(parts):
            source = first if chance.random() < 0.5 else second
            places = np.linspace(0, side - 1, cell - 2).round().astype(int)
            out[row * cell + 1 : row * cell + cell - 1, column * cell + 1 : column * cell + cell - 1] = source[places][
                :, places
            ]
    return out


def _stamp(
    first: NDArray[np.float32], _second: NDArray[np.float32], chance: np.random.Generator
) -> NDArray[np.float32]:
    """One small scan on a large bright page."""
    side = first.shape[0]
    cell = int(chance.integers(side // 6, side // 3))
    out = np.full((side, side), chance.uniform(0.6, 1), dtype=np.float32)
    top, left = chance.integers(0, side - cell, 2).tolist()
    places = np.linspace(0, side - 1, cell).round().astype(int)
    out[top : top + cell, left : left + cell] = first[places][:, places]
    return out


def _halves(
    first: NDArray[np.float32], second: NDArray[np.float32], chance: np.random.Generator
) -> NDArray[np.float32]:
    """One scan's half above or beside a half of another that lies on its side."""
    half = first.shape[0] // 2
    out = first.copy()
    out[half:] = second[:, ::-1].T[half:]
    return out if chance.random() < 0.5 else out.T


def _swirled(
    first: NDArray[np.float32], _second: NDArray[np.float32], chance: np.random.Generator
) -> NDArray[np.float32]:
    """The scan stirred round its middle."""
    side = first.shape[0]
    rows, columns = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    angle = chance.choice([-1, 1]) * chance.uniform(2, 6) * np.exp(-(rows**2 + columns**2) * 1.5)
    moved_rows = rows * np.cos(angle) - columns * np.sin(angle)
    moved_columns = rows * np.sin(angle) + columns * np.cos(angle)
    at = [
        np.clip((moved + 1) / 2 * (side - 1), 0, side - 1).round().astype(int) for moved in (moved_rows, moved_columns)
    ]
    return np.asarray(first[at[0], at[1]])


def _edges(
    first: NDArray[np.float32], _second: NDArray[np.float32], _chance: np.random.Generator
) -> NDArray[np.float32]:
    """Its edges alone, as a filtered picture shows them."""
    down, across = np.gradient(first)
    strength = np.hypot(down, across)
    return np.asarray(strength / max(float(strength.max()), 1e-6), dtype=np.float32)


_WAYS: tuple[Callable[[NDArray[np.float32], NDArray[np.float32], np.random.Generator], NDArray[np.float32]], ...] = (
    _shuffled,
    _shuffled,
    _scrambled,
    _detail,
    _mosaic,
    _stamp,
    _halves,
    _swirled,
    _edges,
)
