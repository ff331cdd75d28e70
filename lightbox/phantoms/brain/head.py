"""The brain of the MNI152 template, and the hull its skull is built around.

The template carries no skull. Its tissue maps are read once a process; the hull is the brain with
its furrows closed, and the signed distance to it says how deep below or how far above the dura a point is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from lightbox.core.extras import name_extra

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.phantoms.arrays import Points

CROP = (slice(16, 181), slice(16, 217), slice(0, 165))
ORIGIN = np.array([-98.0 + 16, -134.0 + 16, -72.0])
HULL_STEP = 2.0
HULL_LOW = np.array([-110.0, -150.0, -140.0])
HULL_HIGH = np.array([110.0, 130.0, 130.0])
FURROW_MM = 12.0


@dataclass(frozen=True, slots=True)
class Head:
    """Tissue maps as spline coefficients on a 1 mm grid, and the hull's distance on a 2 mm grid."""

    grey: NDArray[np.float32]
    white: NDArray[np.float32]
    hull: NDArray[np.float32]

    def tissue(self, points: Points) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Shares of grey and white matter, 0..1, at (..., 3) points in MNI millimetres."""
        at = np.moveaxis(points - ORIGIN, -1, 0)
        grey, white = (
            ndimage.map_coordinates(volume, at, output=np.float64, order=3, prefilter=False, mode="constant")
            for volume in (self.grey, self.white)
        )
        return np.clip(grey, 0, 1), np.clip(white, 0, 1)

    def depth(self, points: Points) -> NDArray[np.float64]:
        """Millimetres outside the hull, negative inside, at (..., 3) points in MNI millimetres."""
        at = np.moveaxis((points - HULL_LOW) / HULL_STEP, -1, 0)
        depth: NDArray[np.float64] = ndimage.map_coordinates(self.hull, at, output=np.float64, order=1, mode="nearest")
        return depth


@lru_cache(maxsize=1)
def load_head() -> Head:
    """The head, read and prepared once a process (a few seconds).

    Raises:
        UserFacingError: nilearn or nibabel, which carry the template, are not installed.
    """
    grey, white = (_read_template(kind) for kind in ("gm", "wm"))
    hull = _hull_distance(grey + white)
    spline = [ndimage.spline_filter(volume, order=3, output=np.float32, mode="constant") for volume in (grey, white)]
    return Head(spline[0], spline[1], hull)


def _read_template(kind: str) -> NDArray[np.float32]:
    """One tissue map of ICBM 152 2009a, 0..1, cropped to the brain."""
    try:
        import nibabel

        folder = files("nilearn") / "datasets" / "data"
    except ModuleNotFoundError as error:
        missing = name_extra(error, "Making brain phantoms")
        if missing is None:
            raise
        raise missing from error
    with as_file(folder / f"mni_icbm152_{kind}_tal_nlin_sym_09a_converted.nii.gz") as path:
        stored = np.asarray(nibabel.load(path).dataobj)
    return (stored[CROP] / np.float32(255)).astype(np.float32)


def _hull_distance(brain: NDArray[np.float32]) -> NDArray[np.float32]:
    """Signed distance to the brain with furrows up to 24 mm wide closed, in millimetres."""
    axes = [np.arange(low, high + 1, HULL_STEP) for low, high in zip(HULL_LOW, HULL_HIGH, strict=True)]
    at = np.meshgrid(*[axis - origin for axis, origin in zip(axes, ORIGIN, strict=True)], indexing="ij")
    coarse = ndimage.map_coordinates(brain, at, order=1, mode="constant") > 0.3
    outside = ndimage.distance_transform_edt(~coarse, sampling=HULL_STEP)
    swollen = outside < FURROW_MM
    closed = ndimage.distance_transform_edt(swollen, sampling=HULL_STEP) > FURROW_MM
    signed = ndimage.distance_transform_edt(~closed, sampling=HULL_STEP) - ndimage.distance_transform_edt(
        closed, sampling=HULL_STEP
    )
    smooth: NDArray[np.float32] = ndimage.gaussian_filter(signed, 1.8).astype(np.float32)
    return smooth
