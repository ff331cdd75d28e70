"""Brain MRI slices: a deformed head, a tumour or none, and the scanner that records them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.brain.coil import draw_coil
from lightbox.phantoms.brain.disease import Painted, Section, Tumour, paint_tumour, place_tumour
from lightbox.phantoms.brain.face import SELLA, surroundings
from lightbox.phantoms.brain.head import Head, load_head
from lightbox.phantoms.brain.scalp import draw_build
from lightbox.phantoms.brain.scanner import Contrast, draw_contrast, record
from lightbox.phantoms.brain.solids import SolidNoise, draw_solid_noise, paint, select
from lightbox.phantoms.brain.tissue import Tissue, draw_folding, fold
from lightbox.phantoms.brain.vessels import add_vessels
from lightbox.phantoms.burn_in import Marker, burn
from lightbox.phantoms.fields import noise_field

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.phantoms.arrays import Points, Values

PLANES = ("axial", "coronal", "sagittal")
MASK_SHARE = 0.5
NOTES = {
    "glioma": "An irregular, often ring-shaped bright rim round a dark core inside the brain, which is pushed aside.",
    "meningioma": "An evenly bright, sharply bounded mass with a broad base on the inner surface of the skull.",
    "pituitary": "A rounded bright mass in the midline at the base of the brain, where the pituitary gland sits.",
    "no_tumor": "No mass: both halves alike, the ventricles in place, no bright or dark focus.",
}


@dataclass(frozen=True, slots=True)
class Slice:
    """One slice and where the tumour is.

    Args:
        pixels: (H, W) float64 in 0..1.
        healthy: (H, W) the same deformed head without the tumour's tissue, where asked for; else the pixels.
        share: (H, W) 0..1, each pixel's share of tumour (rim and core, not the oedema round it).
        note: what to look for.
    """

    pixels: Values
    healthy: Values
    share: Values
    note: str

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Where at least half of the pixel is tumour."""
        return self.share >= MASK_SHARE


@dataclass(frozen=True, slots=True)
class View:
    """Where a slice lies: an oblique plane through MNI space, and how this head differs from the template.

    Args:
        centre: (3,) millimetres.
        across: unit vector along the picture's rows.
        down: unit vector along its columns.
        field_mm: side of the picture.
        shift: of the head within it, millimetres.
        scale: of the template along x, y, z.
        wave_mm: amplitude of the smooth deformation along x, y, z.
    """

    centre: NDArray[np.float64]
    across: NDArray[np.float64]
    down: NDArray[np.float64]
    field_mm: float
    shift: tuple[float, float]
    scale: NDArray[np.float64]
    wave_mm: tuple[float, float, float]

    @property
    def through_midline(self) -> bool:
        """Whether the slice runs along the falx."""
        return bool(abs(self.down[2]) > 0.7 and abs(self.across[1]) > 0.7)

    def grid(self, size: int) -> Points:
        """(size, size, 3): the points at pixel centres."""
        step = ((np.arange(size) + 0.5) / size - 0.5) * self.field_mm
        across, down = np.meshgrid(step + self.shift[0], step + self.shift[1])
        rows = zip(self.scale, self.centre, self.across, self.down, strict=True)
        return np.moveaxis(np.stack([scale * (middle + across * a + down * d) for scale, middle, a, d in rows]), 0, -1)


def make_slice(
    label: str, seed: int, size: int, difficulty: float, *, plane: str, marker: Marker | None = None, twin: bool = False
) -> Slice:
    """One slice; head, contrast and (with the size) noise depend on seed and plane, the tumour on the label too."""
    head = load_head()
    anatomy, illness, machine = (np.random.default_rng([seed, stream]) for stream in (11, 12, 13))
    view = _draw_view(plane, anatomy, through_sella=label == "pituitary")
    contrast, coil = draw_contrast(machine), draw_coil(machine, plane)
    points = _individual(view, anatomy, size)
    hull = head.depth(points)
    tumour = None
    if label != "no_tumor":
        tumour = place_tumour(label, head, points, hull, rng=illness, easy=1 - difficulty)
    section = _section(head, view, points, hull, contrast=contrast, tumour=tumour, rng=anatomy)
    painted = Painted(section.values, np.zeros(hull.shape))
    if tumour is not None:
        painted = paint_tumour(tumour, section, illness)
    noise_seed = int(machine.integers(2**62))
    heard, covered = coil.sensitivity(points, hull), coil.covered(size)
    pixels = record(painted.values * heard, contrast, np.random.default_rng(noise_seed), covered=covered)
    healthy = pixels
    if twin and tumour is not None:
        healthy = record(section.values * heard, contrast, np.random.default_rng(noise_seed), covered=covered)
    if marker is not None:
        pixels, healthy = burn(pixels, marker), burn(healthy, marker)
    return Slice(pixels, healthy, painted.share, NOTES[label])


def _draw_view(plane: str, rng: np.random.Generator, *, through_sella: bool) -> View:
    """A plane with a small tilt, in radiological display: the patient's right at the left, the nose at the left."""
    tilt = np.deg2rad(rng.normal(0, 3.0, 3))
    spin = np.deg2rad(rng.normal(0, 5.0))
    spot = rng.uniform(0, 1)
    near = rng.normal(0, 1.0)
    axes = {
        "axial": ((-1.0, 0, 0), (0, -1.0, 0)),
        "coronal": ((-1.0, 0, 0), (0, 0, -1.0)),
        "sagittal": ((0, -1.0, 0), (0, 0, -1.0)),
    }[plane]
    middle = {
        "axial": (0, -16, -20 + 75 * spot),
        "coronal": (0, -62 + 105 * spot, -12),
        "sagittal": (-38 + 76 * spot, -12, -16),
    }[plane]
    centre = np.array(middle, dtype=float)
    scale = rng.uniform(0.95, 1.06, 3)
    wave = [2.8, 2.8, 2.8]
    if through_sella:
        axis = {"axial": 2, "coronal": 1, "sagittal": 0}[plane]
        centre[axis] = SELLA[axis] / scale[axis] + near
        # A tilt about the head's centre, or a deformation across the plane, would lift it off the sella.
        tilt *= 0.3
        wave[axis] = 0.8
    turn = _rotation(tilt)
    across, down = turn @ np.array(axes[0]), turn @ np.array(axes[1])
    turned = (np.cos(spin) * across + np.sin(spin) * down, -np.sin(spin) * across + np.cos(spin) * down)
    field_mm = rng.uniform(195, 285) if plane == "axial" else rng.uniform(200, 262)
    shift = (rng.normal(0, 5), rng.normal(0, 6) + (0 if plane == "axial" else 4))
    return View(centre, turned[0], turned[1], field_mm, shift, scale, (wave[0], wave[1], wave[2]))


def _rotation(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    """The product of three small rotations about x, y and z."""
    turn = np.eye(3)
    for axis, angle in enumerate(angles):
        first, second = [other for other in range(3) if other != axis]
        step = np.eye(3)
        step[first, first] = step[second, second] = np.cos(angle)
        step[first, second], step[second, first] = -np.sin(angle), np.sin(angle)
        turn = turn @ step
    return turn


def _section(
    head: Head,
    view: View,
    points: Points,
    hull: Values,
    *,
    contrast: Contrast,
    tumour: Tumour | None,
    rng: np.random.Generator,
) -> Section:
    """The head's signal in the slice, pushed aside by the tumour but without its tissue."""
    noise = draw_solid_noise(rng)
    build, folding = draw_build(rng), draw_folding(rng)
    values = surroundings(points, hull, signals=contrast.signals, build=build, noise=noise)
    within = hull < 2
    white = np.zeros(hull.shape)
    if within.any():
        inner = points if tumour is None else tumour.displace(points, hull)
        spots, before, depth = select(points, within), select(inner, within), hull[within]
        tissue = fold(head, before, depth, midline=view.through_midline, folding=folding, noise=noise)
        brain = _brain_signal(tissue, before, contrast.signals, noise)
        brain = add_vessels(brain, spots, depth, fluid=tissue.fluid, signals=contrast.signals, noise=noise)
        values[within] = paint(values[within], 0.6 - depth, brain, edge=1.0)
        white[within] = tissue.white * (1 - tissue.fluid)
    return Section(values, points, hull, white, contrast.signals, noise)


def _individual(view: View, rng: np.random.Generator, size: int) -> Points:
    """The slice's points moved so that no two heads, and no two halves of one, are alike."""
    moved = view.grid(size)
    for axis in range(3):
        moved[..., axis] += view.wave_mm[axis] * noise_field(rng, (size, size), 2)
    return moved


def _brain_signal(tissue: Tissue, points: Points, signals: dict[str, float], noise: SolidNoise) -> Values:
    """Grey and white matter and fluid, each a little uneven."""
    solid = signals["grey"] + (signals["white"] - signals["grey"]) * tissue.white
    solid = solid * (1 + 0.025 * noise.at(points, 9.0, salt=91) + 0.03 * noise.at(points, 2.4, salt=92))
    return solid * (1 - tissue.fluid) + signals["csf"] * tissue.fluid
