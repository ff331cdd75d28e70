"""The sample scans that ship with the program: synthetic, with masks of what was put into them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from lightbox.core import settings
from lightbox.core.errors import UserFacingError
from lightbox.core.tasks import TASKS
from lightbox.core.unchanged_files import read_once
from lightbox.imaging.scan import Provenance, Scan

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

REQUIRED = ("key", "file", "mask", "task", "label", "seed", "generator_version", "licence", "look_for")
TEXT = tuple(name for name in REQUIRED if name != "seed")
REPAIR = "Run `lightbox phantoms samples` to make the samples again."
# Difficulty below which a sample is called clear, and below which moderate.
CLEAR, MODERATE = 0.34, 0.67


@dataclass(frozen=True, slots=True)
class Sample:
    """One row of the samples' manifest.

    Args:
        key: unique name, as in URLs.
        title: for people; it says "Synthetic".
        task: key of the task.
        label: key of the true class.
        seed: what the generator drew it from.
        generator_version: of the generator that made it.
        licence: an SPDX expression.
        look_for: one sentence: what to look for.
        image_path: 8-bit grey PNG.
        mask_path: 1-bit PNG, white where the pathology is.
        difficulty: 0 clear .. 1 subtle; None where there is nothing to find.
        plane: of a brain slice.
    """

    key: str
    title: str
    task: str
    label: str
    seed: int
    generator_version: str
    licence: str
    look_for: str
    image_path: Path
    mask_path: Path
    difficulty: float | None = None
    plane: str | None = None


def list_samples() -> tuple[Sample, ...]:
    """Every sample of the samples folder, in the manifest's order; none where there is no folder or no manifest.

    Raises:
        UserFacingError: the manifest cannot be read, or one of its rows is broken.
    """
    if not settings.get("SAMPLES_DIR"):
        return ()
    folder = settings.get_path("SAMPLES_DIR")
    manifest = folder / "manifest.toml"
    if not manifest.is_file():
        return ()
    return read_once("samples", (manifest,), lambda: _read_manifest(manifest))


def _read_manifest(manifest: Path) -> tuple[Sample, ...]:
    try:
        rows = tomllib.loads(manifest.read_text(encoding="utf-8")).get("sample", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UserFacingError(f"The samples' manifest cannot be read: {error}.", REPAIR) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UserFacingError("The samples' manifest holds something else than [[sample]] rows.", REPAIR)
    samples = tuple(_parse(row, number, manifest.parent) for number, row in enumerate(rows, start=1))
    keys = [sample.key for sample in samples]
    for key in keys:
        if keys.count(key) > 1:
            raise UserFacingError(f"Two samples have the key {key!r}.", REPAIR)
    return samples


def read_sample(sample: Sample) -> Scan:
    """The sample as a `Scan`.

    Raises:
        UserFacingError: the file is missing or is not an 8-bit grey picture.
    """
    image = _open(sample, sample.image_path)
    if image.mode != "L":
        raise UserFacingError(f"The picture of sample {sample.key!r} is not 8-bit grey.", REPAIR)
    stored = np.asarray(image)
    provenance = Provenance(
        format="PNG",
        photometric="grey",
        bit_depth=8,
        original_hw=(stored.shape[0], stored.shape[1]),
        notes=(f"Synthetic, made by this project from seed {sample.seed}; no patient is shown.",),
    )
    return Scan(stored.astype(np.float32) / np.float32(255), sample.task, provenance)


def read_mask(sample: Sample) -> NDArray[np.bool_]:
    """(H, W) where the pathology is, on the picture's own grid; empty for a healthy sample.

    Raises:
        UserFacingError: the file is missing, is not a 1-bit picture, or has another size than the sample.
    """
    image = _open(sample, sample.mask_path)
    if image.mode != "1":
        raise UserFacingError(f"The mask of sample {sample.key!r} is not a 1-bit picture.", REPAIR)
    if image.size != _open(sample, sample.image_path).size:
        raise UserFacingError(f"The mask of sample {sample.key!r} has another size than its picture.", REPAIR)
    return np.asarray(image, dtype=bool)


def _open(sample: Sample, path: Path) -> Image.Image:
    try:
        with Image.open(path, formats=("PNG",)) as image:
            image.load()
            return image
    except (OSError, UnidentifiedImageError, SyntaxError) as error:
        raise UserFacingError(f"The file {path.name} of sample {sample.key!r} cannot be read.", REPAIR) from error


def _parse(row: dict[str, Any], number: int, folder: Path) -> Sample:
    name = f"Sample {row.get('key', f'number {number}')!r}"
    missing = [field for field in REQUIRED if field not in row]
    if missing:
        raise UserFacingError(f"{name} has no {', '.join(missing)}.", REPAIR)
    wrong = [field for field in TEXT if not isinstance(row[field], str) or not row[field]]
    difficulty, plane = row.get("difficulty"), row.get("plane")
    wrong += ["seed"] * (type(row["seed"]) is not int)
    wrong += ["difficulty"] * (difficulty is not None and type(difficulty) not in (int, float))
    wrong += ["plane"] * (plane is not None and not isinstance(plane, str))
    if wrong:
        raise UserFacingError(f"{name} has an unusable {', '.join(wrong)}.", REPAIR)
    if row["task"] not in TASKS or row["label"] not in TASKS[row["task"]].classes:
        raise UserFacingError(f"{name} names a class that does not exist: {row['task']} {row['label']}.", REPAIR)
    return Sample(
        **{field: row[field] for field in ("key", "task", "label", "seed", "generator_version", "licence", "look_for")},
        title=_title(row["task"], row["label"], plane, difficulty),
        image_path=_inside(folder, row["file"], name),
        mask_path=_inside(folder, row["mask"], name),
        difficulty=None if difficulty is None else float(difficulty),
        plane=plane,
    )


def _inside(folder: Path, relative: str, name: str) -> Path:
    path = (folder / relative).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise UserFacingError(f"{name} names a file that is not in the samples folder: {relative}.", REPAIR)
    return path


def _title(task_key: str, label_key: str, plane: str | None, difficulty: float | None) -> str:
    """Such as: Synthetic chest X-ray: bacterial pneumonia, subtle."""
    task = TASKS[task_key]
    label = next(label for label in task.labels if label.key == label_key)
    parts = [f"Synthetic {_uncapitalised(task.title)}{f', {plane}' if plane else ''}: {_uncapitalised(label.title)}"]
    if difficulty is not None:
        parts.append("clear" if difficulty < CLEAR else "moderate" if difficulty < MODERATE else "subtle")
    return ", ".join(parts)


def _uncapitalised(text: str) -> str:
    return text[:1].lower() + text[1:]
