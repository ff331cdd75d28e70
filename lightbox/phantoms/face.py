"""What surrounds the brain in a slice: skull, scalp, eyes, sinuses, mouth, neck; simple solids in MNI millimetres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.fields import noise_field, soft_step

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Points = NDArray[np.float64]
    Values = NDArray[np.float64]

EYE = (31.5, 60.0, -37.0)
SELLA = (0.0, 3.0, -35.0)


def ellipsoid(points: Points, centre: tuple[float, float, float], radii: tuple[float, float, float]) -> Values:
    """About the millimetres inside an ellipsoid, negative outside."""
    x, y, z = ((points[..., axis] - centre[axis]) * (1 / radii[axis]) for axis in range(3))
    return (1 - np.sqrt(x * x + y * y + z * z)) * min(radii)


def capsule(points: Points, start: tuple[float, ...], end: tuple[float, ...], radius: float) -> Values:
    """Millimetres inside a rod with round ends, negative outside."""
    along = np.subtract(end, start)
    x, y, z = (points[..., axis] - start[axis] for axis in range(3))
    t = np.clip((x * along[0] + y * along[1] + z * along[2]) / (along @ along), 0, 1)
    x, y, z = x - t * along[0], y - t * along[1], z - t * along[2]
    inside: Values = radius - np.sqrt(x * x + y * y + z * z)
    return inside


def mirrored(points: Points) -> Points:
    """The points folded onto the right half, for what comes in pairs."""
    folded = points.copy(order="K")
    folded[..., 0] = np.abs(folded[..., 0])
    return folded


def select(points: Points, chosen: NDArray[np.bool_]) -> Points:
    """(N, 3) of the chosen points, each coordinate contiguous."""
    return np.moveaxis(np.stack([points[..., axis][chosen] for axis in range(3)]), 0, -1)


def skin_depth(points: Points, hull: Values, *, thickness: float) -> Values:
    """Millimetres below the skin, negative in the air around the head.

    A smooth union of the vault (the hull grown by skull and scalp), the face and the neck.
    """
    skin = np.full(hull.shape, 30.0)
    near = hull > 0
    points, hull = select(points, near), hull[near]
    pair = mirrored(points)
    solids = [
        thickness - hull,
        ellipsoid(points, (0, 36, -78), (64, 52, 66)),
        ellipsoid(points, (0, 62, -38), (52, 28, 34)),
        capsule(points, (0, 82, -34), (0, 101, -64), 8.5),
        ellipsoid(pair, (6, 98, -65), (9, 10, 8)),
        ellipsoid(points, (0, 82, -92), (24, 14, 14)),
        ellipsoid(points, (0, 70, -122), (26, 18, 16)),
        capsule(points, (0, -32, -60), (0, -40, -230), 60),
        ellipsoid(pair, (44, 18, -92), (30, 52, 54)),
        ellipsoid(pair, (34, -52, -95), (32, 38, 60)),
        ellipsoid(pair, (80, -18, -36), (7, 13, 27)),
    ]
    softness = 5.0
    total = sum(np.exp(np.clip(solid / softness, -30, 30)) for solid in solids)
    skin[near] = softness * np.log(total)
    return skin


def paint(values: Values, solid: Values, signal: Values | float, *, edge: float = 0.8) -> Values:
    """Values with a solid of one signal laid over them, its edge ``edge`` millimetres soft."""
    share = np.clip(solid * (0.75 / edge) + 0.5, 0, 1)
    share *= share * (3 - 2 * share)
    return values * (1 - share) + signal * share


def surroundings(
    points: Points, hull: Values, skin: Values, *, signals: dict[str, float], rng: np.random.Generator, skull: float
) -> Values:
    """The signal of everything outside the dura.

    Args:
        points: (H, W, 3) in MNI millimetres.
        hull: (H, W) millimetres outside the hull.
        skin: (H, W) millimetres below the skin.
        signals: by tissue name.
        rng: draws textures.
        skull: thickness of the vault in millimetres.
    """
    near = (hull > -1) & (skin > -4)
    values = np.full(hull.shape, signals["air"])
    textures = [
        noise_field(rng, hull.shape, cells, octaves=octaves)[near]
        for cells, octaves in ((34, 4), (12, 4), (8, 3), (5, 1), (80, 2))
    ]
    values[near] = _outside(
        select(points, near), hull[near], skin[near], signals=signals, textures=textures, skull=skull
    )
    return values


def _outside(
    points: Points, hull: Values, skin: Values, *, signals: dict[str, float], textures: list[Values], skull: float
) -> Values:
    grain, coarse, broad, slow, fine = textures
    flesh = signals["muscle"] * (1 + 0.16 * grain + 0.12 * broad)
    # Fat runs between the muscles in planes, and within them in streaks.
    planes = np.exp(-((broad / 0.16) ** 2)) * soft_step(coarse + 0.3, 1.5)
    streaks = np.exp(-((coarse / 0.3) ** 2)) * soft_step(grain + 0.3, 1.5)
    deep = flesh + (signals["fat"] - flesh) * np.clip(0.60 * planes + 0.55 * streaks + 0.12 * fine, 0, 0.85)
    deep = paint(deep, 5.5 + 1.5 * coarse - skin, signals["fat"] * (0.92 + 0.05 * grain), edge=1.5)
    deep = _face(deep, points, signals, grain, coarse)
    deep = paint(deep, 1.4 - skin, signals["skin"])
    thick = skull + 0.9 * slow
    values = _vault(deep, points, hull, skin, signals=signals, thick=thick, grain=grain)
    return paint(np.full(skin.shape, signals["air"]), skin, values, edge=0.9)


def _vault(
    deep: Values, points: Points, hull: Values, skin: Values, *, signals: dict[str, float], thick: Values, grain: Values
) -> Values:
    """Scalp, outer table, marrow and inner table over the vault; a thin rough floor under the brain."""
    z, y = points[..., 2], points[..., 1]
    floor = soft_step(z + 34 - 0.10 * (y - 10) + 3 * grain, 10.0)
    scalp = signals["fat"] * (0.95 + 0.07 * grain)
    temporal = ellipsoid(mirrored(points), (68, 18, -14), (13, 40, 42))
    scalp = paint(scalp, temporal, signals["muscle"] * (1 + 0.1 * grain), edge=3.0)
    scalp = paint(scalp, 1.3 - skin, signals["skin"])
    # Coil and fat suppression leave the face a little darker than the scalp over the vault.
    values = 0.8 * deep * (1 - floor) + scalp * floor
    bone = thick * (0.35 + 0.65 * floor)
    values = paint(values, np.minimum(bone - hull, 30.0), signals["bone"])
    marrow = np.minimum(hull - 0.36 * bone, 0.74 * bone - hull)
    values = paint(values, marrow, signals["marrow"] * (0.85 + 0.25 * grain) * (0.4 + 0.6 * floor), edge=1.2)
    inner = values + (signals["bone"] * 1.2 - values) * (0.45 + 0.55 * floor)
    return paint(values, 1.6 + (1 - floor) * grain - hull, inner)


def _face(values: Values, points: Points, signals: dict[str, float], grain: Values, coarse: Values) -> Values:
    """Eyes, sinuses, nose, mouth, throat, jaw, neck and the bones at the base of the skull."""
    if points[..., 2].min() > 15:
        return values
    pair = mirrored(points)
    bone, marrow, air, muscle = (signals[name] for name in ("bone", "marrow", "air", "muscle"))
    rough = 2.0 * coarse
    values = paint(values, capsule(pair, (12, -14, -44), (56, -30, -42), 11) + rough, bone * (1 + grain), edge=3)
    values = paint(
        values, ellipsoid(pair, (55, -42, -46), (13, 18, 18)) + rough, np.where(grain > 0.6, 0.3 * marrow, air)
    )
    values = paint(
        values, ellipsoid(points, (0, 22, -60), (44, 62, 12)) + rough, bone + 0.7 * muscle * (1 + coarse) / 2, edge=3
    )
    values = paint(values, capsule(points, (0, -6, -43), (0, -27, -68), 7.5), signals["clivus"] * (1 + 0.12 * grain))
    values = paint(values, ellipsoid(pair, (38, 12, -78), (11, 22, 20)) + rough, muscle * (0.9 + 0.2 * grain), edge=1.2)
    values = paint(values, ellipsoid(pair, (57, 22, -88), (7, 17, 28)), muscle * (0.9 + 0.2 * grain), edge=1.2)
    values = paint(values, capsule(pair, (49, 12, -58), (46, 20, -112), 5.0) + 1.5 * coarse, bone * 2, edge=1.5)
    values = paint(values, capsule(pair, (49, 12, -58), (46, 20, -112), 3.2) + 1.5 * coarse, marrow, edge=1.5)
    values = _eyes(values, pair, signals, grain)
    values = _nose(values, points, pair, signals, grain)
    values = _mouth(values, points, signals, grain)
    return _neck(values, points, signals, grain)


def _eyes(values: Values, pair: Points, signals: dict[str, float], grain: Values) -> Values:
    cone = ellipsoid(pair, (29, 46, -37), (17, 26, 17))
    values = paint(values, cone + 2.2, signals["bone"])
    values = paint(values, cone, signals["fat"] * (0.74 + 0.09 * grain))
    for lateral in (16.0, 42.0):
        values = paint(values, capsule(pair, (lateral, 56, -37), (19, 22, -34), 2.2), signals["muscle"] * 1.2)
    values = paint(values, capsule(pair, (29, 48, -37), (11, 14, -31), 2.3), signals["white"])
    values = paint(values, ellipsoid(pair, EYE, (13, 13, 13)), signals["muscle"] * 1.4)
    values = paint(values, ellipsoid(pair, EYE, (11.4, 11.4, 11.4)), signals["vitreous"])
    return paint(values, ellipsoid(pair, (EYE[0], EYE[1] + 8, EYE[2]), (4.5, 2.2, 4.5)), signals["muscle"] * 1.2)


def _nose(values: Values, points: Points, pair: Points, signals: dict[str, float], grain: Values) -> Values:
    air, mucosa = signals["air"], signals["mucosa"]
    y, z = points[..., 1], points[..., 2]
    cells = ellipsoid(points, (0, 42, -40), (11, 30, 12))
    septa = np.exp(-((grain / 0.3) ** 2))
    values = paint(values, cells, air + 0.55 * mucosa * septa)
    turbinate = 0.5 + 0.5 * np.sin((z - 0.22 * y) * 0.55 + 1.5 * grain)
    cavity = ellipsoid(points, (0, 56, -61), (15, 38, 14))
    values = paint(values, cavity, air + mucosa * turbinate * (1 + 0.15 * grain))
    values = paint(values, capsule(points, (0, 30, -50), (0, 84, -62), 1.2), mucosa)
    values = paint(values, ellipsoid(pair, (29, 46, -62), (12.2, 15.2, 14.2)) + 0.5 * grain, mucosa * 0.8)
    values = paint(values, ellipsoid(pair, (29, 46, -62), (11.5, 14.5, 13.5)), air)
    values = paint(values, ellipsoid(pair, (9, 80, -14), (12, 5, 13)) + 1.2 * grain, air)
    values = paint(values, ellipsoid(pair, (6, 19, -47), (12, 13.5, 10.5)) + 0.6 * grain, signals["bone"])
    return paint(values, ellipsoid(pair, (6, 19, -47), (10.5, 12, 9)) + 0.6 * grain, air)


def _mouth(values: Values, points: Points, signals: dict[str, float], grain: Values) -> Values:
    air, bone = signals["air"], signals["bone"]
    values = paint(values, ellipsoid(points, (0, 50, -78), (24, 32, 4.5)), bone)
    values = paint(values, ellipsoid(points, (0, 52, -78), (20, 27, 2.0)), signals["clivus"])
    values = paint(values, ellipsoid(points, (0, 42, -102), (26, 35, 21)) + 1.2 * grain, air)
    values = paint(
        values, ellipsoid(points, (0, 41, -104), (25.5, 34, 21)) + 1.2 * grain, signals["muscle"] * (1.25 + 0.2 * grain)
    )
    for height in (-88.0, -110.0):
        ring = 4.0 - np.hypot(np.hypot(points[..., 0] * 1.1, points[..., 1] - 48) - 27, points[..., 2] - height)
        values = paint(values, np.where(points[..., 1] > 45, ring, -9.0), bone * (1 + 0.5 * grain))
    values = paint(values, capsule(points, (0, 64, -122), (0, 72, -118), 7), signals["clivus"])
    values = paint(values, capsule(points, (0, 22, -68), (0, 3, -90), 4.6) + 1.2 * grain, air, edge=1.5)
    return paint(values, capsule(points, (0, 3, -90), (0, -2, -150), 3.8) + 1.3 * grain, air, edge=1.5)


def _neck(values: Values, points: Points, signals: dict[str, float], grain: Values) -> Values:
    for number in range(6):
        z = -88.0 - 17.0 * number
        square = np.abs(points - (0, -20 - 1.0 * number, z)) / (12, 8.5, 7.4)
        solid = (1 - (square**3.4).sum(axis=-1) ** (1 / 3.4)) * 7 + 0.5 * grain
        values = paint(values, solid + 0.9, signals["muscle"] * 0.55)
        values = paint(values, solid, signals["clivus"] * (0.72 + 0.12 * grain), edge=1.6)
        spine = capsule(points, (0, -56, z - 4), (0, -76, z - 12), 4.0)
        values = paint(values, spine, signals["clivus"] * 0.8)
    values = paint(values, capsule(points, (0, -19, -72), (0, -18, -86), 5.0), signals["clivus"] * 0.9)
    values = paint(values, capsule(points, (0, -42, -66), (0, -46, -230), 9.5), signals["csf"])
    return paint(values, capsule(points, (0, -41, -60), (0, -45, -230), 5.6), signals["white"] * 0.97)
