"""The neck: vertebrae with discs, the cord in its canal, throat, great vessels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.brain.solids import capsule, ellipsoid, paint, paint_bone

if TYPE_CHECKING:
    from lightbox.phantoms.arrays import Points, Values


def spine(values: Values, points: Points, pair: Points, signals: dict[str, float], grain: Values) -> Values:
    """Vertebral bodies and processes, the dens, the cord in its fluid."""
    marrow, cortex, muscle = signals["clivus"] * (0.72 + 0.08 * grain), signals["bone"] * 3, signals["muscle"]
    y, z = points[..., 1], points[..., 2]
    column = np.minimum(np.minimum(9.5 - np.abs(y + 21 - 0.05 * (z + 88)), 10 - 0.9 * pair[..., 0]), -80 - z)
    values = paint(values, column + 0.8, cortex, edge=1.2)
    # Discs are dark between bodies 17 mm apart.
    height = np.abs((z + 96) / 17 - np.rint((z + 96) / 17)) * 17
    disc = muscle * (0.62 + 0.1 * grain)
    values = paint(values, column - 0.6, disc)
    values = paint(values, np.minimum(column - 0.8, 6.9 - (8.5 - height)), cortex, edge=0.7)
    values = paint(values, np.minimum(column - 0.9, 6.2 - (8.5 - height)), marrow, edge=0.9)
    values = paint_bone(values, capsule(points, (0, -19, -68), (0, -19, -84), 5.2), cortex, marrow * 1.1)
    values = paint_bone(values, ellipsoid(pair, (0, -8, -72), (9, 3.4, 5)), cortex, marrow)
    for number in range(7):
        level = -70.0 - 17.0 * number
        values = paint_bone(values, capsule(points, (0, -58, level), (0, -74, level - 9), 3.6), cortex, marrow)
    canal = capsule(points, (0, -40, -58), (0, -45, -230), 9.0)
    values = paint(values, canal + 1.2, cortex, edge=1.5)
    values = paint(values, canal, signals["csf"] * 1.1)
    return paint(values, capsule(points, (0, -39, -52), (0, -44, -230), 5.2), signals["white"] * 0.97, edge=1.4)


def throat(values: Values, points: Points, pair: Points, signals: dict[str, float], grain: Values) -> Values:
    """The airway behind palate and tongue, its mucosa, carotids and jugular veins."""
    air, mucosa = signals["air"], signals["mucosa"] * 0.8
    path = (((0, 26, -64), (0, 6, -80), 5.5), ((0, 6, -80), (0, 4, -112), 5.0), ((0, 4, -112), (0, 0, -230), 6.5))
    for start, end, radius in path:
        values = paint(values, capsule(points, start, end, radius + 1.4) + 0.8 * grain, mucosa, edge=1.4)
    for start, end, radius in path:
        values = paint(values, capsule(points, start, end, radius) + 0.8 * grain, air, edge=1.2)
    values = paint(values, capsule(points, (0, 12, -110), (0, 0, -124), 1.6), mucosa)
    values = paint(values, capsule(pair, (27, -12, -58), (27, -12, -230), 2.8), signals["flow"])
    values = paint(values, capsule(pair, (34, -18, -58), (30, -22, -230), 3.4), signals["sinus"] * 0.6)
    return paint(values, ellipsoid(pair, (56, -6, -82), (8, 12, 18)) + 1.5 * grain, signals["mucosa"] * 0.9, edge=2.5)
