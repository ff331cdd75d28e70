"""A child's chest as an X-ray beam meets it: chords of body, lungs and mediastinum, in centimetres.

Positions are fractions of the picture, x to the right and y down; the patient's right is at the left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.fields import noise_field, soft_step

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Habitus:
    """One child's build and position, in fractions of the picture unless said otherwise."""

    middle: float
    lean: float
    lung_top: float
    dome: float
    cage: float
    shoulder: float
    neck: float
    wall: float
    heart_right: float
    heart_left: float
    heart_top: float
    arms: float
    depth_cm: float
    inspiration: float
    stomach: float
    chin: float
    rib_drop: float

    @property
    def lung_height(self) -> float:
        return self.dome - self.lung_top


def draw_habitus(rng: np.random.Generator) -> Habitus:
    """A child of one to five years, supine or held upright, anteroposterior beam."""
    uniform = rng.uniform
    lung_top = uniform(0.05, 0.20)
    dome = lung_top + uniform(0.54, 0.68)
    return Habitus(
        middle=uniform(0.47, 0.53),
        lean=uniform(-0.06, 0.06),
        lung_top=lung_top,
        dome=dome,
        cage=uniform(0.30, 0.39),
        shoulder=lung_top + uniform(-0.26, -0.12),
        neck=uniform(0.12, 0.17),
        wall=uniform(0.035, 0.12),
        heart_right=uniform(0.075, 0.115),
        heart_left=uniform(0.15, 0.24),
        heart_top=uniform(0.34, 0.46),
        arms=uniform(0.0, 1.0),
        depth_cm=uniform(11.0, 14.5),
        inspiration=uniform(0.8, 1.1),
        stomach=uniform(-0.6, 1.0),
        chin=uniform(-0.12, 0.10),
        rib_drop=uniform(0.22, 0.34),
    )


@dataclass(frozen=True, slots=True)
class Body:
    """The chords that a beam meets at each pixel.

    Args:
        tissue_cm: (H, W) of body, as if the lungs were solid.
        lung_cm: (H, W) of aerated lung.
        lung_zone: (H, W) 0..1, where lung is seen without the heart or the liver over it.
        air_cm: (H, W) of trachea, bronchi, stomach and bowel gas.
        dense_cm: (H, W) of what is denser than muscle, for example the jaw.
        x: (H, W) position across, from the midline, positive to the right of the picture.
        y: (H, W) position down.
        side: (H, W) across as a fraction of the rib cage's half width at that height; 1 is the wall.
    """

    tissue_cm: NDArray[np.float64]
    lung_cm: NDArray[np.float64]
    lung_zone: NDArray[np.float64]
    air_cm: NDArray[np.float64]
    dense_cm: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    side: NDArray[np.float64]


def cage_half_width(habitus: Habitus, y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half the inner width of the rib cage at height ``y``: a bell, narrow at the apex."""
    s = np.clip((y - habitus.lung_top) / habitus.lung_height, 0.0, 1.6)
    rise = 1 - np.clip(1 - s / 1.0, 0, 1) ** 2.4
    return habitus.cage * (0.02 + 0.98 * rise**0.58 * (1 - 0.05 * np.clip(s - 1, 0, 1)))


def build_body(habitus: Habitus, rng: np.random.Generator, size: int) -> Body:
    """The chords of one child's body on a (size, size) grid."""
    shape = (size, size)
    grid_y, grid_x = (np.indices(shape) + 0.5) / size
    wobble = 0.006 * noise_field(rng, shape, 5)
    y = grid_y + 0.006 * noise_field(rng, shape, 5)
    x = grid_x - habitus.middle - habitus.lean * (grid_y - 0.5) + wobble
    half = cage_half_width(habitus, y)
    side = x / half
    tissue = _torso_cm(habitus, x, y, half)
    tissue = tissue * (1 + 0.035 * noise_field(rng, shape, 6, octaves=6))
    chest_depth = 0.84 * habitus.depth_cm * np.sqrt(np.clip(1 - side**2, 0, 1))
    dome = _dome_height(habitus, x, half)
    above = soft_step(dome - y, 0.014)
    recess = 0.22 * soft_step(dome + 0.06 - y, 0.13) * (1 - above)
    mediastinum = _mediastinum(habitus, x, y, rng, size)
    apex = soft_step(y - habitus.lung_top - 0.002, 0.02)
    beside = 1 - mediastinum
    inside = soft_step(1 - np.abs(side), 0.015)
    lung = chest_depth * inside * apex * (above + recess) * (0.36 + 0.64 * beside)
    zone = inside * apex * above * beside
    air = _airway_cm(habitus, x, y) + _gas_cm(habitus, x, y, rng, size)
    return Body(tissue, lung, zone, air, _jaw_cm(habitus, x, y), x, y, side)


def _torso_cm(
    habitus: Habitus, x: NDArray[np.float64], y: NDArray[np.float64], half: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Chord of torso, shoulders and neck. Above the shoulder line only the neck is left."""
    flank = np.maximum(half, 0.80 * habitus.cage) + habitus.wall
    flare = np.logaddexp(0, (habitus.lung_top + 0.20 - y) / 0.06) * 0.06 * (0.5 + 1.0 * habitus.arms)
    outer = flank + flare
    torso = habitus.depth_cm * np.sqrt(np.clip(1 - (np.abs(x) / outer) ** 2.6, 0, 1))
    # The upper chest is shallower than the lower, and the shoulders taper towards their upper edge.
    torso *= 0.82 + 0.18 * np.clip((y - habitus.lung_top) / 0.45, 0, 1)
    beyond = np.clip(np.abs(x) - habitus.neck, 0, None)
    line = habitus.shoulder + (0.14 - 0.20 * habitus.arms) * beyond / 0.3 - 0.16 * np.exp(-beyond / 0.06)
    torso *= 1 - np.clip(1 - np.clip(y - line, 0, None) / 0.22, 0, 1) ** 2
    neck = 6.0 * np.sqrt(np.clip(1 - (x / habitus.neck) ** 2, 0, 1)) * soft_step(habitus.shoulder + 0.06 - y, 0.16)
    return np.maximum(torso, neck)


def _dome_height(habitus: Habitus, x: NDArray[np.float64], half: NDArray[np.float64]) -> NDArray[np.float64]:
    """Height y of the diaphragm: two domes, the right one (picture left) a little higher."""
    # Each dome is nearly level towards the heart and falls steeply into the angle at the ribs.
    lateral = np.abs(x) - np.where(x < 0, 0.38, 0.44) * half
    fall = np.where(lateral > 0, 1.7 * lateral**2, 0.35 * lateral**2) / habitus.cage
    return habitus.dome + 0.020 * soft_step(x, 0.08) + fall


def _mediastinum(
    habitus: Habitus, x: NDArray[np.float64], y: NDArray[np.float64], rng: np.random.Generator, size: int
) -> NDArray[np.float64]:
    """0..1: how much of the chord the heart, great vessels and spine take."""
    s = (y - habitus.lung_top) / habitus.lung_height
    # Borders from apex to diaphragm: right (cava, atrium) and left (arch, pulmonary artery, ventricle).
    narrow = rng.uniform(0.045, 0.070)
    thymus = rng.uniform(0.0, 0.045)
    stations = [-0.3, 0.0, 0.15, 0.3, habitus.heart_top, 0.62, 0.82, 1.0, 1.3]
    right = [narrow * 0.8, narrow * 0.9, narrow + thymus * 0.5, narrow + thymus * 0.6, narrow + 0.01]
    right += [habitus.heart_right * 0.93, habitus.heart_right, habitus.heart_right * 0.88, habitus.heart_right * 0.6]
    left = [narrow * 0.8, narrow * 0.9, narrow + 0.015 + thymus * 0.4, narrow + 0.012 + thymus * 0.6]
    left += [narrow + 0.035, habitus.heart_left * 0.82, habitus.heart_left, habitus.heart_left * 0.97]
    left += [habitus.heart_left * 0.6]
    wave = 0.005 * noise_field(rng, (size, size), 9, octaves=3)
    edge_right = _through(s, stations, right) + wave
    edge_left = _through(s, stations, left) + wave
    edge = np.where(x < 0, edge_right, edge_left)
    blur = np.where(x < 0, 0.040, 0.026) + 0.03 * np.exp(-(((s - 0.42) / 0.12) ** 2))
    return soft_step(edge - np.abs(x), blur) * (0.80 + 0.20 * soft_step(s - 0.4, 0.3))


def _through(at: NDArray[np.float64], stations: list[float], values: list[float]) -> NDArray[np.float64]:
    """A smooth curve through the stations, evaluated at ``at``."""
    fine = np.linspace(stations[0], stations[-1], 200)
    table = np.interp(fine, stations, values)
    kernel = np.hanning(25) / np.hanning(25).sum()
    padded = np.concatenate([np.full(12, table[0]), table, np.full(12, table[-1])])
    return np.interp(at, fine, np.convolve(padded, kernel, mode="valid"))


def _airway_cm(habitus: Habitus, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Trachea down to the carina, and the two main bronchi."""
    carina = habitus.lung_top + 0.30 * habitus.lung_height
    off = x + 0.008
    trachea = np.sqrt(np.clip(1 - (off / 0.02) ** 2, 0, 1)) * soft_step(carina - y, 0.03)
    below = np.clip(y - carina + 0.01, 0, 0.12)
    length = soft_step(carina + 0.085 - y, 0.05) * soft_step(y - carina, 0.02)
    right = np.sqrt(np.clip(1 - ((off + 0.75 * below) / 0.016) ** 2, 0, 1)) * length
    left = np.sqrt(np.clip(1 - ((off - 1.05 * below) / 0.015) ** 2, 0, 1)) * length
    return 1.1 * trachea + 0.7 * np.maximum(right, left)


def _gas_cm(
    habitus: Habitus, x: NDArray[np.float64], y: NDArray[np.float64], rng: np.random.Generator, size: int
) -> NDArray[np.float64]:
    """Gas in the stomach under the left dome, and in loops of bowel."""
    total = np.zeros((size, size))
    centre = (rng.uniform(0.10, 0.22), habitus.dome + rng.uniform(0.07, 0.13))
    radii = (rng.uniform(0.05, 0.12), rng.uniform(0.025, 0.06))
    warp = 0.25 * noise_field(rng, (size, size), 7)
    r2 = ((x - centre[0]) / radii[0]) ** 2 + ((y - centre[1]) / radii[1]) ** 2 + warp
    total += max(0.0, habitus.stomach) * 4.5 * np.sqrt(np.clip(1 - r2, 0, 1))
    for _ in range(rng.integers(0, 7)):
        place = (rng.uniform(-0.25, 0.28), habitus.dome + rng.uniform(0.16, 0.34))
        width, height = rng.uniform(0.03, 0.07), rng.uniform(0.02, 0.04)
        r2 = ((x - place[0]) / width) ** 2 + ((y - place[1]) / height) ** 2 + warp
        total += rng.uniform(0.5, 2.2) * np.sqrt(np.clip(1 - r2, 0, 1))
    return total


def _jaw_cm(habitus: Habitus, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """The chin and lower jaw where the head was not turned away from the picture."""
    if habitus.chin <= 0:
        return np.zeros_like(x)
    down = (y - habitus.chin + 0.20) / 0.20
    r = np.hypot(x / 0.20, down) + 0.02 * np.sin(37 * x) * np.cos(23 * y)
    bow = np.exp(-(((r - 0.90) / 0.06) ** 2)) + 0.7 * np.exp(-(((r - 0.68) / 0.10) ** 2))
    teeth = 0.5 + 0.5 * np.cos(150 * x)
    return 5.5 * np.sqrt(np.clip(1 - r**2, 0, 1)) + 2.2 * bow * (0.75 + 0.25 * teeth) * (r < 1)
