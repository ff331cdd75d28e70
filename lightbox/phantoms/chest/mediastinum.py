"""What lies between the lungs: heart, great vessels, thymus, and the airways that run through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.chest.habitus import Habitus, smooth_through
from lightbox.phantoms.fields import noise_field, soft_step

if TYPE_CHECKING:
    from lightbox.phantoms.arrays import Values

STATIONS = (-0.5, -0.1, 0.08, 0.2, 0.32, 0.44, 0.6, 0.8, 0.95, 1.1, 1.5)


def mediastinum(habitus: Habitus, x: Values, y: Values, rng: np.random.Generator) -> Values:
    """0..1: how much of the lung's depth the heart and the great vessels take; about 0.7 over the heart."""
    s = (y - habitus.lung_top) / habitus.lung_height
    x = x - 0.08 * habitus.yaw
    right, left = _borders(habitus, s, rng)
    wave = 0.005 * noise_field(rng, x.shape, 9, octaves=2)
    edge = np.where(x < 0, right, left) + wave
    # The borders are rounded: near them the beam passes little of the heart. Some hearts beat while exposed.
    firm = rng.uniform(1.6, 2.8)
    blur = rng.uniform(0.012, 0.036)
    chord = np.clip(1 - (np.abs(x) / (edge + blur)) ** firm, 0, 1) ** 0.8
    depth = rng.uniform(0.60, 0.80) * (0.72 + 0.28 * soft_step(s - habitus.heart_top, 0.4))
    return chord * depth


def _borders(habitus: Habitus, s: Values, rng: np.random.Generator) -> tuple[Values, Values]:
    """Half widths from apex to diaphragm: right cava and atrium; left arch, pulmonary artery and ventricle."""
    scale = habitus.scale
    narrow = scale * rng.uniform(0.046, 0.066)
    knuckle = scale * rng.uniform(0.0, 0.014)
    heart, sail = habitus.heart_right, habitus.thymus
    top = (habitus.heart_top - 0.42) * 0.5
    right = [narrow, narrow, narrow + 0.3 * sail, narrow + 0.8 * sail, narrow + 0.9 * sail]
    right += [max(narrow, 0.80 * heart), 0.97 * heart, heart, 0.86 * heart, 0.7 * heart, 0.5 * heart]
    heart = habitus.heart_left
    left = [narrow, narrow, narrow + 0.3 * sail, narrow + 0.6 * sail, narrow + 0.012 * scale + 0.5 * sail]
    left += [max(narrow + 0.016, (0.50 - top) * heart), (0.74 - top) * heart, 0.97 * heart, heart]
    left += [0.9 * heart, 0.6 * heart]
    arch = knuckle * np.exp(-(((s - 0.24) / 0.06) ** 2))
    return smooth_through(s, STATIONS, right, reach=0.12), smooth_through(s, STATIONS, left, reach=0.12) + arch


def airway_cm(habitus: Habitus, x: Values, y: Values) -> Values:
    """Trachea down to the carina, and the two main bronchi."""
    scale = habitus.scale
    carina = habitus.lung_top + 0.30 * habitus.lung_height
    off = x + 0.006 * scale + 0.03 * np.clip(carina - y, -0.1, 0.2) * np.sign(habitus.yaw)
    trachea = _rod(off, 0.018 * scale) * soft_step(carina - y, 0.03)
    below = np.clip(y - carina + 0.01, 0, 0.12)
    length = soft_step(carina + 0.085 * scale - y, 0.05) * soft_step(y - carina, 0.02)
    right = _rod(off + 0.75 * below, 0.014 * scale) * length
    left = _rod(off - 1.05 * below, 0.013 * scale) * length
    return 1.0 * trachea + 0.3 * np.maximum(right, left)


def _rod(away: Values, radius: float) -> Values:
    chord: Values = np.sqrt(np.clip(1 - (away / radius) ** 2, 0, 1))
    return chord
