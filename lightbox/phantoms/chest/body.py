"""A child's chest as an X-ray beam meets it: chords of body, lungs and mediastinum, in centimetres.

Positions are fractions of the picture, x to the right and y down; the patient's right is at the left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.chest.abdomen import dome_height, gas_cm
from lightbox.phantoms.chest.habitus import Habitus, cage_half_width
from lightbox.phantoms.chest.mediastinum import airway_cm, mediastinum
from lightbox.phantoms.chest.outline import flesh_cm
from lightbox.phantoms.fields import noise_field, soft_step

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Body:
    """The chords that a beam meets at each pixel.

    Args:
        tissue_cm: (H, W) of body, as if the lungs were solid.
        lung_cm: (H, W) of aerated lung.
        lung_zone: (H, W) 0..1, where lung is seen without the heart or the liver over it.
        air_cm: (H, W) of trachea, bronchi, stomach and bowel gas.
        x: (H, W) position across, from the midline, positive to the right of the picture.
        y: (H, W) position down.
    """

    tissue_cm: NDArray[np.float64]
    lung_cm: NDArray[np.float64]
    lung_zone: NDArray[np.float64]
    air_cm: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]


def build_body(habitus: Habitus, rng: np.random.Generator, size: int) -> Body:
    """The chords of one child's body on a (size, size) grid."""
    shape = (size, size)
    grid_y, grid_x = (np.indices(shape) + 0.5) / size
    y = grid_y + 0.005 * noise_field(rng, shape, 4)
    x = grid_x - habitus.middle - habitus.lean * (grid_y - 0.5) + 0.005 * noise_field(rng, shape, 4)
    half = cage_half_width(habitus, y)
    tissue = flesh_cm(habitus, x, y, half) * (1 + 0.016 * noise_field(rng, shape, 7, octaves=4))
    between = mediastinum(habitus, x, y, rng)
    inside, depth = _pleura(habitus, x, y, half)
    dome = dome_height(habitus, x, half, rng)
    # The dome moves with the breath while the film is exposed.
    above = soft_step(dome - y, rng.uniform(0.008, 0.026))
    # Behind the dome the lung reaches further down.
    recess = rng.uniform(0.22, 0.48) * soft_step(dome + 0.05 - y, 0.13) * (1 - above)
    lung = 0.84 * habitus.depth_cm * depth * (above + recess) * (1 - between)
    # Spine, aorta and gullet leave no lung in the midline.
    lung *= 1 - 0.60 * np.exp(-((x / (0.06 * habitus.scale)) ** 2))
    zone = inside * above * (1 - between / 0.8)
    air = airway_cm(habitus, x, y) + gas_cm(habitus, x, y, rng)
    return Body(tissue, lung, zone, air, x, y)


def _pleura(
    habitus: Habitus, x: NDArray[np.float64], y: NDArray[np.float64], half: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """0..1 within the two pleural cavities, and their depth as a fraction of the chest's: two rounded apices."""
    scale = habitus.scale
    across = (np.abs(x) - 0.105 * scale) / (0.085 * scale)
    height = y - habitus.lung_top - 0.022 * scale * across**2
    inside = soft_step(half - np.abs(x), 0.006) * soft_step(height, 0.012)
    side = np.clip(np.abs(x) / half, 0, 1)
    rise = np.clip(height / (0.20 * scale), 0, 1)
    depth = (1 - side**2.4) ** 0.55 * (0.25 + 0.75 * np.sqrt(rise * (2 - rise)))
    return inside, inside * depth
