"""Chest X-rays of children: bodies, pneumonia, and the film that records them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.chest import disease
from lightbox.phantoms.chest.body import Body, build_body
from lightbox.phantoms.chest.bones import build_cage
from lightbox.phantoms.chest.film import Developer
from lightbox.phantoms.chest.habitus import PICTURE_CM, SIDES, Habitus, draw_habitus
from lightbox.phantoms.chest.overlay import Overlay
from lightbox.phantoms.chest.shoulder import build_girdle
from lightbox.phantoms.chest.vessels import build_vessels
from lightbox.phantoms.fields import noise_field, project_tubes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.phantoms.burn_in import Marker
    from lightbox.phantoms.chest.disease import Opacity

TISSUE_PER_CM = 0.21
BONE_PER_CM = 0.98
LUNG_DENSITY = 0.24
MASK_FRACTION = 0.25
NORMAL_NOTE = "Both lungs are clear: dark, with fine vessels that thin out towards the ribs."


@dataclass(frozen=True, slots=True)
class Film:
    """A developed picture and where disease was added to it.

    Args:
        pixels: (H, W) float64 in 0..1.
        healthy: (H, W) the same child, exposure and noise without the disease, where asked for; else the pixels.
        added: (H, W) attenuation that the disease added, dimensionless (the exponent in Beer-Lambert).
        note: what to look for.
    """

    pixels: NDArray[np.float64]
    healthy: NDArray[np.float64]
    added: NDArray[np.float64]
    note: str

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Where the added attenuation exceeds a quarter of its peak."""
        peak = self.added.max()
        return self.added > MASK_FRACTION * peak if peak > 0 else np.zeros(self.added.shape, dtype=bool)


def make_film(
    label: str, seed: int, size: int, difficulty: float, *, marker: Marker | None = None, twin: bool = False
) -> Film:
    """One film; the child depends on the seed alone, exposure and noise also on the size, nothing on the label."""
    child, illness, exposure = (np.random.default_rng([seed, stream]) for stream in (1, 2, 3))
    habitus = draw_habitus(child)
    body = build_body(habitus, child, size)
    structures = _structures_cm(habitus, body, child, size)
    opacity = None
    if label != "normal":
        opacity = getattr(disease, label)(body, habitus, illness, difficulty)
    clear = _attenuation(body, structures, None)
    diseased = clear if opacity is None else _attenuation(body, structures, opacity)
    develop = Developer(clear, body.lung_zone > 0.5, exposure)
    overlay = Overlay(habitus, exposure, marker)
    pixels = overlay(develop(diseased))
    healthy = overlay(develop(clear)) if twin and opacity is not None else pixels
    note = NORMAL_NOTE if opacity is None else opacity.note
    return Film(pixels, healthy, diseased - clear, note)


def _structures_cm(
    habitus: Habitus, body: Body, rng: np.random.Generator, size: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bones and lung vessels, in centimetres along the beam."""
    bones = project_tubes(build_cage(habitus, rng) + build_girdle(habitus, rng), size, blur=0.0010) * PICTURE_CM
    vessels = [tube for side in SIDES for tube in build_vessels(habitus, rng, side)]
    tree = project_tubes(vessels, size, blur=0.0012) * PICTURE_CM
    # Vessels too fine to follow add up to a faint grain within the lung.
    texture = 0.2 + 0.22 * noise_field(rng, (size, size), 26, octaves=4)
    return bones, (tree * (0.25 + 0.75 * body.lung_zone) + texture) * np.clip(body.lung_cm / 3.0, 0, 1)


def _attenuation(
    body: Body, structures: tuple[NDArray[np.float64], NDArray[np.float64]], opacity: Opacity | None
) -> NDArray[np.float64]:
    """The exponent of Beer-Lambert: the sum over materials of attenuation per centimetre times chord."""
    bones, vessels = structures
    filled = np.zeros_like(bones) if opacity is None else opacity.filled
    extra = np.zeros_like(bones) if opacity is None else opacity.extra_cm * np.clip(body.lung_cm / 3.0, 0, 1)
    # Air that fluid replaced hides no vessel any more: its silhouette goes with the air around it.
    air_in_lung = body.lung_cm * (1 - LUNG_DENSITY) * (1 - filled)
    tissue = body.tissue_cm - air_in_lung - body.air_cm + (1.5 * vessels + extra) * (1 - 0.8 * filled)
    covered = np.clip(body.tissue_cm / 2.0, 0, 1)
    return TISSUE_PER_CM * np.clip(tissue, 0, None) + BONE_PER_CM * bones * covered
