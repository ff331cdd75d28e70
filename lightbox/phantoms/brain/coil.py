"""How strongly a coil hears each point, and how much of the picture it covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.fields import soft_step

if TYPE_CHECKING:
    from lightbox.phantoms.arrays import Points, Values


@dataclass(frozen=True, slots=True)
class Coil:
    """One head coil.

    Args:
        end_mm: z at which the sensitivity towards the neck has fallen to half.
        fall_mm: over how many millimetres it falls.
        floor: what is left of it far below.
        surface: how much louder the scalp is than the middle of the brain.
        waist: how far the sides of the picture are drawn in by the correction of bent gradients, 0..1.
        cut: rows at the bottom that were not recorded, as a fraction.
    """

    end_mm: float
    fall_mm: float
    floor: float
    surface: float
    waist: float
    cut: float

    def sensitivity(self, points: Points, hull: Values) -> Values:
        """(H, W), about 1 in the brain."""
        along = self.floor + (1 - self.floor) * soft_step(points[..., 2] - self.end_mm, self.fall_mm)
        near = np.exp(self.surface * (np.clip(hull, -45, 14) + 22) / 30)
        return along * near

    def covered(self, size: int) -> Values:
        """(size, size), 0 where the picture holds no data at all."""
        at = (np.arange(size) + 0.5) / size
        across, down = np.meshgrid(2 * at - 1, at)
        edge = 1 - self.waist * (0.24 * (2 * down - 0.9) ** 2)
        covered = np.clip((edge - np.abs(across)) * size / 4, 0, 1)
        return covered * (down < 1 - self.cut)


def draw_coil(rng: np.random.Generator, plane: str) -> Coil:
    """A coil; axial slices lie well inside it."""
    bent = rng.random() < (0.6 if plane == "coronal" else 0.3)
    cut = rng.uniform(0.02, 0.14) if plane != "axial" and rng.random() < 0.2 else 0.0
    return Coil(
        end_mm=rng.uniform(-135, -65),
        fall_mm=rng.uniform(30, 80),
        floor=rng.uniform(0.05, 0.25),
        surface=max(0.0, rng.normal(0.18, 0.18)),
        waist=rng.uniform(0.2, 1.0) * bent,
        cut=cut,
    )
