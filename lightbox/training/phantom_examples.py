"""Synthetic scans as training examples."""

from __future__ import annotations

import hashlib
import tomllib
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.phantoms.seeds import TRAINING, in_words
from lightbox.training.datasets import Example

if TYPE_CHECKING:
    from pathlib import Path


def read_phantoms(folder: Path, task: str) -> list[Example]:
    """The scans of a set written by ``lightbox phantoms make``, all in the training split.

    Raises:
        UserFacingError: there is no such set, it is of another task, or not all its seeds are kept for training.
    """
    path = folder / "manifest.toml"
    hint = f"Make one with `lightbox phantoms make --task {task} --seed {TRAINING.start} --out {folder}`."
    if not path.is_file():
        raise UserFacingError(f"{folder} holds no set of phantoms.", hint)
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("sample", [])
    if not rows or any(row["task"] != task for row in rows):
        raise UserFacingError(f"The phantoms in {folder} are not of {task}.", hint)
    if any(row["seed"] not in TRAINING for row in rows):
        raise UserFacingError(
            f"The phantoms in {folder} have seeds other than {in_words(TRAINING)}, on which networks are evaluated.",
            hint,
        )
    examples = []
    for row in rows:
        sha256 = hashlib.sha256((folder / row["file"]).read_bytes()).hexdigest()
        group = f"phantom-{row['seed']}"
        name = f"phantoms/{row['file']}"
        examples.append(Example(folder / row["file"], name, row["label"], "train", group, sha256, synthetic=True))
    return examples
