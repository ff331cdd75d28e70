"""The vessels of the lungs, and branching trees as vessels and bronchi grow them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.fields import Tube

if TYPE_CHECKING:
    from lightbox.phantoms.chest.habitus import Habitus

# Radians from the outward horizontal, down positive: the upper lobe's vessels, and more and larger ones below.
HEADINGS = (-1.35, -0.95, -0.5, -0.1, 0.25, 0.55, 0.8, 1.0, 1.2, 1.42)


def hilum_place(habitus: Habitus, side: float) -> tuple[float, float]:
    """x, y in the picture of the root of one lung."""
    y = habitus.lung_top + (0.41 if side > 0 else 0.45) * habitus.lung_height
    return habitus.middle + habitus.lean * (y - 0.5) + side * 0.064 * habitus.scale, y


def build_vessels(habitus: Habitus, rng: np.random.Generator, side: float) -> list[Tube]:
    """Arteries and veins of one lung, and the trunk that descends beside the heart."""
    scale = habitus.scale
    x, y = hilum_place(habitus, side)
    tubes: list[Tube] = []
    for heading in HEADINGS:
        angle = heading + rng.normal(0, 0.22)
        start = (x + side * rng.uniform(-0.02, 0.012) * scale, y + rng.normal(0.01, 0.03) * scale)
        radius = rng.uniform(0.0042, 0.0066) * (1.15 if heading > 0.4 else 0.9) * scale
        toward = angle if side > 0 else np.pi - angle
        tubes += build_tree(rng, start, toward, radius=radius, reach=0.072 * scale, generations=6, spread=0.7)
    down = 1.25 + rng.normal(0, 0.08)
    toward = down if side > 0 else np.pi - down
    line = [(x, y - 0.02 * scale, 0.0), (x + 0.04 * scale * np.cos(toward), y + 0.03 * scale, 0.0)]
    line.append((x + 0.10 * scale * np.cos(toward), y + 0.10 * scale, 0.0))
    # Glands, bronchi and vessels seen end on make the root of the lung a blur.
    for _ in range(5):
        spot = x + side * rng.normal(0.008, 0.014) * scale, y + rng.normal(0.01, 0.03) * scale
        tubes.append(Tube(np.array([(*spot, 0.0), (spot[0], spot[1] + 0.012, 0.0)]), 0.022 * scale, weight=0.35))
    return [*tubes, Tube(np.array(line[:2]), 0.0125 * scale, weight=0.8), Tube(np.array(line[1:]), 0.0085 * scale)]


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
