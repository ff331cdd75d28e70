"""The numbers that define a training run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


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
        style: probability of each change of tone curve, bias field, filter and resolution.
        temperature: that softens teacher and network alike, where there is a teacher.
        teacher_weight: share of the loss that compares with the teacher, where there is one.
        ema_decay: of the averaged weights, per step; these are what is judged and shipped.
        validation_share: of the training split, held out by group.
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
    style: float = 0.0
    temperature: float = 4.0
    teacher_weight: float = 0.7
    ema_decay: float = 0.995
    validation_share: float = 0.15
    patience: int = 0
    seed: int = 0

    def size_at(self, epoch: int) -> int:
        """Side of the grid in ``epoch`` (from 0)."""
        return self.sizes[min(epoch * len(self.sizes) // self.epochs, len(self.sizes) - 1)]

    def as_dict(self) -> dict[str, Any]:
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}
