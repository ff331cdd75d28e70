"""Synthetic scans as training examples."""

from __future__ import annotations

import hashlib
import tomllib
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.training.datasets import Example

if TYPE_CHECKING:
    from pathlib import Path

# Seeds below are kept for the shipped samples and for `lightbox evaluate`, which no network may have trained on.
FIRST_TRAINING_SEED = 1_000_000


def read_phantoms(folder: Path, task: str) -> list[Example]:
    """The scans of a set written by ``lightbox phantoms make``, all in the training split.

    Raises:
        UserFacingError: there is no such set, it is of another task, or it holds a scan that evaluations use.
    """
    path = folder / "manifest.toml"
    hint = f"Make one with `lightbox phantoms make --task {task} --seed {FIRST_TRAINING_SEED} --out {folder}`."
    if not path.is_file():
        raise UserFacingError(f"{folder} holds no set of phantoms.", hint)
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("sample", [])
    if not rows or any(row["task"] != task for row in rows):
        raise UserFacingError(f"The phantoms in {folder} are not of {task}.", hint)
    if any(row["seed"] < FIRST_TRAINING_SEED for row in rows):
        raise UserFacingError(
            f"The phantoms in {folder} have seeds below {FIRST_TRAINING_SEED}, on which networks are evaluated.", hint
        )
    examples = []
    for row in rows:
        sha256 = hashlib.sha256((folder / row["file"]).read_bytes()).hexdigest()
        group = f"phantom-{row['seed']}"
        examples.append(Example(folder / row["file"], f"phantoms/{row['file']}", row["label"], "train", group, sha256))
    return examples
