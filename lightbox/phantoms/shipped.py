"""The samples that ship with the program, and how any set of phantoms is written to a folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, PngImagePlugin

from lightbox.phantoms.phantom import HEALTHY, Phantom, make_phantom

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

LICENCES = {"chest_xray": "Apache-2.0", "brain_mri": "Apache-2.0 AND LicenseRef-MNI-ICBM152"}


@dataclass(frozen=True, slots=True)
class Recipe:
    """The arguments of `make_phantom` for one picture of a set."""

    key: str
    task: str
    label: str
    seed: int
    difficulty: float | None = None
    plane: str | None = None
    size: int = 512

    def make(self) -> Phantom:
        return make_phantom(
            self.task, self.label, self.seed, size=self.size, difficulty=self.difficulty, plane=self.plane
        )


def _recipes(task: str, label: str, *rows: tuple[int, float | None, str | None]) -> tuple[Recipe, ...]:
    short = task.partition("_")[0]
    return tuple(
        Recipe(f"{short}-{label.replace('_', '-')}-{number}", task, label, seed, difficulty, plane)
        for number, (seed, difficulty, plane) in enumerate(rows, start=1)
    )


SHIPPED: tuple[Recipe, ...] = (
    *_recipes("chest_xray", "normal", (1, None, None), (2, None, None), (3, None, None)),
    *_recipes("chest_xray", "bacterial", (4, 0.0, None), (5, 0.3, None), (6, 0.6, None), (7, 0.9, None)),
    *_recipes("chest_xray", "viral", (8, 0.0, None), (9, 0.3, None), (10, 0.6, None), (11, 0.9, None)),
    *_recipes(
        "brain_mri", "glioma", (46, 0.0, "axial"), (22, 0.4, "coronal"), (56, 0.8, "sagittal"), (21, 0.3, "axial")
    ),
    *_recipes("brain_mri", "meningioma", (24, 0.0, "coronal"), (43, 0.4, "axial"), (26, 0.8, "sagittal")),
    *_recipes("brain_mri", "pituitary", (27, 0.0, "sagittal"), (28, 0.4, "coronal"), (29, 0.8, "axial")),
    *_recipes("brain_mri", "no_tumor", (30, None, "axial"), (36, None, "coronal"), (32, None, "sagittal")),
)


def to_grey_levels(pixels: NDArray[np.float32]) -> NDArray[np.uint8]:
    """0..1 to the nearest of 256 grey levels."""
    return np.rint(pixels.astype(np.float64) * 255).astype(np.uint8)


def write_set(recipes: Iterable[Recipe], folder: Path) -> int:
    """Write pictures, masks and manifest.toml; the number of pictures is returned.

    Pictures are 8-bit grey PNG, masks 1-bit PNG; each says in its own text chunk that it is synthetic.
    """
    for part in ("images", "masks"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    rows = []
    for recipe in recipes:
        phantom = recipe.make()
        text = PngImagePlugin.PngInfo()
        text.add_text("Description", f"Synthetic phantom, not a patient. Lightbox, seed {phantom.seed}.")
        image = Image.fromarray(to_grey_levels(phantom.pixels))
        image.save(folder / "images" / f"{recipe.key}.png", optimize=True, pnginfo=text)
        Image.fromarray(phantom.mask).save(folder / "masks" / f"{recipe.key}.png", optimize=True, pnginfo=text)
        rows.append(_row(recipe, phantom))
    head = "# Synthetic scans made by `lightbox phantoms`; no patient is shown. One row a scan.\n"
    (folder / "manifest.toml").write_text(head + "".join(rows), encoding="utf-8")
    return len(rows)


def make_recipes(task: str, labels: tuple[str, ...], count: int, seed: int, size: int) -> tuple[Recipe, ...]:
    """``count`` recipes a label with seeds from ``seed`` on; no two pictures of the set share a patient."""
    return tuple(
        Recipe(f"{task}-{label}-{number:05d}", task, label, seed + place * count + number, size=size)
        for place, label in enumerate(labels)
        for number in range(count)
    )


def _row(recipe: Recipe, phantom: Phantom) -> str:
    fields: dict[str, str | int | float] = {
        "key": recipe.key,
        "file": f"images/{recipe.key}.png",
        "mask": f"masks/{recipe.key}.png",
        "task": phantom.task,
        "label": phantom.label,
        "seed": phantom.seed,
        "generator_version": phantom.generator_version,
        "licence": LICENCES[phantom.task],
        "look_for": phantom.note,
    }
    if phantom.plane is not None:
        fields["plane"] = phantom.plane
    if phantom.difficulty is not None and phantom.label not in HEALTHY:
        fields["difficulty"] = round(phantom.difficulty, 4)
    # A JSON string of printable ASCII is a TOML basic string.
    return "\n[[sample]]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in fields.items())
