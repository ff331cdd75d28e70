"""Brain tumours: where they sit, how they push, what they look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.brain.face import SELLA
from lightbox.phantoms.brain.solids import ellipsoid
from lightbox.phantoms.fields import soft_step

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.phantoms.arrays import Points, Values
    from lightbox.phantoms.brain.head import Head
    from lightbox.phantoms.brain.solids import SolidNoise


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
        noise: this head's texture.
    """

    values: Values
    points: Points
    hull: Values
    white: Values
    signals: dict[str, float]
    noise: SolidNoise


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
    """Joined irregular rings round dead cores, nodular and broken, in a halo of oedema along the white matter."""
    values, points, hull, signals, noise = _parts(section)
    radius = tumour.radius
    grain, fine = noise.at(points, 5.0, salt=101), noise.at(points, 2.2, salt=102)
    level = _lobes(tumour, points, rng, count=int(rng.integers(1, 4)), spread=0.55)
    rough = noise.at(points, 0.75 * radius, salt=103) + 0.55 * noise.at(points, 0.35 * radius, salt=104)
    level = level + rng.uniform(0.10, 0.24) * rough + 0.03 * grain
    inside_hull = soft_step(-hull - 1.0, 2.0)
    reach = rng.uniform(1.5, 2.2) + 0.3 * noise.at(points, 16.0, salt=105)
    swelling = soft_step(reach - level, 0.6) * inside_hull
    swelling *= np.clip(0.2 + 0.9 * section.white, 0, 1) * rng.uniform(0.35, 1.0)
    values = values * (1 - swelling) + signals["oedema"] * (1 + 0.05 * grain) * swelling
    share = soft_step(1 - level, 0.14) * inside_hull
    # Below zero the core is missing: a solid, patchy tumour.
    depth = rng.uniform(0.30, 0.82) if rng.random() < 0.75 else rng.uniform(-0.2, 0.2)
    core = soft_step(depth + 0.16 * noise.at(points, 0.5 * radius, salt=106) + 0.05 * fine - level, 0.14)
    glow = 0.35 + 0.65 * tumour.easy
    patches = np.clip(0.74 + 0.24 * noise.at(points, 0.6 * radius, salt=107) + 0.10 * grain + 0.08 * fine, 0.05, 1.1)
    rim = signals["oedema"] + (signals["enhancing"] - signals["oedema"]) * glow * patches
    dead = signals["necrosis"] * (1 + 0.15 * grain + 0.10 * fine)
    inside = rim * (1 - core) + dead * core
    return Painted(values * (1 - share) + inside * share, share)


def _meningioma(tumour: Tumour, section: Section, rng: np.random.Generator) -> Painted:
    """A bounded, lobulated mass on the dura, a cleft of fluid and vessels round it and a tail along the dura."""
    values, points, hull, signals, noise = _parts(section)
    radius = tumour.radius
    grain, fine = noise.at(points, 6.0, salt=111), noise.at(points, 2.2, salt=112)
    level = _lobes(tumour, points, rng, count=int(rng.integers(1, 4)), spread=0.45)
    lobes = noise.at(points, 0.8 * radius, salt=113) + 0.5 * noise.at(points, 0.35 * radius, salt=114)
    level = level + rng.uniform(0.05, 0.13) * lobes
    inside_hull = soft_step(0.2 - hull, 1.2)
    reach = rng.uniform(1.2, 1.8) + 0.2 * noise.at(points, 15.0, salt=115)
    halo = soft_step(reach - level, 0.5) * section.white * soft_step(-hull - 1, 2) * rng.uniform(0.1, 0.9)
    values = values * (1 - halo) + signals["oedema"] * halo
    cleft = soft_step(1 + 1.4 / radius - level, 1.5 / radius) * inside_hull
    cleft *= np.clip(0.35 + 0.35 * noise.at(points, 7.0, salt=116), 0, 0.9)
    values = values * (1 - cleft) + signals["csf"] * cleft
    long = 1.55 + 0.35 * noise.at(points, 20.0, salt=117)
    tail = soft_step(long - level, 0.4) * soft_step(np.minimum(hull + 1.7, 0.4 - hull), 0.9)
    share = np.maximum(soft_step(1 - level, 1.2 / radius) * inside_hull, tail * 0.9)
    patches = 1 + 0.07 * noise.at(points, 0.6 * radius, salt=118) + 0.05 * grain + 0.04 * fine
    # Vessels and calcium are dark, in some much of it.
    patches -= rng.choice([0.1, 0.5]) * soft_step(grain + 0.4 * fine - 1.5, 0.5)
    solid = signals["grey"] + (signals["solid"] - signals["grey"]) * (0.40 + 0.55 * tumour.easy)
    return Painted(values * (1 - share) + solid * patches * share, share)


def _pituitary(tumour: Tumour, section: Section, rng: np.random.Generator) -> Painted:
    """A midline mass that fills the sella and grows upwards, waisted where it leaves it, uneven inside."""
    values, points, _, signals, noise = _parts(section)
    radius, centre = tumour.radius, tumour.centre
    grain, fine = noise.at(points, 4.5, salt=121), noise.at(points, 2.0, salt=122)
    lean = rng.normal(0, 0.16, 2) * radius
    wide, tall = rng.uniform(0.85, 1.2), rng.uniform(0.8, 1.25)
    below = (centre[0] - lean[0], centre[1] + 0.05 * radius, centre[2] - 0.35 * radius)
    above = (centre[0] + lean[0], centre[1] - 0.1 * radius + lean[1], centre[2] + 0.52 * tall * radius)
    lower = ellipsoid(points, below, (1.05 * wide * radius, 0.85 * radius, 0.72 * radius))
    upper = ellipsoid(points, above, (0.80 * wide * radius, 0.76 * radius, 0.70 * tall * radius))
    body = np.logaddexp(lower * 1.8, upper * 1.8) / 1.8 - 0.2
    body = body + 0.09 * radius * noise.at(points, 0.7 * radius, salt=123) + 0.3 * grain
    cleft = soft_step(body + 1.2, 1.2)
    values = values * (1 - 0.5 * cleft) + signals["csf"] * 0.5 * cleft
    share = soft_step(body, 1.1)
    patches = np.clip(1 + 0.09 * noise.at(points, 0.6 * radius, salt=124) + 0.05 * grain + 0.05 * fine, 0.4, 1.3)
    solid = signals["grey"] + (signals["solid"] - signals["grey"]) * (0.40 + 0.5 * tumour.easy)
    hollow = rng.uniform(0.25, 0.6) * radius if rng.random() < 0.35 else -9.0
    where = (above[0], above[1], above[2] - rng.uniform(0, 0.5) * radius)
    cyst = soft_step(hollow - np.linalg.norm(points - np.array(where), axis=-1) + 0.12 * radius * grain, 1.6)
    inside = solid * patches * (1 - cyst) + signals["necrosis"] * 1.4 * cyst
    return Painted(values * (1 - share) + inside * share, share)


def _parts(section: Section) -> tuple[Values, Points, Values, dict[str, float], SolidNoise]:
    return section.values, section.points, section.hull, section.signals, section.noise


def _lobes(tumour: Tumour, points: Points, rng: np.random.Generator, *, count: int, spread: float) -> Values:
    """Distance from the tumour's middle in its radii, about 1 on its surface; further lobes join at the sides."""
    levels = []
    for number in range(count):
        aside = rng.normal(0, spread, 3) * (number > 0)
        size = 1.0 if number == 0 else rng.uniform(0.5, 0.8)
        stretch = rng.uniform(0.78, 1.25, 3) * size * tumour.radius
        levels.append(np.linalg.norm((points - tumour.centre - aside * tumour.radius) / stretch, axis=-1))
    joined: Values = -np.log(sum(np.exp(-5 * (level - 1)) for level in levels)) / 5 + 1
    return joined
