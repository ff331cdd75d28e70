"""One call for every kind of phantom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.core.errors import UserFacingError
from lightbox.core.tasks import TASKS
from lightbox.phantoms.brain import mri_slice
from lightbox.phantoms.chest import radiograph

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.phantoms.burn_in import Marker

GENERATOR_VERSION = "2"
HEALTHY = frozenset({"normal", "no_tumor"})
SMALLEST = 128
LARGEST = 2048


@dataclass(frozen=True, slots=True)
class Phantom:
    """A synthetic scan whose pathology was placed by this project.

    Args:
        pixels: (H, W) float32 in 0..1, read-only.
        mask: (H, W) bool, read-only: where the pathology is; empty for a healthy label.
        task: key of the task.
        label: key of the class.
        seed: what it was drawn from.
        difficulty: 0 for the most conspicuous, 1 for the most subtle; None where there is nothing to find.
        plane: "axial", "coronal" or "sagittal"; None for a chest X-ray.
        generator_version: changes whenever the same seed gives other pixels.
        note: one sentence: what to look for.
    """

    pixels: NDArray[np.float32]
    mask: NDArray[np.bool_]
    task: str
    label: str
    seed: int
    difficulty: float | None
    plane: str | None
    generator_version: str
    note: str


def make_phantom(
    task: str,
    label: str,
    seed: int,
    *,
    size: int = 512,
    difficulty: float | None = None,
    plane: str | None = None,
    marker: Marker | None = None,
) -> Phantom:
    """A synthetic scan and the mask of its pathology; the same arguments give the same bits.

    The patient, the exposure or contrast, the noise and the usual side marker are drawn from seed and size
    alone, so they tell nothing of the label. One exception: pituitary slices pass through the sella.

    At another size a seed is the same child with the same pneumonia, or the same head with the same contrast.
    Otherwise are the noise; a chest film's exposure and what lies on it (markers, leads), drawn after the grain;
    where a glioma lies, and sometimes a meningioma, because that is drawn among the pixels.

    Args:
        task: "chest_xray" or "brain_mri".
        label: one of the task's classes.
        seed: not negative.
        size: side of the square picture, 128..2048.
        difficulty: 0 conspicuous .. 1 subtle; drawn from the seed where None.
        plane: of a brain slice; drawn from the seed where None.
        marker: text burned in instead of what real films of the kind carry; None leaves that as drawn.

    Raises:
        UserFacingError: an argument is not one of these.
    """
    return make_pair(task, label, seed, size=size, difficulty=difficulty, plane=plane, marker=marker, twin=False)[0]


def make_pair(
    task: str,
    label: str,
    seed: int,
    *,
    size: int = 512,
    difficulty: float | None = None,
    plane: str | None = None,
    marker: Marker | None = None,
    twin: bool = True,
) -> tuple[Phantom, NDArray[np.float32]]:
    """A phantom as `make_phantom` gives it, and the same scan without the pathology.

    Chest: the same child, exposure and noise. Brain: the same head, pushed aside by the same
    mass effect, without the tumour and its oedema. With ``twin`` false the second is the phantom's own pixels.
    """
    _check(task, label, seed, size=size, difficulty=difficulty, plane=plane)
    chance = np.random.default_rng([seed, 0])
    drawn_difficulty, drawn_plane = float(chance.uniform(0, 1)), str(chance.choice(mri_slice.PLANES))
    level = drawn_difficulty if difficulty is None else float(difficulty)
    if task == "chest_xray":
        shown_plane = None
        picture: radiograph.Film | mri_slice.Slice = radiograph.make_film(
            label, seed, size, level, marker=marker, twin=twin
        )
    else:
        shown_plane = plane or drawn_plane
        picture = mri_slice.make_slice(label, seed, size, level, plane=shown_plane, marker=marker, twin=twin)
    if picture.mask.any() == (label in HEALTHY):
        # Not seen in 80 seeds of each class at the most subtle; a silent one would spoil a score.
        raise UserFacingError(f"Seed {seed} gives a {label} phantom with a wrong mask.", "Choose another seed.")
    phantom = Phantom(
        pixels=_frozen(picture.pixels),
        mask=picture.mask,
        task=task,
        label=label,
        seed=seed,
        difficulty=None if label in HEALTHY else level,
        plane=shown_plane,
        generator_version=GENERATOR_VERSION,
        note=picture.note,
    )
    phantom.mask.setflags(write=False)
    return phantom, _frozen(picture.healthy)


def _frozen(picture: NDArray[np.float64]) -> NDArray[np.float32]:
    pixels = np.clip(picture, 0, 1).astype(np.float32)
    pixels.setflags(write=False)
    return pixels


def _check(task: str, label: str, seed: int, *, size: int, difficulty: float | None, plane: str | None) -> None:
    known = TASKS[task]
    if label not in known.classes:
        raise UserFacingError(
            f"{known.title} has no class named {label!r}.", f"Choose one of: {', '.join(known.classes)}."
        )
    if seed < 0:
        raise UserFacingError(f"The seed is {seed}, which is negative.", "Choose a whole number from 0 on.")
    if not SMALLEST <= size <= LARGEST:
        raise UserFacingError(f"A phantom of {size} pixels cannot be made.", f"Choose {SMALLEST} to {LARGEST}.")
    if difficulty is not None and not 0 <= difficulty <= 1:
        raise UserFacingError(f"The difficulty is {difficulty}.", "Choose a number from 0 (clear) to 1 (subtle).")
    if plane is not None and task != "brain_mri":
        raise UserFacingError(f"{known.title} has no planes to choose from.", "Leave the plane out.")
    if plane is not None and plane not in mri_slice.PLANES:
        raise UserFacingError(f"There is no plane named {plane!r}.", f"Choose one of: {', '.join(mri_slice.PLANES)}.")
