"""Collar bones, shoulder blades, upper arms, and the jaw where the chin reaches into the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.chest.habitus import SIDES, Habitus, in_picture, shoulder_joint
from lightbox.phantoms.fields import Tube, curve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Point = tuple[float, float]


def build_girdle(habitus: Habitus, rng: np.random.Generator) -> list[Tube]:
    """The bones of both shoulders."""
    lift = rng.uniform(-0.03, 0.03)
    bones: list[Tube] = []
    for side in SIDES:
        bones += _clavicle(habitus, rng, side, lift)
        bones += _scapula(habitus, rng, side) + _humerus(habitus, rng, side)
    return bones + _jaw(habitus, rng)


def _line(habitus: Habitus, *points: Point, depth: float = 0.0) -> NDArray[np.float64]:
    return in_picture(habitus, *curve(*((*point, depth) for point in points)).T)


def _clavicle(habitus: Habitus, rng: np.random.Generator, side: float, lift: float) -> list[Tube]:
    """A slender S from the breast bone to the shoulder, flatter and fainter towards its outer end."""
    scale = habitus.scale
    joint_x, joint_y = shoulder_joint(habitus, side)
    inner = side * 0.032 * scale, habitus.lung_top + (0.065 - lift + rng.normal(0, 0.006)) * scale
    outer = joint_x - side * 0.075 * scale, joint_y - (0.025 + rng.normal(0, 0.008)) * scale

    def between(share: float, bow: float) -> Point:
        return inner[0] + share * (outer[0] - inner[0]), inner[1] + share * (outer[1] - inner[1]) + bow * scale

    line = _line(habitus, inner, between(0.32, 0.006), between(0.70, -0.022), outer, depth=0.4 * habitus.depth)
    pieces = ((0, 6, 0.0105, 0.9), (5, 34, 0.0088, 1.35), (33, 48, 0.0080, 0.95))
    return [
        Tube(line[first:last], radius * scale, density=0.45, wall=0.3, weight=weight)
        for first, last, radius, weight in pieces
    ]


def _scapula(habitus: Habitus, rng: np.random.Generator, side: float) -> list[Tube]:
    """Borders, spine, coracoid and thin plate; the tip swings outwards as the arm is raised."""
    scale = habitus.scale
    joint_x, joint_y = shoulder_joint(habitus, side)
    raised = float(np.clip(-habitus.arm_angles[0 if side < 0 else 1], 0, 1.2))

    def at(across: float, down: float) -> Point:
        return joint_x + side * across * scale, joint_y + down * scale

    tip = at(-0.045 + 0.05 * raised + rng.normal(0, 0.012), 0.225 + rng.normal(0, 0.012))
    neck, corner = at(-0.035, 0.03), at(-0.115 + 0.02 * raised, 0.0)
    borders = (
        (_line(habitus, neck, at(-0.025 + 0.03 * raised, 0.12), tip), 0.0065, 1.25),
        (_line(habitus, corner, at(-0.105 + 0.04 * raised, 0.12), tip), 0.0045, 0.6),
        (_line(habitus, at(-0.10, 0.03), at(-0.03, -0.005), at(0.015, -0.035)), 0.0075, 0.5),
        (_line(habitus, neck, at(-0.045, -0.01), at(-0.025, -0.02)), 0.0075, 0.8),
    )
    tubes = [Tube(line, radius * scale, density=0.5, wall=0.4, weight=weight) for line, radius, weight in borders]
    plate = _line(habitus, at(-0.065, 0.05), at(-0.055 + 0.04 * raised, 0.15))
    return [*tubes, Tube(plate, 0.032 * scale, weight=0.07)]


def _humerus(habitus: Habitus, rng: np.random.Generator, side: float) -> list[Tube]:
    """A hollow shaft, and across the growth plate the round head."""
    scale = habitus.scale
    joint_x, joint_y = shoulder_joint(habitus, side)
    angle = habitus.arm_angles[0 if side < 0 else 1] + rng.normal(0, 0.05)
    toward = side * np.cos(angle), np.sin(angle)

    def at(along: float) -> Point:
        return joint_x + along * scale * toward[0], joint_y + along * scale * toward[1]

    return [
        Tube(_line(habitus, at(0.040), at(0.07)), 0.0235 * scale, density=0.6, wall=0.12, weight=0.6),
        Tube(_line(habitus, at(0.07), at(0.24), at(0.45)), 0.017 * scale, density=0.35, wall=0.28, weight=0.95),
        Tube(_line(habitus, at(0.006), at(0.014)), 0.023 * scale, density=0.8, wall=0.12, weight=0.8),
    ]


def _jaw(habitus: Habitus, rng: np.random.Generator) -> list[Tube]:
    """The lower jaw's bow, the germs of the teeth in two rows, the bone around them."""
    if habitus.chin <= -0.02:
        return []
    scale = habitus.scale

    def at(across: float, up: float) -> Point:
        return habitus.head_turn + across * scale, habitus.chin - up * scale

    bow = _line(habitus, at(-0.165, 0.17), at(-0.11, 0.055), at(0, 0.012), at(0.11, 0.055), at(0.165, 0.17))
    tubes = [Tube(bow, 0.020 * scale, density=0.45, wall=0.25, weight=0.6)]
    for high in (0.055, 0.085):
        for place in np.linspace(-0.085, 0.085, 10):
            up = high + 3.5 * place**2 + rng.normal(0, 0.007)
            tooth = _line(habitus, at(place, up), at(place * 1.05, up + rng.uniform(0.008, 0.024)))
            tubes.append(Tube(tooth, rng.uniform(0.006, 0.0095) * scale, weight=rng.uniform(0.2, 0.9)))
    bodies = _line(habitus, at(-0.10, 0.13), at(0, 0.075), at(0.10, 0.13))
    return [*tubes, Tube(bodies, 0.055 * scale, weight=0.22)]
