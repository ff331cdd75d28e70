"""How one child is built and lies before the film, and the rib cage's width that all else follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PICTURE_CM = 26.0
SIDES = (-1.0, 1.0)
USUAL_CAGE = 0.345
# Height as a fraction of the lung's, 0 at the apex and 1 at the diaphragm, and half width of a bell and of a box.
HEIGHTS = (-0.3, -0.12, 0.0, 0.08, 0.18, 0.32, 0.5, 0.7, 0.9, 1.2, 1.6)
BELL = (0.10, 0.22, 0.38, 0.52, 0.64, 0.75, 0.85, 0.94, 1.0, 1.07, 1.08)
BOX = (0.16, 0.34, 0.54, 0.68, 0.79, 0.87, 0.93, 0.97, 1.0, 1.02, 1.0)


@dataclass(frozen=True, slots=True)
class Habitus:
    """One child's build and position, in fractions of the picture unless said otherwise.

    Args:
        middle: x of the midline, at half the picture's height.
        lean: how far the midline moves to the right from top to bottom.
        yaw: how far what lies in front is shifted against what lies behind, per unit of depth.
        lung_top: y of the lungs' upper ends.
        dome: y of the right diaphragm's highest point.
        left_lower: how much lower the left one stands.
        cage: greatest inner half width of the rib cage.
        boxy: 0 where the cage is a bell, 1 where its sides are parallel.
        wall: flesh beyond the ribs.
        heart_right: reach of the heart to the picture's left of the midline.
        heart_left: and to its right.
        heart_top: where the heart begins, as a fraction of the lung's height.
        thymus: how much the thymus widens the upper mediastinum.
        arm_angles: of the two upper arms below the horizontal, radians; negative where raised.
        depth_cm: of the chest from front to back.
        chin: y of the chin; at or above 0 the head is out of the picture.
        head_turn: x of the chin from the midline.
        rib_drop: how much lower a rib ends in front than it begins behind.
    """

    middle: float
    lean: float
    yaw: float
    lung_top: float
    dome: float
    left_lower: float
    cage: float
    boxy: float
    wall: float
    heart_right: float
    heart_left: float
    heart_top: float
    thymus: float
    arm_angles: tuple[float, float]
    depth_cm: float
    chin: float
    head_turn: float
    rib_drop: float

    @property
    def lung_height(self) -> float:
        return self.dome - self.lung_top

    @property
    def scale(self) -> float:
        """How large this child stands in the picture; 1 is the usual size."""
        return self.cage / USUAL_CAGE

    @property
    def depth(self) -> float:
        """Of the rib cage from front to back, in fractions of the picture."""
        return 0.84 * self.depth_cm / PICTURE_CM


def draw_habitus(rng: np.random.Generator) -> Habitus:
    """A child of one to five years, supine or held upright, anteroposterior beam, collimated to the chest."""
    uniform = rng.uniform
    zoom = uniform(0.99, 1.2) if rng.random() < 0.75 else uniform(1.2, 1.36)
    dome = uniform(0.68, 0.88)
    lung_top = max(-0.06, dome - 0.54 * zoom * uniform(0.92, 1.12))
    scale = zoom * uniform(0.93, 1.07)
    return Habitus(
        middle=uniform(0.46, 0.54),
        lean=rng.normal(0, 0.045),
        yaw=rng.normal(0, 0.10),
        lung_top=lung_top,
        dome=dome,
        left_lower=uniform(-0.005, 0.05),
        cage=USUAL_CAGE * scale,
        boxy=uniform(0.0, 0.75),
        wall=scale * uniform(0.018, 0.075),
        heart_right=scale * uniform(0.045, 0.09),
        heart_left=scale * uniform(0.125, 0.22),
        heart_top=uniform(0.36, 0.48),
        thymus=scale * max(0.0, uniform(-0.03, 0.05)),
        arm_angles=_draw_arms(rng),
        depth_cm=uniform(11.0, 14.5),
        chin=lung_top - scale * uniform(0.01, 0.17),
        head_turn=rng.normal(0, 0.03),
        rib_drop=scale * uniform(0.15, 0.33),
    )


def _draw_arms(rng: np.random.Generator) -> tuple[float, float]:
    """Both arms mostly lie alike: held up, hanging down, or now and then straight out."""
    pose = rng.random()
    low, high = (-1.4, -0.8) if pose < 0.68 else (0.85, 1.25) if pose < 0.92 else (-0.6, 0.3)
    both = rng.uniform(low, high)
    right, left = both + rng.normal(0, 0.13, 2)
    return float(right), float(left)


def cage_half_width(habitus: Habitus, y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half the inner width of the rib cage at height ``y``: narrow at the apex, widest at the diaphragm."""
    widths = (1 - habitus.boxy) * np.array(BELL) + habitus.boxy * np.array(BOX)
    s = (y - habitus.lung_top) / habitus.lung_height
    return habitus.cage * smooth_through(s, HEIGHTS, widths, reach=0.10)


def smooth_through(
    at: NDArray[np.float64],
    stations: tuple[float, ...],
    values: NDArray[np.float64] | list[float],
    *,
    reach: float = 0.16,
) -> NDArray[np.float64]:
    """A curve along the stations, its corners rounded over ``reach``, evaluated at ``at``."""
    step = 0.008
    count = int((stations[-1] - stations[0]) / step) + 1
    fine = np.linspace(stations[0], stations[-1], count)
    half = int(reach / step)
    kernel = np.hanning(2 * half + 3)[1:-1]
    table = np.pad(np.interp(fine, stations, values), half, mode="edge")
    return np.interp(at, fine, np.convolve(table, kernel / kernel.sum(), mode="valid"))


def in_picture(
    habitus: Habitus, x: NDArray[np.float64], y: NDArray[np.float64], z: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(N, 3) points of the picture from x across the midline, y down, and z towards the front."""
    return np.stack([habitus.middle + habitus.lean * (y - 0.5) + habitus.yaw * z + x, y, z], axis=1)


def shoulder_joint(habitus: Habitus, side: float) -> tuple[float, float]:
    """The shoulder joint, as x from the midline and y; a raised arm lifts it and draws it in."""
    angle = habitus.arm_angles[0 if side < 0 else 1]
    raised = float(np.clip(-angle / 1.2, -0.6, 1.0))
    return side * (0.385 - 0.01 * raised) * habitus.scale, habitus.lung_top + (0.02 - 0.07 * raised) * habitus.scale
