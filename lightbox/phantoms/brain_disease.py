"""Brain tumours: where they sit, how they push, what they look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.face import SELLA, ellipsoid
from lightbox.phantoms.fields import noise_field, soft_step

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.phantoms.head import Head

    Points = NDArray[np.float64]
    Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tumour:
    """A tumour in one head.

    Args:
        kind: the label.
        centre: (3,) in MNI millimetres.
        radius: in millimetres.
        push: how much of its own volume it displaces, 0..1.
        easy: 1 for the most conspicuous, 0 for the most subtle.
    """

    kind: str
    centre: NDArray[np.float64]
    radius: float
    push: float
    easy: float

    def displace(self, points: Points, hull: Values) -> Points:
        """Where the brain at these points lay before the tumour grew; the skull stays."""
        if self.push <= 0:
            return points
        away = points - self.centre
        distance = np.linalg.norm(away, axis=-1)
        # A shell at distance r moved out by what an incompressible medium would, fading with distance.
        volume = np.clip(distance**3 - self.push * self.radius**3, 0, None)
        moved = distance - np.cbrt(volume)
        moved *= np.exp(-((distance / (3.2 * self.radius)) ** 2)) * soft_step(-hull - 4, 8.0)
        before: Points = points - away * (moved / np.maximum(distance, 1e-6))[..., None]
        return before


@dataclass(frozen=True, slots=True)
class Section:
    """A slice of a head as a tumour finds it.

    Args:
        values: (H, W) signal.
        points: (H, W, 3) in MNI millimetres.
        hull: (H, W) millimetres outside the dura.
        white: (H, W) share of white matter.
        signals: by tissue name.
    """

    values: Values
    points: Points
    hull: Values
    white: Values
    signals: dict[str, float]


@dataclass(frozen=True, slots=True)
class Painted:
    """A slice with a tumour in it: the signal, and each pixel's share of tumour."""

    values: Values
    share: Values


def place_tumour(
    kind: str, head: Head, points: Points, hull: Values, *, rng: np.random.Generator, easy: float
) -> Tumour:
    """A tumour that a slice passes through.

    Args:
        kind: "glioma", "meningioma" or "pituitary".
        head: the anatomy.
        points: (H, W, 3) the slice's pixels in MNI millimetres.
        hull: (H, W) millimetres outside the hull.
        rng: draws the place.
        easy: 1 for the most conspicuous.
    """
    off_plane = rng.normal(0, 0.15)
    if kind == "pituitary":
        radius = (5.5 + 8.0 * easy) * rng.uniform(0.9, 1.1)
        wanted = np.array([rng.normal(0, 1.2), SELLA[1] + rng.normal(0, 0.8), SELLA[2] + 0.35 * (radius - 5)])
        # The slice may miss the sella by a little: the tumour then reaches half way towards it.
        seen = points.reshape(-1, 3)[np.argmin(((points - wanted) ** 2).sum(axis=-1))]
        return Tumour(kind, (wanted + seen) / 2, radius, 0.45, easy)
    if kind == "meningioma":
        radius = (8.5 + 15.0 * easy) * rng.uniform(0.85, 1.15)
        return Tumour(kind, _on_dura(points, hull, rng, radius), radius, 0.85, easy)
    radius = (10.0 + 13.0 * easy) * rng.uniform(0.85, 1.15)
    centre = _in_white_matter(head, points, hull, rng, radius)
    return Tumour(kind, centre + off_plane * radius * 0.3, radius, 0.45, easy)


def _in_white_matter(
    head: Head, points: Points, hull: Values, rng: np.random.Generator, radius: float
) -> NDArray[np.float64]:
    """A point of the slice in white matter with room around it."""
    inside = points[hull < -7 - 0.4 * radius]
    if len(inside) == 0:
        inside = points[hull <= np.quantile(hull, 0.01)]
    candidates = inside[rng.integers(len(inside), size=2000)]
    _, white = head.tissue(candidates)
    good = np.flatnonzero((white > 0.6) & (candidates[:, 2] > -25))
    centre: NDArray[np.float64] = candidates[good[0] if good.size else 0]
    return centre


def _on_dura(points: Points, hull: Values, rng: np.random.Generator, radius: float) -> NDArray[np.float64]:
    """A point of the slice a little below the vault's dura, in a random direction from the middle of the brain."""
    rim = np.argwhere((np.abs(hull + 0.45 * radius) < 1.5) & (points[..., 2] > 0))
    if len(rim) == 0:
        rim = np.argwhere(np.abs(hull + 0.45 * radius) < 3.0)
    middle = np.argwhere(hull < 0).mean(axis=0)
    angles = np.arctan2(*(rim - middle).T)
    # An even choice of direction, not of pixels: the rim's flat parts have more of those.
    row, column = rim[np.argmin(np.abs(np.angle(np.exp(1j * (angles - rng.uniform(-np.pi, np.pi))))))]
    centre: NDArray[np.float64] = points[row, column]
    return centre


def paint_tumour(tumour: Tumour, section: Section, rng: np.random.Generator) -> Painted:
    """The slice with the tumour in it."""
    painter = {"glioma": _glioma, "meningioma": _meningioma, "pituitary": _pituitary}[tumour.kind]
    return painter(tumour, section, rng)


def _glioma(tumour: Tumour, section: Section, rng: np.random.Generator) -> Painted:
    """An irregular enhancing ring round a dead core, in a halo of oedema that follows the white matter."""
    values, points, hull, signals = section.values, section.points, section.hull, section.signals
    shape = hull.shape
    stretch = rng.uniform(0.75, 1.3, 3)
    rough = noise_field(rng, shape, 11, octaves=4)
    level = (
        np.linalg.norm((points - tumour.centre) / stretch, axis=-1) / tumour.radius + rng.uniform(0.18, 0.36) * rough
    )
    inside_hull = soft_step(-hull - 1.0, 2.0)
    swelling = soft_step(1.95 + 0.25 * noise_field(rng, shape, 8) - level, 0.7) * inside_hull
    swelling *= np.clip(0.25 + 0.9 * section.white, 0, 1) * rng.uniform(0.4, 1.0)
    values = values * (1 - swelling) + signals["oedema"] * swelling
    share = soft_step(1 - level, 0.16) * inside_hull
    texture = noise_field(rng, shape, 26, octaves=3)
    core_edge = rng.uniform(0.45, 0.70) + 0.18 * noise_field(rng, shape, 14, octaves=3)
    core = soft_step(core_edge - level, 0.18)
    glow = 0.40 + 0.60 * tumour.easy
    rim = signals["oedema"] + (signals["enhancing"] - signals["oedema"]) * glow * np.clip(
        0.80 + 0.30 * texture, 0.1, 1.15
    )
    core_signal = signals["necrosis"] * (1 + 0.25 * texture)
    inside = rim * (1 - core) + core_signal * core
    return Painted(values * (1 - share) + inside * share, share)


def _meningioma(tumour: Tumour, section: Section, rng: np.random.Generator) -> Painted:
    """A homogeneous, sharply bounded mass on the dura, a cleft of fluid round it and a tail along the dura."""
    values, points, hull, signals = section.values, section.points, section.hull, section.signals
    shape = hull.shape
    stretch = rng.uniform(0.85, 1.2, 3)
    lobes = 0.11 * noise_field(rng, shape, 13, octaves=3)
    level = np.linalg.norm((points - tumour.centre) / stretch, axis=-1) / tumour.radius + lobes
    inside_hull = soft_step(0.2 - hull, 1.2)
    halo = soft_step(1.55 + 0.2 * noise_field(rng, shape, 8) - level, 0.5) * section.white * soft_step(-hull - 1, 2)
    values = values * (1 - 0.55 * halo) + signals["oedema"] * 0.55 * halo
    cleft = soft_step(1 + 1.6 / tumour.radius - level, 1.5 / tumour.radius) * inside_hull
    values = values * (1 - 0.5 * cleft) + signals["csf"] * 0.5 * cleft
    reach = 1.85 - 0.25 * np.clip(-hull, 0, 4)
    tail = soft_step(reach - level, 0.25) * soft_step(np.minimum(hull + 2.0, 0.4 - hull), 0.9)
    share = np.maximum(soft_step(1 - level, 0.8 / tumour.radius) * inside_hull, tail * 0.9)
    texture = noise_field(rng, shape, 30, octaves=3)
    solid = signals["grey"] + (signals["solid"] - signals["grey"]) * (0.45 + 0.55 * tumour.easy)
    return Painted(values * (1 - share) + solid * (1 + 0.09 * texture) * share, share)


def _pituitary(tumour: Tumour, section: Section, rng: np.random.Generator) -> Painted:
    """A rounded midline mass that fills the sella and grows upwards, narrowed where it leaves it."""
    values, points, hull, signals = section.values, section.points, section.hull, section.signals
    shape = hull.shape
    radius = tumour.radius
    centre = tumour.centre
    below = (centre[0], centre[1], centre[2] - 0.30 * radius)
    above = (centre[0], centre[1] - 0.1 * radius, centre[2] + 0.55 * radius)
    lower = ellipsoid(points, below, (1.05 * radius, 0.85 * radius, 0.75 * radius))
    upper = ellipsoid(points, above, (0.78 * radius, 0.74 * radius, 0.72 * radius))
    body = np.logaddexp(lower * 1.2, upper * 1.2) / 1.2 + 0.06 * radius * noise_field(rng, shape, 16, octaves=2)
    cleft = soft_step(body + 1.3, 1.2)
    values = values * (1 - 0.6 * cleft) + signals["bone"] * 0.6 * cleft
    share = soft_step(body, 0.9)
    texture = noise_field(rng, shape, 34, octaves=3)
    solid = signals["grey"] + (signals["solid"] - signals["grey"]) * (0.45 + 0.5 * tumour.easy)
    cyst = soft_step(ellipsoid(points, above, (0.4 * radius,) * 3) + 0.1 * radius * texture, 1.5) * (
        rng.random() < 0.25
    )
    inside = solid * (1 + 0.06 * texture) * (1 - cyst) + signals["necrosis"] * 1.3 * cyst
    return Painted(values * (1 - share) + inside * share, share)
