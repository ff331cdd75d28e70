"""What lies under and before the brain: base of the skull, eyes, nose and its sinuses, mouth, jaw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.brain.muscles import flesh
from lightbox.phantoms.brain.neck import spine, throat
from lightbox.phantoms.brain.scalp import Build, Layers, cover, layers_at, skin_depth
from lightbox.phantoms.brain.solids import capsule, ellipsoid, mirrored, paint, paint_bone, select
from lightbox.phantoms.fields import soft_step

if TYPE_CHECKING:
    from lightbox.phantoms.arrays import Points, Values
    from lightbox.phantoms.brain.solids import SolidNoise

EYE = (31.5, 63.0, -37.0)
SELLA = (0.0, 3.0, -35.0)
REACH = 105.0


def surroundings(points: Points, hull: Values, *, signals: dict[str, float], build: Build, noise: SolidNoise) -> Values:
    """The signal of everything outside the dura.

    Args:
        points: (H, W, 3) in MNI millimetres.
        hull: (H, W) millimetres outside the hull.
        signals: by tissue name.
        build: thickness of the coverings.
        noise: this head's texture.
    """
    values = np.full(hull.shape, signals["air"])
    near = (hull > -1) & ((hull < 22) | (points[..., 2] < 25)) & (hull < REACH + 30)
    spots, depth = select(points, near), hull[near]
    layers = layers_at(spots, build, noise)
    skin = skin_depth(spots, depth, layers.whole, ears=build.ears)
    within = skin > -2
    inner = np.full(skin.shape, signals["air"])
    layers = Layers(layers.skull[within], layers.temporal[within], layers.scalp[within])
    spots, depth, skin = select(spots, within), depth[within], skin[within]
    deep = _deep(spots, skin, signals, noise)
    covered = cover(deep, spots, depth, skin, layers=layers, build=build, signals=signals, noise=noise)
    inner[within] = paint(np.full(skin.shape, signals["air"]), skin, covered, edge=0.9)
    values[near] = inner
    return values


def _deep(points: Points, skin: Values, signals: dict[str, float], noise: SolidNoise) -> Values:
    """Everything below the skin as if there were no vault."""
    values = np.full(skin.shape, signals["fat"])
    low = points[..., 2] < 15
    if not low.any():
        return values
    points, skin = select(points, low), skin[low]
    pair = mirrored(points)
    grain = noise.at(pair, 5.0, salt=21)
    inside = flesh(pair, noise, signals)
    under = 3.0 + 1.6 * noise.at(points, 30.0, salt=22) + 3.0 * soft_step(-points[..., 1] - 20, 60.0)
    inside = paint(inside, under - skin, signals["fat"] * (0.90 + 0.06 * grain), edge=2.0)
    bent = noise.warp(points, 12.0, 2.0, salt=25)
    both = mirrored(bent)
    inside = _base(inside, bent, both, signals=signals, grain=grain, noise=noise)
    inside = _mouth(inside, bent, both, signals=signals, grain=grain, noise=noise)
    inside = spine(inside, bent, both, signals, grain)
    inside = throat(inside, bent, both, signals, grain)
    inside = _nose(inside, points, signals, noise)
    inside = _eyes(inside, pair, both, signals, grain)
    values[low] = paint(inside, 1.5 - skin, signals["skin"], edge=1.2)
    return values


def _base(
    values: Values, points: Points, pair: Points, *, signals: dict[str, float], grain: Values, noise: SolidNoise
) -> Values:
    """Petrous bones with their air cells, sphenoid wings, clivus, jaw and cheek bones."""
    bone, marrow, air = signals["bone"], signals["clivus"] * (0.85 + 0.15 * grain), signals["air"]
    fine = noise.at(pair, 3.2, salt=23)
    rough = 1.6 * grain + 0.8 * fine
    cells = np.where(fine > 0.9, 0.8 * signals["mucosa"], air)
    values = paint_bone(values, capsule(pair, (20, 26, -40), (52, 32, -32), 5.5) + rough, bone, marrow)
    values = paint_bone(values, ellipsoid(pair, (26, 4, -50), (14, 10, 5)) + rough, bone, marrow * 0.9)
    values = paint(values, capsule(pair, (14, -14, -44), (54, -30, -42), 9.5) + rough, bone * (1.5 + grain), edge=2)
    values = paint(values, ellipsoid(pair, (54, -42, -48), (12, 16, 18)) + rough, cells, edge=1.5)
    values = paint(values, capsule(pair, (52, -22, -44), (80, -20, -42), 3.0), air)
    values = paint_bone(values, capsule(pair, (20, -58, -54), (9, -40, -62), 5.0) + rough, bone, marrow)
    values = paint_bone(values, capsule(points, (0, -5, -42), (0, -27, -64), 7.0), bone, marrow * 0.95, rim=0.9)
    values = paint_bone(values, capsule(pair, (51, 2, -52), (47, 18, -106), 4.6) + 0.8 * grain, bone, marrow)
    values = paint_bone(values, capsule(pair, (47, 18, -108), (12, 68, -122), 5.2) + 0.8 * grain, bone, marrow)
    values = paint_bone(values, capsule(pair, (62, 12, -48), (50, 46, -52), 3.6), bone, marrow)
    return paint_bone(values, capsule(pair, (50, 46, -52), (46, 54, -26), 4.0), bone, marrow)


def _eyes(values: Values, pair: Points, bent: Points, signals: dict[str, float], grain: Values) -> Values:
    """Globe, optic nerve and muscles in the fat of the orbit, which thins out to a point."""
    cone = np.logaddexp(ellipsoid(bent, (30, 54, -37), (17, 19, 17)), ellipsoid(bent, (24, 38, -35), (11, 20, 11)))
    values = paint(values, cone + 0.6 + 0.8 * grain, signals["bone"])
    values = paint(values, cone, signals["fat"] * (0.78 + 0.10 * grain))
    for start, end in (((16, 58, -37), (18, 22, -34)), ((43, 56, -37), (20, 22, -34))):
        values = paint(values, capsule(bent, start, end, 2.0), signals["muscle"] * 1.2)
    for start, end in (((30, 58, -24), (20, 22, -32)), ((30, 58, -50), (20, 22, -38))):
        values = paint(values, capsule(bent, start, end, 1.8), signals["muscle"] * 1.2)
    values = paint(values, capsule(bent, (29, 50, -37), (11, 14, -31), 1.9), signals["white"])
    values = paint(values, ellipsoid(pair, EYE, (12.6, 12.4, 12.6)), signals["muscle"] * 1.5)
    values = paint(values, ellipsoid(pair, EYE, (11.3, 11.1, 11.3)), signals["vitreous"])
    return paint(values, ellipsoid(pair, (EYE[0], EYE[1] + 8, EYE[2]), (4.5, 2.0, 4.5)), signals["muscle"] * 1.2)


def _nose(values: Values, points: Points, signals: dict[str, float], noise: SolidNoise) -> Values:
    """Air in the nose round its turbinates and septum, and in the sinuses, each with a thin mucosa."""
    air, mucosa = signals["air"], signals["mucosa"]
    bent = noise.warp(points, 13.0, 1.3, salt=31)
    both = mirrored(bent)
    fine = noise.at(points, 4.0, salt=34)
    slow = noise.at(points, 10.0, salt=36)
    flesh_signal = mucosa * (0.82 + 0.12 * fine)
    cavity = np.minimum(ellipsoid(both, (0, 54, -60), (15, 40, 17)), 17 - both[..., 0] * 1.1)
    values = paint(values, cavity + 1.6, flesh_signal)
    # A slice is thick: walls thinner than it leave some grey in the air of the nose.
    veil = mucosa * np.clip(0.16 + 0.22 * slow, 0, 0.7)
    values = paint(values, cavity, air + veil)
    for start, end, radius in (
        ((9, 28, -70), (8, 80, -67), 7.0),
        ((7, 30, -58), (6, 72, -55), 5.6),
        ((5, 34, -50), (4, 60, -47), 3.4),
    ):
        values = paint(values, capsule(both, start, end, radius) + 0.5 * fine, flesh_signal)
    septum = np.minimum(2.2 - both[..., 0], cavity + 3)
    values = paint(values, septum, flesh_signal * 0.8)
    walls = np.abs(noise.at(bent, 6.5, salt=35))
    ethmoid = ellipsoid(both, (0, 46, -40), (13, 27, 12))
    values = paint(values, ethmoid, np.where(walls < 0.28, 0.75 * mucosa, air + 0.8 * veil))
    for centre, radii in (
        ((29, 44, -64), (14.0, 18.0, 16.0)),
        ((9, 80, -14), (11, 5, 13)),
        ((7, 19, -47), (10.5, 12.5, 9.5)),
    ):
        sinus = ellipsoid(both, centre, radii) + 1.2 * slow
        values = paint(values, sinus + 0.9 + 0.7 * fine, signals["bone"])
        values = paint(values, sinus + 0.5, mucosa * np.clip(0.55 + 0.35 * slow, 0.1, 1), edge=0.8)
        values = paint(values, sinus - 0.3, air, edge=0.7)
    return values


def _mouth(
    values: Values, points: Points, pair: Points, *, signals: dict[str, float], grain: Values, noise: SolidNoise
) -> Values:
    """Palate, tongue with muscle that fans out from the chin, teeth, the soft palate."""
    air, bone, marrow = signals["air"], signals["bone"], signals["clivus"] * (0.9 + 0.1 * grain)
    values = paint_bone(values, ellipsoid(points, (0, 50, -79), (24, 33, 4.4)) + 0.4 * grain, bone, marrow)
    values = paint(values, ellipsoid(points, (0, 42, -101), (26, 36, 20)) + 1.0 * grain, air)
    y, z = points[..., 1] - 64, points[..., 2] + 124
    fan = np.stack([pair[..., 0] * 0.45, 26 * np.arctan2(z, -y), 0.12 * np.hypot(y, z)], axis=-1)
    streaks = noise.at(fan, 1.9, salt=41)
    tongue = signals["muscle"] * (1.15 + 0.09 * streaks + 0.08 * grain)
    tongue += 0.18 * (signals["fat"] - signals["muscle"]) * soft_step(streaks - 1.1, 0.8)
    values = paint(values, ellipsoid(points, (0, 40, -104), (25, 34.5, 21)) + 0.8 * grain, tongue)
    for height, back in ((-90.0, 40.0), (-108.0, 42.0)):
        ring = 4.2 - np.hypot(np.hypot(points[..., 0] * 1.1, points[..., 1] - 46) - 29, points[..., 2] - height)
        tooth = np.abs(np.sin(1.1 * np.arctan2(points[..., 0], points[..., 1] - 46) * 5))
        values = paint(values, np.where(points[..., 1] > back, ring, -9.0), bone + 0.25 * marrow * (tooth < 0.3))
    values = paint_bone(values, capsule(points, (0, 66, -124), (0, 73, -116), 6.5), bone, marrow)
    return paint(values, capsule(points, (0, 24, -78), (0, 10, -94), 3.4) + 0.5 * grain, signals["mucosa"] * 0.75)
