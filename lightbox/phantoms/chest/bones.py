"""The rib cage: ribs that cross on their way from the spine round the flank to the front, and the spine."""

from __future__ import annotations

import numpy as np

from lightbox.phantoms.chest.habitus import SIDES, Habitus, cage_half_width, in_picture
from lightbox.phantoms.fields import Tube, curve

RIBS = 12
# Degrees from the spine at which bone ends and cartilage begins.
REACH = (120, 132, 140, 144, 146, 146, 142, 134, 122, 108, 90, 66)
# Along a rib: from and to which angle, and how much of a solid rod's attenuation it has. A rib is a flat band that
# the beam meets on its narrow side behind and along its broad side at the flank; in front it is thinner.
PIECES = ((0, 12, 0.40), (12, 40, 0.50), (40, 74, 0.56), (74, 106, 0.62), (106, 132, 0.29), (132, 150, 0.17))


def build_cage(habitus: Habitus, rng: np.random.Generator) -> list[Tube]:
    """Ribs and spine."""
    drift = np.cumsum(rng.normal(0, 0.0012, RIBS))
    stout = rng.uniform(0.0086, 0.0114) * habitus.scale
    bones: list[Tube] = []
    for side in SIDES:
        bones.append(_flank(habitus, side))
        drop = habitus.rib_drop * rng.uniform(0.93, 1.07)
        for number in range(RIBS):
            start = habitus.lung_top - 0.028 * habitus.scale + number * rib_pitch(habitus) + drift[number]
            steep = drop * min(1.0, 0.60 + 0.09 * number) * rng.uniform(0.93, 1.07)
            bones += _rib(habitus, number, side, start=start, drop=steep, radius=stout * rng.uniform(0.94, 1.06))
    return bones + _spine(habitus, rng)


def rib_pitch(habitus: Habitus) -> float:
    """Distance between two ribs at the spine."""
    return habitus.lung_height / 8.8


def _rib(habitus: Habitus, number: int, side: float, *, start: float, drop: float, radius: float) -> list[Tube]:
    """One rib: a ring about the chest, tilted forwards, that follows the cage's wall; open in front."""
    degrees = np.linspace(4, REACH[number], 72)
    angle = np.deg2rad(degrees)
    # The upper ribs leave the spine level, the lower ones ever more steeply.
    y = start + drop * (1 - np.cos(angle)) / 2 + (0.009 * number - 0.025) * habitus.scale * np.sin(angle)
    wall = cage_half_width(habitus, y) + 0.35 * radius
    root = 0.022 * habitus.scale
    x = side * (root + (wall - root) * np.sin(angle) ** 0.88)
    points = in_picture(habitus, x, y, -0.5 * habitus.depth * np.cos(angle))
    first = 0.55 if number == 0 else 0.8 if number in (1, 11) else 1.0
    gristle = 1.0 if number < 6 else 0.65
    tubes = []
    for low, high, weight in PIECES:
        here = np.flatnonzero((degrees >= low - 2) & (degrees <= high))
        if here.size > 1:
            tubes.append(
                Tube(
                    points[here],
                    radius,
                    density=0.35,
                    wall=0.28,
                    weight=weight * first * (gristle if low > 90 else 1.0),
                )
            )
    return tubes


def _flank(habitus: Habitus, side: float) -> Tube:
    """Where the beam grazes the cage: periosteum and intercostal muscle of many ribs in one line."""
    y = habitus.lung_top + np.linspace(0.10, 1.25, 40) * habitus.lung_height
    x = side * (cage_half_width(habitus, y) + 0.006 * habitus.scale)
    return Tube(in_picture(habitus, x, y, np.zeros_like(x)), 0.0055 * habitus.scale, weight=0.5)


def _spine(habitus: Habitus, rng: np.random.Generator) -> list[Tube]:
    """Vertebral bodies with their end plates, pedicles and spinous processes."""
    tubes = []
    pitch = rib_pitch(habitus)
    half = rng.uniform(0.029, 0.035) * habitus.scale
    clear = rng.uniform(1.0, 2.0)
    behind = -0.36 * habitus.depth

    def bone(*points: tuple[float, float], radius: float, weight: float, wall: float = 1.0) -> None:
        line = curve(*((*point, behind) for point in points), count=12)
        tubes.append(Tube(in_picture(habitus, *line.T), radius, density=0.4, wall=wall, weight=weight))

    for number in range(-6, 18):
        y = habitus.lung_top - 0.028 * habitus.scale + (number - 0.35) * pitch
        size = half * (0.84 + 0.014 * number)
        for plate in (-0.36, 0.36):
            level = y + plate * pitch
            bone((-size, level), (0, level + 0.03 * plate * pitch), (size, level), radius=0.0045, weight=0.30 * clear)
        for side in SIDES:
            edge = (side * size, y - 0.34 * pitch), (side * size * 0.92, y), (side * size, y + 0.34 * pitch)
            bone(*edge, radius=0.004, weight=0.28 * clear)
            pedicle = (side * size * 0.62, y - 0.12 * pitch), (side * size * 0.62, y + 0.06 * pitch)
            bone(*pedicle, radius=0.0075, weight=0.35 * clear, wall=0.35)
            process = (side * size * 0.8, y - 0.10 * pitch), (side * size * 1.7, y - 0.16 * pitch)
            bone(*process, radius=0.0065, weight=0.22)
        bone((0, y + 0.1 * pitch), (0, y + 0.35 * pitch), radius=0.006, weight=0.28 * clear)
        for level in (y - 0.13 * pitch, y + 0.13 * pitch):
            bone((-0.75 * size, level), (0.75 * size, level), radius=0.24 * pitch, weight=0.45)
    return tubes
