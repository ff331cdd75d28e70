"""The child's soft tissue as the beam meets it: torso, shoulders, arms, neck and head, in centimetres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.chest.habitus import SIDES, Habitus, shoulder_joint
from lightbox.phantoms.fields import soft_step

if TYPE_CHECKING:
    from lightbox.phantoms.arrays import Values


def flesh_cm(habitus: Habitus, x: Values, y: Values, half: Values) -> Values:
    """Chord of the whole body, as if the lungs were solid; where parts meet their skin runs smoothly on.

    Args:
        habitus: of the child.
        x: (H, W) position from the midline.
        y: (H, W) position down.
        half: (H, W) the rib cage's half width.
    """
    parts = [_torso(habitus, x, y, half), _neck(habitus, x, y), _head(habitus, x, y)]
    parts += [_arm(habitus, x, y, side) for side in SIDES]
    union: Values = sum((part**3 for part in parts), np.zeros_like(x)) ** (1 / 3)
    return union


def _torso(habitus: Habitus, x: Values, y: Values, half: Values) -> Values:
    scale = habitus.scale
    axilla = habitus.lung_top + 0.30 * scale
    flank = np.maximum(half, 0.86 * habitus.cage) + habitus.wall
    right, left = (0.12 + 0.14 * np.clip(-angle, 0, 1.2) for angle in habitus.arm_angles)
    flare = np.logaddexp(0, (axilla - y) / 0.07) * 0.07 * np.where(x < 0, right, left)
    chord = habitus.depth_cm * np.clip(1 - (x / (flank + flare)) ** 2, 0, 1) ** 0.62
    # Fat under the skin lets more of the beam through than the muscles within.
    chord *= 0.86 + 0.14 * soft_step(flank + 0.8 * flare - 0.5 * habitus.wall - np.abs(x), 0.012)
    # The upper chest is shallower than the lower; the shoulders round off towards their upper edge.
    chord *= (
        0.50 + 0.50 * np.clip((y - habitus.lung_top + 0.05) / 0.42, 0, 1) - 0.17 * soft_step(y - habitus.dome, 0.14)
    )
    joints = [shoulder_joint(habitus, side) for side in SIDES]
    joint_y = np.where(x < 0, joints[0][1], joints[1][1])
    across = np.clip(np.abs(x) / (0.34 * scale), 0, 1.3)
    line = habitus.lung_top - 0.19 * scale + (joint_y - 0.10 * scale - habitus.lung_top + 0.19 * scale) * across
    rise = np.clip((y - line) / (0.20 * scale), 0, 1)
    shaped: Values = chord * np.sqrt(rise * (2 - rise))
    return shaped


def _neck(habitus: Habitus, x: Values, y: Values) -> Values:
    width = 0.17 * habitus.scale
    return 7.5 * np.sqrt(np.clip(1 - (x / width) ** 2, 0, 1)) * soft_step(habitus.lung_top - y, 0.12)


def _head(habitus: Habitus, x: Values, y: Values) -> Values:
    """Face and skull: only its lower edge reaches into the picture."""
    wide, high = 0.26 * habitus.scale, 0.21 * habitus.scale
    r2 = ((x - habitus.head_turn) / wide) ** 2 + ((y - habitus.chin + high) / high) ** 2
    return 11.0 * np.sqrt(np.clip(1 - r2, 0, 1))


def _arm(habitus: Habitus, x: Values, y: Values, side: float) -> Values:
    """The upper arm, a round limb from the shoulder outwards."""
    joint_x, joint_y = shoulder_joint(habitus, side)
    angle = habitus.arm_angles[0 if side < 0 else 1]
    toward = side * np.cos(angle), np.sin(angle)
    along = np.clip((x - joint_x) * toward[0] + (y - joint_y) * toward[1], 0, 0.9)
    away = np.hypot(x - joint_x - along * toward[0], y - joint_y - along * toward[1])
    radius = 0.082 * habitus.scale
    chord: Values = 4.2 * np.sqrt(np.clip(1 - (away / radius) ** 2, 0, 1))
    return chord
