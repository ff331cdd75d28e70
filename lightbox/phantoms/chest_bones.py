"""Bones, vessels and bronchi of the chest: curves with a radius, projected along the beam."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.chest_body import Habitus, cage_half_width
from lightbox.phantoms.fields import Tube, curve

if TYPE_CHECKING:
    from numpy.typing import NDArray

RIBS = 12
SIDES = (-1.0, 1.0)


def build_skeleton(habitus: Habitus, rng: np.random.Generator) -> list[Tube]:
    """Ribs, spine, clavicles, scapulae and upper arms."""
    bones: list[Tube] = []
    for side in SIDES:
        bones += _ribs(habitus, rng, side)
        bones += _shoulder(habitus, rng, side)
    return bones + _spine(habitus, rng)


def _place(
    habitus: Habitus, x: NDArray[np.float64], y: NDArray[np.float64], z: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.stack([habitus.middle + habitus.lean * (y - 0.5) + x, y, z], axis=1)


def rib_pitch(habitus: Habitus) -> float:
    """Distance between two ribs at the spine."""
    return habitus.lung_height / 8.6


def _ribs(habitus: Habitus, rng: np.random.Generator, side: float) -> list[Tube]:
    """Twelve ribs, from the spine round the flank to where the cartilage begins."""
    tubes = []
    pitch = rib_pitch(habitus)
    rise = rng.uniform(0.0, 0.02)
    for number in range(RIBS):
        start_y = habitus.lung_top - 0.03 + number * pitch + rng.normal(0, 0.0015)
        reach = {0: 62, 10: 105, 11: 75}.get(number, rng.uniform(138, 150))
        angle = np.deg2rad(np.linspace(0.7, reach, 64))
        drop = habitus.rib_drop * (0.55 + 0.09 * min(number, 7)) * rng.uniform(0.95, 1.05)
        outward = np.sin(angle) ** 0.82
        fall = np.where(angle < np.pi / 2, 0.30 * outward**1.7, 0.30 + 0.55 * (1 - np.sin(angle)) ** 0.85)
        y = start_y + drop * (fall + 0.22 * angle / np.pi) - (rise + 0.010) * np.sin(np.minimum(angle * 2, np.pi))
        # The outer arc follows the cage at the rib's own height.
        flank = cage_half_width(habitus, start_y + drop / 2 * np.ones(1))[0] * 1.005 + 0.006
        flank = max(flank, 0.36 * habitus.cage)
        x = side * (0.012 + (flank - 0.012) * outward)
        z = -0.14 * np.cos(angle)
        back = angle <= np.pi / 2
        turn = int(back.sum())
        radius = rng.uniform(0.0125, 0.0150)
        points = _place(habitus, x, y, z)
        # Less marrow and a thinner cortex towards the front, so that the ends fade as cartilage takes over.
        for first, last, wall, weight in (
            (0, 8, 0.2, 0.35),
            (7, 30, 0.24, 0.66),
            (29, turn, 0.24, 0.46),
            (turn - 1, 46, 0.2, 0.56),
            (45, 56, 0.2, 0.56),
            (55, 64, 0.2, 0.28),
        ):
            if last > first + 1:
                part = weight * (0.6 if number < 2 else 1.0)
                tubes.append(Tube(points[first:last], radius, density=0.5, wall=wall, weight=part))
    return tubes


def _shoulder(habitus: Habitus, rng: np.random.Generator, side: float) -> list[Tube]:
    """Collar bone, shoulder blade and upper arm of one side."""
    top = habitus.lung_top
    lift = rng.uniform(-0.03, 0.03) - 0.05 * habitus.arms
    joint = (side * (habitus.cage * 0.74 + 0.05), top + 0.0 + lift)

    def bent(*points: tuple[float, float]) -> NDArray[np.float64]:
        line = curve(*((x, y, 0.0) for x, y in points))
        return _place(habitus, line[:, 0], line[:, 1], line[:, 2])

    inner = (side * 0.035, top + rng.uniform(0.03, 0.085))
    clavicle = bent(inner, (side * 0.11, inner[1] - 0.022), (side * 0.2, (inner[1] + joint[1]) / 2 - 0.02), joint)
    blade_y = top + rng.uniform(0.20, 0.26)
    tip = (side * habitus.cage * rng.uniform(0.82, 0.98), blade_y)
    border = bent((joint[0] - side * 0.09, joint[1] + 0.01), (tip[0] - side * 0.045, (joint[1] + blade_y) / 2), tip)
    lateral = bent((joint[0] - side * 0.01, joint[1] + 0.035), (tip[0] + side * 0.03, (joint[1] + blade_y) / 2), tip)
    spine = bent((joint[0] - side * 0.09, joint[1] + 0.03), joint)
    arm_start = (joint[0] + side * 0.03, joint[1] + 0.012)
    angle = arm_angle(habitus) + rng.normal(0, 0.1)
    far = (arm_start[0] + side * 0.32 * np.cos(angle), arm_start[1] + 0.32 * np.sin(angle))
    arm = bent(arm_start, ((arm_start[0] + far[0]) / 2, (arm_start[1] + far[1]) / 2 - 0.004), far)
    head = bent((arm_start[0], arm_start[1]), (arm_start[0] + side * 0.006, arm_start[1] + 0.004))
    return [
        Tube(clavicle, 0.0115, density=0.5, wall=0.26, weight=0.75),
        Tube(border, 0.006, density=0.5, wall=0.4, weight=0.28),
        Tube(lateral, 0.0075, density=0.5, wall=0.4, weight=0.42),
        Tube(spine, 0.009, density=0.5, wall=0.3, weight=0.22),
        Tube(arm, 0.020, density=0.3, wall=0.25, weight=0.6),
        Tube(head, 0.034, density=0.9, wall=0.1, weight=0.45),
    ]


def _spine(habitus: Habitus, rng: np.random.Generator) -> list[Tube]:
    """Vertebral bodies with their end plates, pedicles and spinous processes."""
    tubes = []
    pitch = rib_pitch(habitus) * 0.98
    half = rng.uniform(0.030, 0.036)
    for number in range(-5, 18):
        y = habitus.lung_top - 0.03 + number * pitch
        size = half * (0.86 + 0.012 * number)
        for plate in (-0.36, 0.36):
            line = curve((-size, y + plate * pitch, 0), (0, y + plate * pitch * 1.08, 0), (size, y + plate * pitch, 0))
            tubes.append(Tube(_place(habitus, *line.T), 0.0055, weight=0.4))
        for side in SIDES:
            edge = curve(
                (side * size, y - 0.34 * pitch, 0), (side * size * 0.92, y, 0), (side * size, y + 0.34 * pitch, 0)
            )
            tubes.append(Tube(_place(habitus, *edge.T), 0.0045, weight=0.35))
            pedicle = np.array([[side * size * 0.62, y - 0.1 * pitch, 0], [side * size * 0.62, y + 0.08 * pitch, 0.02]])
            tubes.append(Tube(_place(habitus, *pedicle.T), 0.0085, density=0.4, wall=0.35, weight=0.35))
        process = np.array([[0.0, y + 0.1 * pitch, 0], [0.0, y + 0.35 * pitch, 0.01]])
        tubes.append(Tube(_place(habitus, *process.T), 0.0065, weight=0.3))
        body = curve((0, y - 0.30 * pitch, 0), (0, y, 0), (0, y + 0.30 * pitch, 0), count=8)
        tubes.append(Tube(_place(habitus, *body.T), size, weight=0.20))
    return tubes


def build_tree(
    rng: np.random.Generator,
    root: tuple[float, float],
    heading: float,
    *,
    radius: float,
    reach: float,
    generations: int = 6,
    spread: float = 0.6,
) -> list[Tube]:
    """A branching tree of vessels or bronchi from its root, thinner at each fork.

    Args:
        rng: draws every bend and fork.
        root: x, y in fractions of the picture.
        heading: radians, 0 to the right, pi / 2 down.
        radius: of the trunk; each fork keeps its cross-section (Murray's law, r^3 = r1^3 + r2^3).
        reach: length of the trunk; each generation is about 0.8 times the one before.
        generations: forks in a row.
        spread: radians between the two branches of a fork, on average.
    """
    tubes: list[Tube] = []
    pending = [(root, heading, radius, reach, generations)]
    while pending:
        (x, y), angle, thick, length, left = pending.pop()
        bend = rng.normal(0, 0.14)
        step = length * rng.uniform(0.7, 1.2)
        points = [(x, y, 0.0)]
        for part in range(1, 4):
            turned = angle + bend * part / 3
            points.append((points[-1][0] + step / 3 * np.cos(turned), points[-1][1] + step / 3 * np.sin(turned), 0.0))
        tubes.append(Tube(np.array(points), thick))
        if left > 1:
            share = rng.uniform(0.3, 0.7)
            fork = spread * rng.uniform(0.6, 1.4)
            for portion, sign in ((share, 1 - share), (1 - share, -share)):
                branch = thick * portion ** (1 / 3)
                pending.append((points[-1][:2], angle + bend + fork * sign, branch, length * 0.82, left - 1))
    return tubes


def arm_angle(habitus: Habitus) -> float:
    """Radians below the horizontal at which the upper arms lie: hanging down at 1.2, held up at -1."""
    return 1.2 - 2.2 * habitus.arms


def build_arms(habitus: Habitus, rng: np.random.Generator) -> list[Tube]:
    """The flesh of both upper arms, raised or lowered."""
    tubes = []
    for side in SIDES:
        x, y = side * (habitus.cage * 0.74 + 0.06), habitus.lung_top + 0.0
        angle = arm_angle(habitus) + rng.normal(0, 0.05)
        far = (x + side * 0.4 * np.cos(angle), y + 0.4 * np.sin(angle))
        line = curve((x, y, 0.0), ((x + far[0]) / 2, (y + far[1]) / 2 - 0.005, 0.0), (*far, 0.0))
        tubes.append(Tube(_place(habitus, *line.T), 0.085, weight=1.25))
    return tubes
