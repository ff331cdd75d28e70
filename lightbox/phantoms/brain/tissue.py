"""Grey matter, white matter and fluid of one brain: the template's, folded anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.fields import soft_step

if TYPE_CHECKING:
    from lightbox.phantoms.arrays import Points, Values
    from lightbox.phantoms.brain.head import Head
    from lightbox.phantoms.brain.solids import SolidNoise


@dataclass(frozen=True, slots=True)
class Tissue:
    """Shares of white matter and of fluid, (H, W), 0..1; the rest is grey matter. Zero outside the hull."""

    white: Values
    fluid: Values


@dataclass(frozen=True, slots=True)
class Folding:
    """How one brain differs from the template.

    Args:
        ventricles: how much wider they are, -0.1..0.4.
        atrophy: how wide the furrows are, 0..1.
        ribbon: how far the cortex stands out from the white matter, 0..1.
    """

    ventricles: float
    atrophy: float
    ribbon: float


def draw_folding(rng: np.random.Generator) -> Folding:
    """One brain's own shape."""
    return Folding(rng.uniform(-0.10, 0.32), rng.beta(1.3, 2.2), rng.uniform(0.4, 1.0))


def fold(head: Head, points: Points, hull: Values, *, midline: bool, folding: Folding, noise: SolidNoise) -> Tissue:
    """The tissue at (N, 3) points inside the hull.

    The template is an average in which furrows blur; new ones are drawn near the surface where a smooth
    noise changes sign, which gives the winding lines of a real cortex, each between two ribbons of grey.
    """
    inside = soft_step(-hull - 2, 5.0)
    moved = _beside_midline(points, hull) if midline else points
    moved = _ventricles(moved, folding.ventricles)
    moved = moved + inside[..., None] * (noise.warp(moved, 14.0, 1.1, salt=51) - moved)
    grey, white = head.tissue(moved)
    fluid = np.clip((1 - grey - white) * 1.8, 0, 1)
    bare = white / np.maximum(grey + white, 1e-3)
    bent = noise.warp(points, 11.0, 1.8, salt=54)
    waves = np.abs(noise.at(bent, 15.0, salt=57)) * 7.5  # about millimetres from where the noise is zero
    medial = soft_step(9 - np.abs(points[..., 0]), 6.0) * _above_callosum(points)
    cortex = np.maximum(soft_step(hull + 17, 9.0), medial) * _cerebrum(points)
    furrow = soft_step(0.35 + 0.9 * folding.atrophy + 0.35 * noise.at(points, 8.0, salt=58) - waves, 0.9) * cortex
    ribbon = soft_step(3.3 - waves, 1.6) * cortex * folding.ribbon
    rind = soft_step(hull + 4.2, 2.0) * _cerebrum(points) * folding.ribbon
    bare = bare * (1 - np.maximum(ribbon, rind))
    folia = noise.at(noise.warp(points, 12.0, 1.5, salt=61), (14.0, 6.0, 1.7), salt=64)
    cerebellum = (1 - _cerebrum(points)) * soft_step(-34 - points[..., 1], 10.0)
    fluid = np.maximum(fluid * (1 - 0.35 * cortex), 0.85 * furrow)
    fluid = np.maximum(fluid, 0.40 * cerebellum * soft_step(folia - 0.7, 0.8) * (1 - bare) * soft_step(hull + 22, 9.0))
    return Tissue(bare, fluid)


def _cerebrum(points: Points) -> Values:
    """1 above the tentorium, 0 in cerebellum and brain stem."""
    x, y, z = (points[..., axis] for axis in range(3))
    tent = -8 - 0.30 * (y + 45) * (y < -45) - 14 * soft_step(np.abs(x) - 38, 30.0) + 0.55 * np.clip(y + 25, 0, 40)
    tent = np.where(y > -25, -60 + 90 * soft_step(18 - np.abs(x), 6.0), tent)
    return soft_step(z - tent, 6.0)


def _above_callosum(points: Points) -> Values:
    """1 in the furrowed part of the inner sides of the two halves."""
    return soft_step(np.hypot((points[..., 1] + 14) / 50, (points[..., 2] - 4) / 34) - 1, 0.25)


def _beside_midline(points: Points, hull: Values) -> Points:
    """The cortex from 4 mm beside the midline: at the midline the template's two halves blur into one."""
    x = points[..., 0]
    cortex = soft_step(hull + 30, 14.0) * soft_step(points[..., 2] + 5, 10.0)
    side = 1.0 if x.mean() >= 0 else -1.0
    moved = points.copy(order="K")
    moved[..., 0] = x + side * cortex * np.clip(4.5 - np.abs(x), 0, None)
    return moved


def _ventricles(points: Points, growth: float) -> Points:
    """Points drawn towards the ventricles' middle, which widens them."""
    away = points - (0.0, -14.0, 12.0)
    near = np.exp(-(away**2).sum(axis=-1) / 30.0**2)
    widened: Points = points - away * (growth * near)[..., None]
    return widened
