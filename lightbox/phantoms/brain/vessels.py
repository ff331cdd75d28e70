"""What takes up contrast in a healthy head: sinuses, veins, arteries, dura, plexus, gland."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.brain.face import SELLA
from lightbox.phantoms.brain.solids import capsule, ellipsoid, mirrored, paint
from lightbox.phantoms.fields import soft_step

if TYPE_CHECKING:
    from lightbox.phantoms.arrays import Points, Values
    from lightbox.phantoms.brain.solids import SolidNoise

# Start, end, radius on the right half.
ARTERIES = (
    ((9, 6, -22), (26, 3, -19), 1.0),  # middle cerebral, into the Sylvian cleft
    ((26, 3, -19), (40, 2, -10), 0.9),
    ((40, 2, -10), (44, -18, 6), 0.8),
    ((9, 8, -22), (2, 24, -16), 0.8),  # anterior cerebral, round the callosum
    ((2, 24, -16), (2, 38, 6), 0.8),
    ((2, 38, 6), (2, 20, 28), 0.7),
    ((3, -16, -20), (20, -26, -14), 0.8),  # posterior cerebral
    ((20, -26, -14), (16, -52, -4), 0.7),
    ((0, -12, -24), (0, -16, -50), 1.1),  # basilar
)
VEINS = (
    ((2, -2, 14), (2, -36, 10), 1.0),  # internal cerebral
    ((1, -36, 10), (0, -46, 12), 1.5),  # of Galen
    ((0, -46, 12), (0, -68, 6), 1.1),  # straight sinus
    ((0, -68, 6), (0, -92, -8), 1.3),
    ((0, -94, -10), (44, -78, -20), 2.6),  # transverse and sigmoid sinus
    ((44, -78, -20), (56, -50, -24), 2.6),
    ((56, -50, -24), (46, -36, -50), 2.8),
)


def add_vessels(
    values: Values, points: Points, hull: Values, *, fluid: Values, signals: dict[str, float], noise: SolidNoise
) -> Values:
    """The brain's signal at (N, 3) points with its vessels and linings.

    Args:
        values: (N,) signal of the tissue.
        points: in MNI millimetres.
        hull: millimetres outside the dura.
        fluid: share of fluid, in which small vessels run.
        signals: by tissue name.
        noise: this head's texture.
    """
    values = _small(values, points, hull, fluid=fluid, signals=signals, noise=noise)
    values = _plexus(values, points, fluid, signals, noise)
    bent = noise.warp(points, 10.0, 1.8, salt=71)
    uneven = np.clip(0.75 + 0.3 * noise.at(points, 7.0, salt=82), 0.2, 1.1)
    values = values + uneven * (_named(values, bent, signals) - values)
    return _linings(values, points, bent, hull, fluid=fluid, signals=signals, noise=noise)


def _small(
    values: Values, points: Points, hull: Values, *, fluid: Values, signals: dict[str, float], noise: SolidNoise
) -> Values:
    """Thin winding tubes along the furrows: where two smooth noises are both near zero."""
    bent = noise.warp(points, 7.0, 0.8, salt=74)
    first, second = noise.at(bent, 11.0, salt=77), noise.at(bent, 11.0, salt=78)
    near = 5.5 * np.hypot(first, second)  # about millimetres from the tube's axis
    tube = soft_step(0.62 + 0.3 * noise.at(points, 25.0, salt=79) - near, 0.9)
    place = np.clip(0.15 + 2.2 * fluid, 0, 1) * soft_step(26 + hull, 14.0)
    return values + (signals["vessel"] - values) * 0.8 * tube * place


def _plexus(values: Values, points: Points, fluid: Values, signals: dict[str, float], noise: SolidNoise) -> Values:
    pair = mirrored(points)
    grain = noise.at(pair, 3.0, salt=80)
    bed = np.maximum(ellipsoid(pair, (22, -40, 9), (3.6, 7.5, 5.0)), capsule(pair, (9, -6, 18), (18, -34, 13), 1.6))
    share = soft_step(bed + 1.1 * grain - 0.3, 1.2) * np.clip(0.2 + 1.2 * fluid, 0, 1)
    return values + (signals["plexus"] - values) * share


def _named(values: Values, bent: Points, signals: dict[str, float]) -> Values:
    pair = mirrored(bent)
    if np.abs(bent[..., 2] - SELLA[2]).min() < 25:
        values = paint(values, ellipsoid(pair, (12.5, 1, -35), (5.0, 11, 6.0)), signals["sinus"] * 0.8, edge=1.4)
        values = paint(values, capsule(pair, (13, -8, -38), (13, 9, -34), 2.5), signals["flow"])
        values = paint(values, ellipsoid(bent, SELLA, (6.5, 5.2, 3.6)), signals["gland"])
        values = paint(values, capsule(bent, (0, 2, -32), (0, -2, -22), 1.1), signals["gland"])
    for rows, signal in ((ARTERIES, signals["vessel"]), (VEINS, signals["sinus"])):
        for start, end, radius in rows:
            values = paint(values, capsule(pair, start, end, radius), signal)
    return values


def _linings(
    values: Values,
    points: Points,
    bent: Points,
    hull: Values,
    *,
    fluid: Values,
    signals: dict[str, float],
    noise: SolidNoise,
) -> Values:
    """The falx with the sagittal sinus along its edge, the tentorium, the dura under the skull."""
    x, y, z = (points[..., axis] for axis in range(3))
    patch = np.clip(0.55 + 0.35 * noise.at(points, 16.0, salt=81), 0.05, 1)
    falx = soft_step(0.7 - np.abs(bent[..., 0]), 0.8) * np.clip(fluid * 1.2, 0, 1) * soft_step(z - 8, 8.0)
    values = values + (signals["dura"] - values) * patch * falx
    tent = z - (7 + 0.40 * (y + 48) - 0.36 * np.abs(x))
    leaf = soft_step(3.5 - np.abs(tent), 2.0) * soft_step(fluid - 0.45, 0.4) * soft_step(-38 - y, 8.0)
    values = values + (signals["dura"] - values) * patch * leaf
    height = 0.9 + 1.9 * soft_step(-y - 20, 60.0)
    sinus = 1 - np.hypot(bent[..., 0] / (2.2 + 0.7 * height), (hull + 0.4 * height) / height)
    back = soft_step(np.maximum(z - 15, -y - 55), 10.0)
    values = values + (signals["sinus"] - values) * soft_step(sinus, 0.4) * back
    lining = soft_step(0.9 - np.abs(hull + 0.1), 0.8)
    return values + (signals["dura"] - values) * 0.8 * patch * lining
