"""Diaphragm and what lies below it: the dome's height, gas in the stomach and in loops of bowel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.fields import noise_field, soft_step

if TYPE_CHECKING:
    from lightbox.phantoms.arrays import Values
    from lightbox.phantoms.chest.habitus import Habitus


def dome_height(habitus: Habitus, x: Values, half: Values, rng: np.random.Generator) -> Values:
    """Height y of the diaphragm: two domes, each nearly level in the middle, steep into the angle at the ribs."""
    drop = habitus.scale * rng.uniform(0.11, 0.19)
    peak = rng.uniform(0.34, 0.5)
    across = (np.abs(x) / half - peak) / (1 - peak)
    lateral = 1 - np.sqrt(1 - np.clip(across, 0, 0.985) ** 2)
    medial = 0.32 * np.clip(-across, 0, 1) ** 2
    return habitus.dome + habitus.left_lower * soft_step(x, 0.08) + drop * (lateral + medial)


def gas_cm(habitus: Habitus, x: Values, y: Values, rng: np.random.Generator) -> Values:
    """Gas in the stomach under the left dome, often none, and in loops of bowel."""
    scale = habitus.scale
    total = np.zeros_like(x)
    warp = 0.4 * noise_field(rng, x.shape, 6, octaves=2)
    below = habitus.dome + habitus.left_lower
    rooms = []
    if rng.random() < 0.22:
        place = rng.uniform(0.08, 0.20), below + rng.uniform(0.06, 0.13) * scale
        rooms.append((place, rng.uniform(0.05, 0.13), rng.uniform(0.035, 0.08), rng.uniform(0.8, 3.5)))
    if rng.random() < 0.225:
        for _ in range(rng.integers(1, 7)):
            place = rng.uniform(-0.22, 0.26), below + rng.uniform(0.14, 0.32) * scale
            rooms.append((place, rng.uniform(0.025, 0.06), rng.uniform(0.015, 0.035), rng.uniform(0.4, 2.0)))
    for place, wide, high, thick in rooms:
        r2 = ((x - place[0]) / (wide * scale)) ** 2 + ((y - place[1]) / (high * scale)) ** 2 + warp
        total += thick * np.sqrt(np.clip(1 - r2, 0, 1))
    # Food and fine bubbles in the loops: a mottle that begins below liver and spleen.
    mottle = np.clip(noise_field(rng, x.shape, 11, octaves=3) - rng.uniform(-0.8, 0.8), 0, 2)
    loops = soft_step(y - below - 0.12 * scale + 0.25 * x, 0.08) * np.exp(-((x / (0.24 * scale)) ** 4))
    gas: Values = total + rng.uniform(0.4, 2.2) * mottle * loops
    return gas
