"""The shapes that phantoms are made of: smooth random fields, soft steps, tubes in projection.

Everything is float64 and drawn on grids given in fractions of the picture, so that the same draws give
the same shapes at any size, and a last-digit difference between processors stays far below one grey level.
(Whether a seed gives the same draws at any size is another question, see `phantom.make_phantom`.)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import fft, special

if TYPE_CHECKING:
    from numpy.typing import NDArray

RADII_PER_OCTAVE = 4


def soft_step(value: NDArray[np.float64], width: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """0 far below zero, 1 far above, 1/2 at zero; about 80 % of the rise lies within ``width``."""
    step: NDArray[np.float64] = special.expit(value * (4.4 / width))
    return step


def noise_field(
    rng: np.random.Generator, shape_hw: tuple[int, int], cells: float, *, octaves: int = 1
) -> NDArray[np.float64]:
    """Smooth noise of mean about 0 and standard deviation about 1.

    A cubic B-spline through a coarse grid of normal numbers, ``cells`` of them along the longer
    side, and for each further octave twice as many at half the strength.

    Returns:
        (H, W), the same field at any size for the same generator state.
    """
    total: NDArray[np.float64] = np.zeros(shape_hw)
    power = 0.0
    for octave in range(octaves):
        steps = max(1, round(cells * 2**octave))
        coefficients = rng.standard_normal((steps + 3, steps + 3))
        longest = max(shape_hw)
        rows, columns = (_spline_weights(length, longest, steps) for length in shape_hw)
        total += 0.5**octave * (rows @ coefficients @ columns.T)
        power += 0.25**octave
    # 0.479: mean of the sum of squared cubic B-spline weights along one axis.
    scaled: NDArray[np.float64] = total / (0.479 * np.sqrt(power))
    return scaled


def _spline_weights(length: int, longest: int, steps: int) -> NDArray[np.float64]:
    """(length, steps + 3) weights of the uniform cubic B-spline at pixel centres."""
    position = (np.arange(length) + 0.5) / longest * steps
    cell = np.minimum(position.astype(int), steps - 1)
    t = position - cell
    weights = np.zeros((length, steps + 3))
    pieces = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
    for offset, piece in enumerate(pieces):
        weights[np.arange(length), cell + offset] = piece / 6
    return weights


@dataclass(frozen=True, slots=True)
class Tube:
    """A curve in space with a radius, as a projection sees it.

    Args:
        points: (N, 3) x, y, z along the curve, in fractions of the picture's side; z runs along the beam.
        radius: in the same unit.
        density: attenuation of its inside, relative to 1 for its wall.
        wall: thickness of the wall as a fraction of the radius; 1 is a solid rod.
        weight: multiplies the whole tube.
    """

    points: NDArray[np.float64]
    radius: float
    density: float = 1.0
    wall: float = 1.0
    weight: float = 1.0


def project_tubes(tubes: list[Tube], size: int, *, blur: float = 0.0) -> NDArray[np.float64]:
    """Thickness of all tubes along the beam, in fractions of the picture's side.

    The arc length of each curve is spread over the pixels it crosses and convolved with a disc of
    the tube's radius: a disc's chord at distance e is 2 sqrt(r^2 - e^2), which is the thickness of a
    tube. Where the curve runs along the beam its arc length piles up, and so does the thickness,
    as at the lateral turn of a rib.

    Args:
        tubes: what to project; radii are rounded to a quarter octave so that one convolution serves many.
        size: side of the square picture.
        blur: standard deviation in fractions of the side, at least 0.6 pixels are always applied.

    Returns:
        (size, size).
    """
    margin = size // 8
    side = size + 2 * margin
    groups: dict[float, list[NDArray[np.float64]]] = {}
    for tube in tubes:
        steps = _arc_steps(tube.points, size, margin)
        for radius, weight in _discs(tube):
            key = float(2 ** (np.round(np.log2(max(radius, 1e-6)) * RADII_PER_OCTAVE) / RADII_PER_OCTAVE))
            groups.setdefault(key, []).append(steps * [1.0, 1.0, weight])
    if not groups:
        return np.zeros((size, size))
    frequency = _frequency(side)
    spectrum = np.zeros(frequency.shape, dtype=np.complex128)
    for radius, parts in groups.items():
        spectrum += fft.rfft2(_spread(np.concatenate(parts), side)) * _disc_spectrum(side, radius * size)
    sigma = max(0.6, blur * size)
    spectrum *= np.exp(-2 * (np.pi * sigma * frequency) ** 2)
    thickness: NDArray[np.float64] = fft.irfft2(spectrum, s=(side, side)) / size
    inside: NDArray[np.float64] = thickness[margin:-margin, margin:-margin]
    return inside


def _discs(tube: Tube) -> list[tuple[float, float]]:
    """A tube with a wall is a solid rod of density 1, less a thinner rod of what the inside lacks."""
    outer = (tube.radius, tube.weight)
    if tube.wall >= 1:
        return [outer]
    return [outer, (tube.radius * (1 - tube.wall), tube.weight * (tube.density - 1))]


def _arc_steps(points: NDArray[np.float64], size: int, margin: int) -> NDArray[np.float64]:
    """(N, 3): x, y in pixels of the padded grid, and length in pixels, of half-pixel steps along the curve."""
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1) * size
    along = np.concatenate([[0.0], np.cumsum(steps)])
    count = max(2, int(np.ceil(along[-1] / 0.5)))
    at = (np.arange(count) + 0.5) / count * along[-1]
    x, y = (np.interp(at, along, points[:, axis]) * size - 0.5 + margin for axis in (0, 1))
    return np.stack([x, y, np.full(count, along[-1] / count)], axis=1)


def _spread(steps: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    """(side, side): the length that falls on each pixel, shared bilinearly."""
    inside = ((steps[:, :2] >= 0) & (steps[:, :2] < side - 1)).all(axis=1)
    x, y, length = steps[inside].T
    column, row = x.astype(int), y.astype(int)
    dx, dy = x - column, y - row
    flat = np.zeros(side * side)
    for right, down in ((0, 0), (0, 1), (1, 0), (1, 1)):
        weight = (dx if right else 1 - dx) * (dy if down else 1 - dy) * length
        flat += np.bincount((row + down) * side + column + right, weight, side * side)
    return flat.reshape(side, side)


@lru_cache(maxsize=4)
def _frequency(side: int) -> NDArray[np.float64]:
    frequency: NDArray[np.float64] = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None, :])
    return frequency


@lru_cache(maxsize=40)
def _disc_spectrum(side: int, radius: float) -> NDArray[np.float64]:
    """Fourier transform of a disc of height 1: r J1(2 pi r f) / f, and pi r^2 at f = 0."""
    frequency = _frequency(side)
    safe = np.where(frequency > 0, frequency, 1.0)
    return np.where(frequency > 0, radius * special.j1(2 * np.pi * radius * safe) / safe, np.pi * radius**2)


def curve(*control: tuple[float, float, float], count: int = 48) -> NDArray[np.float64]:
    """(count, 3) points of a Catmull-Rom spline through the given points."""
    knots = np.asarray(control, dtype=float)
    padded = np.vstack([2 * knots[0] - knots[1], knots, 2 * knots[-1] - knots[-2]])
    at = np.linspace(0, len(knots) - 1, count)
    segment = np.minimum(at.astype(int), len(knots) - 2)
    t = (at - segment)[:, None]
    a, b, c, d = (padded[segment + offset] for offset in range(4))
    line: NDArray[np.float64] = (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    return 0.5 * line
