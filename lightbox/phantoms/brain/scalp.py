"""The outline of the head, and what lies over the vault: skull with its marrow, temporal muscle, scalp, skin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.brain.solids import capsule, ellipsoid, mirrored, paint
from lightbox.phantoms.fields import soft_step

if TYPE_CHECKING:
    from lightbox.phantoms.arrays import Points, Values
    from lightbox.phantoms.brain.solids import SolidNoise

DEEP = 30.0


@dataclass(frozen=True, slots=True)
class Build:
    """How thick one person's coverings are, in millimetres.

    Args:
        skull: of the vault.
        scalp: from skull to skin.
        temporal: of the muscle at the temples.
        marrow: share of the skull's thickness between its two tables.
        marrow_signal: times the signal of marrow.
        ears: whether they stand off the head; else pads press them flat.
    """

    skull: float
    scalp: float
    temporal: float
    marrow: float
    marrow_signal: float
    ears: bool


@dataclass(frozen=True, slots=True)
class Layers:
    """Thickness over each point, (N,) millimetres, outwards from the dura."""

    skull: Values
    temporal: Values
    scalp: Values

    @property
    def whole(self) -> Values:
        return self.skull + self.temporal + self.scalp


def draw_build(rng: np.random.Generator) -> Build:
    """A person's coverings."""
    return Build(
        skull=rng.uniform(4.5, 7.0),
        scalp=rng.uniform(2.5, 5.5),
        temporal=rng.uniform(4.0, 9.0),
        marrow=rng.uniform(0.25, 0.58),
        marrow_signal=rng.uniform(0.5, 1.5),
        ears=rng.random() < 0.4,
    )


def layers_at(points: Points, build: Build, noise: SolidNoise) -> Layers:
    """Thin at the vertex and the temples' bone, thick at the nape and where the temporal muscle lies."""
    x, y, z = (points[..., axis] for axis in range(3))
    side = soft_step(np.abs(x) - 42, 22.0)
    skull = build.skull * (1 + 0.10 * noise.at(points, 75.0, salt=1))
    skull *= 1 - 0.35 * side * soft_step(20 - z, 30.0)
    scalp = build.scalp * (1 + 0.13 * noise.at(points, 85.0, salt=3))
    scalp *= 0.80 + 0.55 * soft_step(-z - 5, 50.0) * soft_step(-y - 10, 60.0)
    temporal = build.temporal * side * np.exp(-(((y - 18) / 34) ** 2) - ((z + 18) / 36) ** 2)
    return Layers(np.clip(skull, 2.5, None), temporal, np.clip(scalp, 1.8, None))


def skin_depth(points: Points, hull: Values, whole: Values, *, ears: bool) -> Values:
    """Millimetres below the skin, negative in the air around the head.

    A smooth union of the vault (the hull grown by its coverings), the face and the neck; then the ears.
    """
    pair = mirrored(points)
    solids = [
        whole - hull,
        ellipsoid(points, (0, 0, -34), (73, 82, 66)),
        ellipsoid(points, (0, -50, -30), (60, 58, 50)),
        ellipsoid(points, (0, 36, -78), (61, 50, 62)),
        ellipsoid(points, (0, 62, -40), (52, 22, 32)),
        capsule(points, (0, 80, -30), (0, 99, -62), 7.5),
        ellipsoid(pair, (6, 91, -63), (9, 11, 9)),
        ellipsoid(points, (0, 82, -91), (24, 13, 13)),
        ellipsoid(points, (0, 70, -120), (26, 18, 16)),
        capsule(points, (0, -30, -60), (0, -40, -230), 57),
        ellipsoid(pair, (42, 16, -92), (27, 50, 52)),
        ellipsoid(pair, (33, -52, -95), (30, 38, 60)),
    ]
    softness = 4.0
    skin: Values = softness * np.log(sum(np.exp(np.clip(solid / softness, -30, 30)) for solid in solids))
    return np.maximum(skin, _ear(pair)) if ears else skin


def _ear(pair: Points) -> Values:
    """A thin leaf that stands off the side of the head, hollow in front."""
    across = (pair[..., 0] - 73) * 0.88 + (pair[..., 1] + 28) * 0.48
    along = (pair[..., 0] - 73) * 0.48 - (pair[..., 1] + 28) * 0.88
    up = (pair[..., 2] + 36) / 19
    bend = across - 0.04 * along**2 + 2.0
    leaf: Values = np.minimum(2.3 - np.abs(bend), 8 * (1 - np.hypot(along / 8, up)))
    return leaf


def cover(
    deep: Values,
    points: Points,
    hull: Values,
    skin: Values,
    *,
    layers: Layers,
    build: Build,
    signals: dict[str, float],
    noise: SolidNoise,
) -> Values:
    """The face and neck with scalp, skull and marrow laid over the vault; a thin rough floor under the brain."""
    z, y = points[..., 2], points[..., 1]
    fine, grain = noise.at(points, 3.5, salt=5), noise.at(points, 18.0, salt=6)
    vault = soft_step(z + 27 - 0.12 * (y - 10) + 3 * grain, 9.0)
    scalp = signals["fat"] * (0.94 + 0.09 * fine + 0.05 * grain)
    # The galea, a thin dark sheet, shows in places.
    galea = soft_step(0.6 - np.abs(skin - 0.55 * layers.scalp), 0.8) * np.clip(0.3 + 0.4 * grain, 0, 0.7)
    scalp = scalp * (1 - 0.6 * galea)
    scalp = paint(scalp, layers.skull + layers.temporal + 0.7 - hull, signals["muscle"] * (1 + 0.1 * fine), edge=1.2)
    scalp = paint(scalp, 1.5 - skin, signals["skin"] * (1 + 0.10 * grain), edge=1.2)
    values = 0.76 * deep * (1 - vault) + scalp * vault
    # The floor is thin and rough, and here and there too thin to see.
    bone = layers.skull * vault + (1 - vault) * (1.2 + 1.5 * noise.at(points, 8.0, salt=7))
    values = paint(values, np.minimum(bone - hull, DEEP), signals["bone"])
    half = 0.5 * build.marrow * bone * (1 + 0.25 * grain)
    marrow = half - np.abs(hull - 0.52 * bone)
    strength = build.marrow_signal * signals["marrow"] * np.clip(0.80 + 0.20 * fine + 0.42 * grain, 0.25, 1.6)
    return paint(values, marrow, np.minimum(strength, 0.9 * signals["fat"]) * (0.3 + 0.7 * vault), edge=1.2)
