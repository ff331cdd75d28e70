"""Pneumonia as it replaces air: centimetres of tissue-equivalent density added along the beam."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.chest.habitus import PICTURE_CM, SIDES
from lightbox.phantoms.chest.vessels import build_tree, hilum_place
from lightbox.phantoms.fields import Tube, noise_field, project_tubes, soft_step

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.phantoms.chest.body import Body
    from lightbox.phantoms.chest.habitus import Habitus

# Where each lobe shows: side (-1 is the patient's right), apex 0 to dome 1, midline 0 to wall 1.
LOBES: dict[str, tuple[float, float, float]] = {
    "right upper": (-1.0, 0.30, 0.55),
    "right middle": (-1.0, 0.72, 0.48),
    "right lower": (-1.0, 0.84, 0.66),
    "left upper": (1.0, 0.34, 0.62),
    "lingula": (1.0, 0.68, 0.72),
    "left lower": (1.0, 0.84, 0.74),
}


@dataclass(frozen=True, slots=True)
class Opacity:
    """What a pneumonia adds.

    Args:
        filled: (H, W) 0..1, the share of the lung's air that is replaced.
        extra_cm: (H, W) of thickened walls and septa on top of that.
        note: one sentence: what to look for.
    """

    filled: NDArray[np.float64]
    extra_cm: NDArray[np.float64]
    note: str


def bacterial(body: Body, habitus: Habitus, rng: np.random.Generator, difficulty: float) -> Opacity:
    """One confluent consolidation with soft edges, a straight one along a fissure, and air bronchograms."""
    size = body.x.shape[0]
    lobe = list(LOBES)[rng.integers(len(LOBES))]
    side, height, across = LOBES[lobe]
    easy = 1 - difficulty
    centre_y = habitus.lung_top + (height + rng.normal(0, 0.04)) * habitus.lung_height
    centre_x = side * (across + rng.normal(0, 0.05)) * habitus.cage
    radius = (0.075 + 0.11 * easy) * rng.uniform(0.9, 1.2)
    stretch = rng.uniform(0.85, 1.3)
    warp = 0.42 * noise_field(rng, (size, size), 8, octaves=3)
    across_r = (body.x - centre_x) / (radius * stretch)
    down_r = (body.y - centre_y) / (radius / stretch)
    level = 1 - np.hypot(across_r, down_r) + warp * 0.55
    shape = soft_step(level, 0.75 + 0.35 * difficulty)
    if lobe == "right upper" and rng.random() < 0.7:
        fissure = habitus.lung_top + 0.45 * habitus.lung_height + 0.05 * (body.x + 0.2)
        shape *= soft_step(fissure - body.y, 0.02)
    shape *= soft_step(side * body.x - 0.02, 0.03)
    patchy = np.clip(0.9 + 0.12 * noise_field(rng, (size, size), 26, octaves=2), 0, 1.05)
    filled = np.clip((0.20 + 0.70 * easy) * rng.uniform(0.9, 1.1) * shape * patchy, 0, 0.95)
    filled *= 1 - _bronchograms(habitus, rng, size, centre=(centre_x, centre_y), side=side, easy=easy)
    place = lobe if lobe == "lingula" else f"{lobe} lobe"
    note = f"A confluent opacity with soft edges in the {place}; dark air-filled bronchi may branch through it."
    return Opacity(filled, np.zeros_like(filled), note)


def _bronchograms(
    habitus: Habitus, rng: np.random.Generator, size: int, *, centre: tuple[float, float], side: float, easy: float
) -> NDArray[np.float64]:
    """0..1: the air that stays, in bronchi that run from the hilum into the consolidation."""
    hilum = hilum_place(habitus, side)
    target = (habitus.middle + centre[0], centre[1])
    heading = float(np.arctan2(target[1] - hilum[1], target[0] - hilum[0]))
    tubes = build_tree(rng, hilum, heading, radius=0.0085, reach=0.06, generations=5, spread=0.7)
    air_cm = project_tubes(tubes, size, blur=0.003) * PICTURE_CM
    return np.clip(air_cm * (0.3 + 0.4 * easy), 0, 0.35)


def viral(body: Body, habitus: Habitus, rng: np.random.Generator, difficulty: float) -> Opacity:
    """Ground glass about both hila, thickened bronchial walls and a net of septa."""
    size = body.x.shape[0]
    easy = 1 - difficulty
    filled = np.zeros((size, size))
    tubes: list[Tube] = []
    lean = rng.uniform(-0.25, 0.25)
    for side in SIDES:
        hilum = hilum_place(habitus, side)
        down = body.y - hilum[1] - 0.04
        reach = (0.105 + 0.05 * easy) * rng.uniform(0.9, 1.15)
        away = np.hypot((body.x - hilum[0] + habitus.middle - side * 0.045) / reach, down / (1.5 * reach))
        strength = (0.16 + 0.36 * easy) * (1 + side * lean) * rng.uniform(0.9, 1.1)
        halo = soft_step(1 - away + 0.14 * noise_field(rng, (size, size), 9, octaves=3), 0.9)
        filled += strength * halo * (0.4 + 0.6 * body.lung_zone) * (side * body.x > 0)
        for turn in (-0.5, 0.1, 0.6, 1.0, 1.3):
            heading = np.pi / 2 - side * (np.pi / 2 - turn + rng.normal(0, 0.15))
            tubes += build_tree(rng, hilum, heading, radius=0.0065, reach=0.07, generations=5, spread=0.6)
    cuffs = [Tube(tube.points, tube.radius * 1.3) for tube in tubes]
    grain = np.clip(1 + 0.12 * noise_field(rng, (size, size), 40, octaves=3), 0.2, 1.8)
    cloudy = np.clip(0.90 + 0.20 * noise_field(rng, (size, size), 9, octaves=3), 0.3, 1.4)
    glass = np.clip(filled * cloudy * grain, 0, 0.8)
    walls = project_tubes(cuffs, size, blur=0.004) * PICTURE_CM * np.clip(filled * 2.4, 0, 1) * (0.25 + 0.25 * easy)
    return Opacity(glass, walls, "A hazy veil and streaks spreading from both hila, on both sides of the heart.")
