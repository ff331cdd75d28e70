"""Chest X-rays of children: bodies, pneumonia, and the film that records them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import fft

from lightbox.phantoms import chest_disease
from lightbox.phantoms.burn_in import Marker, burn
from lightbox.phantoms.chest_body import Body, Habitus, build_body, draw_habitus
from lightbox.phantoms.chest_bones import build_arms, build_skeleton, build_tree
from lightbox.phantoms.fields import Tube, noise_field, project_tubes, soft_step

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.phantoms.chest_disease import Opacity

TISSUE_PER_CM = 0.21
BONE_PER_CM = 0.85
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
    """One film; the child, the exposure and the noise depend on the seed alone, never on the label."""
    child, illness, exposure = (np.random.default_rng([seed, stream]) for stream in (1, 2, 3))
    habitus = draw_habitus(child)
    body = build_body(habitus, child, size)
    structures = _structures_cm(habitus, body, child, size)
    opacity = None
    if label != "normal":
        opacity = getattr(chest_disease, label)(body, habitus, illness, difficulty)
    clear = _attenuation(body, structures, None)
    diseased = clear if opacity is None else _attenuation(body, structures, opacity)
    develop = _Developer(clear, body.lung_zone > 0.5, exposure)
    overlay = _Overlay(habitus, exposure, marker)
    pixels = overlay(develop(diseased))
    healthy = overlay(develop(clear)) if twin and opacity is not None else pixels
    note = NORMAL_NOTE if opacity is None else opacity.note
    return Film(pixels, healthy, diseased - clear, note)


def _structures_cm(
    habitus: Habitus, body: Body, rng: np.random.Generator, size: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Bones, lung vessels and arms, in centimetres along the beam."""
    scale = chest_disease.PICTURE_CM
    bones = project_tubes(build_skeleton(habitus, rng), size, blur=0.0012) * scale
    vessels: list[Tube] = []
    for side in (-1.0, 1.0):
        hilum = chest_disease.hilum_place(habitus, side)
        for heading in (-1.35, -1.0, -0.6, -0.2, 0.15, 0.45, 0.75, 1.0, 1.2, 1.45):
            angle = heading + rng.normal(0, 0.12)
            angle = angle if side > 0 else np.pi - angle
            start = (hilum[0] - side * 0.012, hilum[1] + rng.normal(0, 0.018))
            radius = rng.uniform(0.0055, 0.0085)
            vessels += build_tree(rng, start, angle, radius=radius, reach=0.072, generations=6, spread=0.75)
    tree = project_tubes(vessels, size, blur=0.0012) * scale
    arms = project_tubes(build_arms(habitus, rng), size, blur=0.004) * scale
    # Vessels too fine to follow add up to a faint grain within the lung.
    texture = 0.20 + 0.19 * noise_field(rng, (size, size), 36, octaves=4)
    return bones, (tree * (0.25 + 0.75 * body.lung_zone) + texture) * np.clip(body.lung_cm / 3.0, 0, 1), arms


def _attenuation(
    body: Body, structures: tuple[NDArray[np.float64], ...], opacity: Opacity | None
) -> NDArray[np.float64]:
    """The exponent of Beer-Lambert: the sum over materials of attenuation per centimetre times chord."""
    bones, vessels, arms = structures
    filled = np.zeros_like(bones) if opacity is None else opacity.filled
    extra = np.zeros_like(bones) if opacity is None else opacity.extra_cm * np.clip(body.lung_cm / 3.0, 0, 1)
    # Air that fluid replaced hides no vessel any more: its silhouette goes with the air around it.
    air_in_lung = body.lung_cm * (1 - LUNG_DENSITY) * (1 - filled)
    tissue = np.maximum(body.tissue_cm, arms) - air_in_lung - body.air_cm + body.dense_cm
    tissue += (2.1 * vessels + extra) * (1 - 0.8 * filled)
    covered = np.clip(np.maximum(body.tissue_cm, arms) / 2.0, 0, 1)
    return TISSUE_PER_CM * np.clip(tissue, 0, None) + BONE_PER_CM * bones * covered


class _Developer:
    """From attenuation to a grey picture: scatter, blur, quantum noise, and the reader's contrast curve.

    Everything that adapts to the picture is measured on the healthy one, so that disease
    changes the pixels it covers and not the exposure.
    """

    def __init__(self, clear: NDArray[np.float64], aerated: NDArray[np.bool_], rng: np.random.Generator) -> None:
        size = clear.shape[0]
        self.scatter = rng.uniform(0.08, 0.20)
        self.grain = 0.35 * noise_field(rng, clear.shape, size // 3) + 0.65 * rng.normal(0, 1, clear.shape)
        self.blur = rng.uniform(0.0006, 0.0016)
        self.boost = rng.uniform(0.3, 0.9)
        self.gamma = rng.uniform(0.85, 1.25)
        self.fog = rng.uniform(0.0, 0.05) + (rng.random() < 0.2) * rng.uniform(0.0, 0.12)
        self.white = rng.uniform(0.76, 0.96)
        self.dose = np.exp(rng.uniform(np.log(0.005), np.log(0.020)))
        self.tilt = rng.uniform(-0.05, 0.05) * np.linspace(-1, 1, size)[None, :]
        level = self._density(clear)
        self.high = float(np.percentile(level, 97.0)) * rng.uniform(1.04, 1.20)
        lung = float(np.percentile(level[aerated], 30))
        shade = rng.uniform(0.34, 0.54)
        self.low = lung - shade / (1 - shade) * (self.high - lung)

    def _density(self, attenuation: NDArray[np.float64]) -> NDArray[np.float64]:
        beam = _blurred(np.exp(-attenuation), self.blur)
        scattered = self.scatter * _blurred(beam, 0.08)
        total = np.clip(beam + scattered, 1e-4, None)
        noisy = total + self.dose * np.sqrt(total) * self.grain
        density: NDArray[np.float64] = -np.log(np.clip(noisy, 2e-3, None))
        return density

    def __call__(self, attenuation: NDArray[np.float64]) -> NDArray[np.float64]:
        density = self._density(attenuation)
        density = density + self.boost * (density - _blurred(density, 0.07))
        shown = (density - self.low) / (self.high - self.low) + self.tilt
        # A soft shoulder and toe, as a film or a display curve has.
        shown = 1 / (1 + np.exp(-4.2 * (shown - 0.52)))
        low, high = 1 / (1 + np.exp(4.2 * 0.52)), 1 / (1 + np.exp(-4.2 * 0.48))
        shown = np.clip((shown - low) / (high - low), 0, 1.2) ** self.gamma
        pixels: NDArray[np.float64] = np.clip(self.fog + (self.white - self.fog) * shown, 0, 1)
        return pixels


def _blurred(picture: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    """Gaussian blur; sigma in fractions of the side. The border is mirrored."""
    size = picture.shape[0]
    margin = min(size // 2, int(np.ceil(3 * sigma * size)))
    padded = np.pad(picture, margin, mode="symmetric")
    spectrum = fft.rfft2(padded)
    for axis, frequency in ((0, np.fft.fftfreq(padded.shape[0])), (1, np.fft.rfftfreq(padded.shape[1]))):
        window = np.exp(-2 * (np.pi * sigma * size * frequency) ** 2)
        spectrum *= window[:, None] if axis == 0 else window[None, :]
    blurred: NDArray[np.float64] = fft.irfft2(spectrum, s=padded.shape)
    return blurred[margin : margin + size, margin : margin + size]


class _Overlay:
    """What lies over the child on real films: the side marker, exposure text, leads, the collimator's edge."""

    def __init__(self, habitus: Habitus, rng: np.random.Generator, marker: Marker | None) -> None:
        self.markers = [marker] if marker is not None else _usual_markers(rng)
        self.leads: list[Tube] = []
        self.buttons: list[tuple[float, float, float]] = []
        if rng.random() < 0.25:
            for side in (-1.0, 1.0):
                spot = (habitus.middle + side * rng.uniform(0.26, 0.42), habitus.lung_top + rng.uniform(-0.03, 0.12))
                self.buttons.append((*spot, rng.uniform(0.013, 0.019)))
        edge = rng.uniform(0.0, 0.03, 4) * (rng.random() < 0.2)
        self.frame = tuple(float(width) for width in edge)

    def __call__(self, pixels: NDArray[np.float64]) -> NDArray[np.float64]:
        size = pixels.shape[0]
        y, x = (np.indices(pixels.shape) + 0.5) / size
        for across, down, radius in self.buttons:
            r = np.hypot(x - across, (y - down) / 1.25) / radius
            ring = 0.55 * soft_step(1 - r, 0.2) + 0.3 * np.exp(-(((r - 0.45) / 0.16) ** 2))
            pixels = pixels + (1 - pixels) * np.clip(ring, 0, 0.9)
        top, bottom, left, right = self.frame
        if any(self.frame):
            open_field = soft_step(y - top, 0.006) * soft_step(1 - bottom - y, 0.006)
            open_field = open_field * soft_step(x - left, 0.006) * soft_step(1 - right - x, 0.006)
            pixels = 0.01 + (pixels - 0.01) * open_field
        for marker in self.markers:
            pixels = burn(pixels, marker)
        return np.clip(pixels, 0, 1)


def _usual_markers(rng: np.random.Generator) -> list[Marker]:
    """An R beside the patient's right shoulder or flank, and now and then the exposure."""
    markers = []
    if rng.random() < 0.85:
        height = rng.choice([0.034, 0.042, 0.055, 0.075])
        left, top = rng.uniform(0.005, 0.08), rng.uniform(0.03, 0.5)
        markers.append(Marker("R", top, left, float(height), rng.uniform(0.8, 1.0), rng.uniform(0.13, 0.2)))
    if rng.random() < 0.2:
        text = f"KV{rng.integers(52, 74)}"
        markers.append(Marker(text, rng.uniform(0.94, 0.965), rng.uniform(0.86, 0.9), 0.02, 0.85, 0.13))
    return markers
