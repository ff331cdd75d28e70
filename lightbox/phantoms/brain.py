"""Brain MRI slices: a deformed head, a tumour or none, and the scanner that records them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.brain_disease import Painted, Section, Tumour, paint_tumour, place_tumour
from lightbox.phantoms.burn_in import Marker, burn
from lightbox.phantoms.face import SELLA, capsule, ellipsoid, mirrored, paint, skin_depth, surroundings
from lightbox.phantoms.fields import noise_field, soft_step
from lightbox.phantoms.head import Head, load_head
from lightbox.phantoms.scanner import Contrast, draw_contrast, record

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Points = NDArray[np.float64]
    Values = NDArray[np.float64]

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

    def grid(self, size: int) -> Points:
        """(size, size, 3): the points at pixel centres."""
        step = ((np.arange(size) + 0.5) / size - 0.5) * self.field_mm
        across, down = np.meshgrid(step + self.shift[0], step + self.shift[1])
        rows = zip(self.scale, self.centre, self.across, self.down, strict=True)
        return np.moveaxis(np.stack([scale * (middle + across * a + down * d) for scale, middle, a, d in rows]), 0, -1)


def make_slice(
    label: str, seed: int, size: int, difficulty: float, *, plane: str, marker: Marker | None = None, twin: bool = False
) -> Slice:
    """One slice; the head, the contrast and the noise depend on seed and plane, the tumour on the label too."""
    head = load_head()
    anatomy, illness, machine = (np.random.default_rng([seed, stream]) for stream in (11, 12, 13))
    view = _draw_view(plane, anatomy, through_sella=label == "pituitary")
    contrast = draw_contrast(machine)
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
    pixels = record(painted.values, contrast, np.random.default_rng(noise_seed))
    healthy = pixels
    if twin and tumour is not None:
        healthy = record(section.values, contrast, np.random.default_rng(noise_seed))
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
    field_mm = rng.uniform(210, 290) if plane == "axial" else rng.uniform(208, 262)
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
    inner = points if tumour is None else tumour.displace(points, hull)
    inner = _folded(_beside_midline(inner, hull, view), hull, rng)
    inner = _ventricles(inner, rng.uniform(-0.10, 0.32))
    grey, white = head.tissue(inner)
    signals = contrast.signals
    skull = rng.uniform(5.5, 8.5)
    skin = skin_depth(points, hull, thickness=skull + rng.uniform(5.0, 9.0))
    outside = surroundings(points, hull, skin, signals=signals, rng=rng, skull=skull)
    brain = _brain_signal(grey, white, hull, signals, rng)
    brain = _dura_and_sinus(brain, points, inner, hull, signals=signals, fluid=_fluid(grey, white), rng=rng)
    values = _midline(paint(outside, 0.6 - hull, brain, edge=1.0), points, signals)
    return Section(values, points, hull, white, signals)


def _individual(view: View, rng: np.random.Generator, size: int) -> Points:
    """The slice's points moved so that no two heads, and no two halves of one, are alike."""
    moved = view.grid(size)
    for axis in range(3):
        moved[..., axis] += view.wave_mm[axis] * noise_field(rng, (size, size), 2)
    return moved


def _folded(points: Points, hull: Values, rng: np.random.Generator) -> Points:
    """Points within the hull moved a little more, so that no two brains fold alike."""
    inside = soft_step(-hull - 3, 5.0)
    moved = points.copy(order="K")
    for axis in range(3):
        moved[..., axis] += 1.3 * inside * noise_field(rng, hull.shape, 9)
    return moved


def _beside_midline(points: Points, hull: Values, view: View) -> Points:
    """In a midline slice, the cortex from 4 mm beside it: at the midline the template's two halves blur into one."""
    if abs(view.down[2]) < 0.7 or abs(view.across[1]) < 0.7:
        return points
    x = points[..., 0]
    cortex = soft_step(hull + 30, 14.0) * soft_step(points[..., 2] + 5, 10.0)
    side = 1.0 if view.centre[0] >= 0 else -1.0
    moved = points.copy(order="K")
    moved[..., 0] = x + side * cortex * np.clip(4.5 - np.abs(x), 0, None)
    return moved


def _ventricles(points: Points, growth: float) -> Points:
    """Points drawn towards the ventricles' middle, which widens them."""
    away = points - (0.0, -14.0, 12.0)
    near = np.exp(-(away**2).sum(axis=-1) / 30.0**2)
    widened: Points = points - away * (growth * near)[..., None]
    return widened


def _fluid(grey: Values, white: Values) -> Values:
    """Share of cerebrospinal fluid; the template's average blurs the furrows, so the rest counts nearly double."""
    return np.clip((1 - grey - white) * 1.8, 0, 1)


def _brain_signal(
    grey: Values, white: Values, hull: Values, signals: dict[str, float], rng: np.random.Generator
) -> Values:
    """Grey and white matter, fluid, and veins in the furrows."""
    fluid = _fluid(grey, white)
    tissue = (signals["grey"] * grey + signals["white"] * white) / np.maximum(grey + white, 1e-3)
    tissue = tissue * (1 + 0.025 * noise_field(rng, hull.shape, 30, octaves=3))
    values = tissue * (1 - fluid) + signals["csf"] * fluid
    strands = np.exp(-((noise_field(rng, hull.shape, 26, octaves=2) / 0.10) ** 2))
    patches = soft_step(noise_field(rng, hull.shape, 9) - 0.3, 0.8)
    veins = strands * patches * np.clip(fluid * 2.2, 0, 1) * soft_step(22 + hull, 8.0)
    return values + (signals["vessel"] - values) * 0.75 * veins


def _dura_and_sinus(
    values: Values,
    points: Points,
    inner: Points,
    hull: Values,
    *,
    signals: dict[str, float],
    fluid: Values,
    rng: np.random.Generator,
) -> Values:
    """The falx between the halves, the sagittal sinus along its edge, and the dura under the skull."""
    x, y, z = (points[..., axis] for axis in range(3))
    falx = soft_step(0.7 - np.abs(inner[..., 0]), 0.7) * np.clip(fluid * 0.9, 0, 1) * soft_step(z - 8, 8.0)
    values = values + (signals["dura"] - values) * 0.55 * falx
    ragged = 0.45 * noise_field(rng, hull.shape, 14, octaves=2)
    sinus = 1 - np.hypot(x / 5.0, (hull + 1.2) / 3.0) + ragged
    back = soft_step(np.maximum(z - 20, -y - 55), 10.0)
    values = values + (signals["sinus"] - values) * soft_step(sinus, 0.3) * back
    lining = soft_step(np.minimum(hull + 1.0, 0.8 - hull), 0.8)
    return values + (signals["dura"] - values) * 0.5 * lining


def _midline(values: Values, points: Points, signals: dict[str, float]) -> Values:
    """Pituitary gland, stalk, carotids, and the vessels that cross the cisterns and ventricles."""
    pair = mirrored(points)
    wander = np.moveaxis(np.stack([0.9 * np.sin(points[..., axis] / 4.3) for axis in (2, 0, 1)]), 0, -1)
    vessel, gland = signals["vessel"], signals["gland"]
    if abs(points[..., 2] - SELLA[2]).min() < 25:
        values = paint(values, ellipsoid(pair, (13.5, 1, -35), (5.5, 11, 6.5)), signals["sinus"] * 0.85)
        values = paint(values, capsule(pair, (13, -8, -38), (13, 10, -34), 2.8), signals["flow"])
        values = paint(values, ellipsoid(points, SELLA, (6.5, 5.2, 3.8)), gland)
        values = paint(values, capsule(points, (0, 2, -32), (0, -2, -22), 1.1), gland)
        values = paint(values, capsule(points + wander, (0, -14, -28), (0, -20, -52), 0.9), vessel)
        for start, end in (((10, 4, -24), (24, 3, -19)), ((24, 3, -19), (40, 4, -10)), ((9, 8, -22), (2, 22, -16))):
            values = paint(values, capsule(pair + 1.6 * wander, start, end, 0.75), vessel)
    deep = (
        ((2, -2, 14), (2, -36, 10)),
        ((1, -36, 10), (0, -46, 12)),
        ((0, -46, 12), (0, -64, 8)),
        ((0, -64, 8), (0, -86, -4)),
    )
    for start, end in deep:
        values = paint(values, capsule(pair + wander, start, end, 1.0), vessel)
    plexus = np.maximum(ellipsoid(pair, (22, -42, 9), (3.0, 6.5, 4.5)), capsule(pair, (10, -8, 18), (17, -32, 14), 1.2))
    return paint(values, plexus, signals["plexus"], edge=1.6)
