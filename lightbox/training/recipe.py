"""The numbers that define a training run."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from lightbox.core.errors import UserFacingError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


PRECISIONS = ("bfloat16", "float32")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything besides data and architecture that decides the weights.

    Args:
        epochs: passes over the training split.
        sizes: sides of the input grid, used in turn over equal shares of the epochs (progressive resizing).
        batch_size: pictures a step.
        learning_rate: peak of the one-cycle schedule.
        weight_decay: decoupled, of AdamW.
        label_smoothing: share of the target spread over all classes.
        balance: classes weigh their frequency to the power of minus this; 0 leaves them as they come, 1 evens them out.
        resample: how far rare classes are drawn as often as common ones, from 0 (never) to 1 (all equally often); the
            weights of ``balance`` are then of what is drawn.
        augmentation: factor on the ranges of all random changes of place, brightness and noise; 0 changes nothing.
        style: probability of each change of tone curve, bias field, filter and resolution.
        temperature: that softens teacher and network alike, where there is a teacher.
        teacher_weight: share of the loss that compares with the teacher, where there is one.
        teacher_on_phantoms: factor on that share for synthetic scans, of which the label is certain and a teacher that
            has not learned them is not; 0 asks it about photographed ones only.
        teacher_size: side of the grid on which the teacher is shown the picture; 0 shows it the pupil's own. If larger
            than the pupil's, the picture is changed there for both, and shrinking takes some of the noise away.
        views: changed versions of each picture, drawn once and used in turn, so that a teacher is asked about each of
            them once and not in every epoch; 0 draws new ones every epoch.
        ema_decay: of the averaged weights, per step; these are what is judged and shipped.
        validation_share: of the training split, held out by group.
        new_sources: share of the data sets that bring no test split of their own which is held out as one.
        hold_out: "patient", "source" or "dataset": which pictures are held out together for validation. "dataset" holds
            out some of the data sets that bring no test split, and leaves the one that does whole.
        precision: "bfloat16" or "float32" of the steps. Processors with matrix units for bfloat16 are up to five
            times faster with it, but not in depthwise convolutions, such as EfficientNet's.
        patience: epochs without a better validation loss before stopping; 0 never stops early.
        seed: of the split, the initial weights, the order and the augmentation.
    """

    epochs: int = 30
    sizes: tuple[int, ...] = (128, 224)
    batch_size: int = 32
    learning_rate: float = 3e-3
    weight_decay: float = 0.02
    label_smoothing: float = 0.05
    balance: float = 0.5
    resample: float = 0.0
    augmentation: float = 1.0
    style: float = 0.0
    temperature: float = 4.0
    teacher_weight: float = 0.7
    teacher_on_phantoms: float = 1.0
    teacher_size: int = 0
    views: int = 0
    ema_decay: float = 0.995
    validation_share: float = 0.15
    new_sources: float = 0.0
    hold_out: str = "patient"
    precision: str = "bfloat16"
    patience: int = 0
    seed: int = 0

    def size_at(self, epoch: int) -> int:
        """Side of the grid in ``epoch`` (from 0)."""
        return self.sizes[min(epoch * len(self.sizes) // self.epochs, len(self.sizes) - 1)]

    def as_dict(self) -> dict[str, Any]:
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}


def read_recipe(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The recipe's numbers and the architecture's, as far as a file written by `write_recipe` gives them.

    Raises:
        UserFacingError: the file cannot be read, or has a number that no recipe has.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        numbers, architecture = dict(data.get("recipe", {})), dict(data.get("architecture", {}))
    except (OSError, ValueError, TypeError) as error:
        raise UserFacingError(
            f"The recipe {path} cannot be read ({error}).", "Give one that `lightbox tune` wrote."
        ) from error
    kinds: dict[str, Any] = {name: type(value) for name, value in asdict(Recipe()).items()}
    for name, value in numbers.items():
        kind = kinds.get(name)
        fits = isinstance(value, list if kind is tuple else (int, float) if kind is float else kind or ())
        if not fits or isinstance(value, bool):
            raise UserFacingError(
                f"The recipe {path} has {name} = {value!r}, which is no number of a recipe.",
                f"Use only: {', '.join(kinds)}.",
            )
        numbers[name] = tuple(value) if kind is tuple else kind(value) if kind else value
    return numbers, architecture


def write_recipe(path: Path, numbers: Mapping[str, Any], architecture: Mapping[str, Any], comment: str = "") -> None:
    """Save as TOML, for `lightbox train --recipe`."""
    lines = [f"# {line}" for line in comment.splitlines()]
    for title, table in (("recipe", numbers), ("architecture", architecture)):
        # A JSON string, number, boolean or list of them is valid TOML.
        rows = (
            f"{key} = {json.dumps(list(value) if isinstance(value, tuple) else value)}" for key, value in table.items()
        )
        lines += [f"[{title}]", *rows, ""]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")
