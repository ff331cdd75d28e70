"""Muscles of chewing, throat and neck: rods side by side, fat in the planes between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.brain.solids import capsule
from lightbox.phantoms.fields import soft_step

if TYPE_CHECKING:
    from lightbox.phantoms.arrays import Points, Values
    from lightbox.phantoms.brain.solids import SolidNoise

# Start, end and radius on the right half.
BUNDLES = (
    ((58, 32, -60), (55, 22, -106), 9.0),  # masseter, two bellies
    ((60, 17, -62), (56, 10, -108), 8.0),
    ((62, 14, -8), (57, 20, -68), 7.5),  # temporal muscle on its way to the jaw
    ((58, 32, -8), (53, 32, -68), 7.0),
    ((24, 26, -66), (43, 14, -108), 9.0),  # pterygoids
    ((24, 32, -58), (46, 6, -56), 8.5),
    ((30, 34, -66), (48, 10, -64), 5.0),
    ((14, 16, -62), (20, 6, -96), 5.0),  # palate and throat
    ((20, 2, -90), (22, 0, -160), 4.5),
    ((7, -6, -70), (9, -12, -230), 4.8),  # before the spine
    ((16, -10, -74), (18, -16, -230), 4.5),
    ((58, -40, -56), (30, 6, -190), 9.0),  # sternocleidomastoid
    ((38, -22, -72), (42, -26, -230), 8.5),  # beside the spine
    ((24, -28, -80), (28, -32, -230), 7.0),
    ((44, -42, -74), (48, -46, -230), 8.0),
    ((22, -54, -60), (14, -46, -86), 6.5),  # below the occiput
    ((36, -50, -62), (20, -38, -82), 6.0),
    ((10, -70, -54), (9, -64, -230), 8.0),  # nape
    ((24, -74, -54), (22, -68, -230), 8.0),
    ((37, -64, -56), (36, -62, -230), 8.0),
    ((50, -52, -60), (50, -58, -230), 7.5),
    ((13, -88, -60), (26, -86, -230), 5.5),
    ((34, -82, -76), (44, -80, -230), 6.0),
    ((9, 60, -114), (12, 24, -126), 6.0),  # floor of the mouth
    ((24, 52, -112), (32, 14, -122), 5.5),
    ((46, 62, -72), (30, 80, -98), 3.5),  # cheek and lips
    ((36, 66, -56), (24, 82, -88), 3.0),
    ((12, 88, -86), (14, 86, -102), 4.0),
)


def flesh(pair: Points, noise: SolidNoise, signals: dict[str, float]) -> Values:
    """Muscle, with fat where no muscle is, in the planes between two, and in streaks along them."""
    bent = noise.warp(pair, 17.0, 2.6, salt=11)
    best = np.full(pair.shape[:-1], -99.0)
    second = best.copy()
    for start, end, radius in BUNDLES:
        solid = capsule(bent, start, end, radius)
        second = np.maximum(second, np.minimum(best, solid))
        best = np.maximum(best, solid)
    fine, long = noise.at(bent, 2.6, salt=14), noise.at(bent, (3.2, 3.2, 16.0), salt=15)
    margin = np.minimum(best + 4.0, 0.5 * (best - second)) - 0.55 - 0.55 * noise.at(pair, 12.0, salt=16)
    muscle = signals["muscle"] * (1 + 0.13 * long + 0.06 * fine)
    streak = soft_step(long - 1.6 + 0.5 * fine, 0.5)
    fat = signals["fat"] * np.clip(0.52 + 0.14 * noise.at(bent, (4.0, 4.0, 15.0), salt=17) + 0.08 * fine, 0.2, 1.0)
    # Nerves, vessels and strands of tissue run through the fat.
    fat *= 1 - 0.55 * soft_step(noise.at(bent, (4.5, 4.5, 9.0), salt=18) - 1.0, 0.5)
    share = soft_step(margin, 0.9) * (1 - 0.55 * streak)
    return fat + (muscle - fat) * share
