"""Simple solids in MNI millimetres, and noise that fills space, so that slices of every plane agree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.phantoms.arrays import Points, Values

    Spot = tuple[float, float, float]

CELLS = 16
STEPS = 6  # of the finer lattice a cell; read between its points along straight lines
SALT_STEP = np.array([7.31, 11.73, 5.17])


@dataclass(frozen=True, slots=True)
class SolidNoise:
    """Smooth noise of mean 0 and standard deviation 1 at any point of space.

    Args:
        lattice: (N, N, N) float32, STEPS values a cell; the field repeats after CELLS cells.
    """

    lattice: NDArray[np.float32]

    def at(self, points: Points, cell_mm: float | Spot, *, salt: int = 0) -> Values:
        """The field with cells of one size, or of three along x, y, z; another salt is another field."""
        where = np.moveaxis(points * (STEPS / np.asarray(cell_mm)) + salt * SALT_STEP * STEPS, -1, 0)
        field: Values = ndimage.map_coordinates(
            self.lattice, where, output=np.float64, order=1, prefilter=False, mode="grid-wrap"
        )
        return field

    def warp(self, points: Points, cell_mm: float, amount_mm: float, *, salt: int = 0) -> Points:
        """The points moved smoothly by about ``amount_mm`` along each axis."""
        moves = [amount_mm * self.at(points, cell_mm, salt=salt + axis) for axis in range(3)]
        return points + np.moveaxis(np.stack(moves), 0, -1)


def draw_solid_noise(rng: np.random.Generator) -> SolidNoise:
    """Noise of one head: a cubic B-spline through a lattice of normal numbers."""
    field = rng.standard_normal((CELLS, CELLS, CELLS))
    for _ in range(3):
        field = np.tensordot(_spline_rows(), field, axes=(1, 2))
    return SolidNoise((field / field.std()).astype(np.float32))


@lru_cache(maxsize=1)
def _spline_rows() -> Values:
    """(CELLS * STEPS, CELLS): weights of the coarse lattice's values at each fine point, wrapped round."""
    apart = np.arange(CELLS * STEPS)[:, None] / STEPS - np.arange(CELLS)
    away = np.abs((apart + CELLS / 2) % CELLS - CELLS / 2)
    near = 2 / 3 - away**2 + away**3 / 2
    rows: Values = np.where(away < 1, near, np.clip(2 - away, 0, None) ** 3 / 6)
    return rows


def ellipsoid(points: Points, centre: Spot, radii: Spot) -> Values:
    """About the millimetres inside an ellipsoid, negative outside."""
    x, y, z = ((points[..., axis] - centre[axis]) * (1 / radii[axis]) for axis in range(3))
    return (1 - np.sqrt(x * x + y * y + z * z)) * min(radii)


def capsule(points: Points, start: tuple[float, ...], end: tuple[float, ...], radius: float) -> Values:
    """Millimetres inside a rod with round ends, negative outside."""
    along = np.subtract(end, start)
    x, y, z = (points[..., axis] - start[axis] for axis in range(3))
    t = np.clip((x * along[0] + y * along[1] + z * along[2]) / (along @ along), 0, 1)
    x, y, z = x - t * along[0], y - t * along[1], z - t * along[2]
    inside: Values = radius - np.sqrt(x * x + y * y + z * z)
    return inside


def mirrored(points: Points) -> Points:
    """The points folded onto the right half, for what comes in pairs."""
    folded = points.copy(order="K")
    folded[..., 0] = np.abs(folded[..., 0])
    return folded


def select(points: Points, chosen: NDArray[np.bool_]) -> Points:
    """(N, 3) of the chosen points, each coordinate contiguous."""
    return np.moveaxis(np.stack([points[..., axis][chosen] for axis in range(3)]), 0, -1)


def paint(values: Values, solid: Values, signal: Values | float, *, edge: float = 0.8) -> Values:
    """Values with a solid of one signal laid over them, its edge ``edge`` millimetres soft."""
    share = np.clip(solid * (0.75 / edge) + 0.5, 0, 1)
    share *= share * (3 - 2 * share)
    return values * (1 - share) + signal * share


def paint_bone(values: Values, solid: Values, cortex: float, marrow: Values | float, *, rim: float = 0.7) -> Values:
    """Values with a bone laid over them: marrow in a shell of cortex ``rim`` millimetres thick."""
    return paint(paint(values, solid, cortex, edge=1.1), solid - rim, marrow, edge=1.1)
