"""Knowledge distillation: a small network learns from a larger one's softened answers.

Hinton, Vinyals, Dean: Distilling the Knowledge in a Neural Network, 2015 (arXiv:1503.02531), section 2.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import safetensors.torch
import torch
from torch import Tensor
from torch.nn import functional

from lightbox.core.errors import UserFacingError
from lightbox.core.whole_file import write_whole
from lightbox.networks import load_checkpoint, read_card
from lightbox.training.architectures import find_architecture
from lightbox.training.arrays import at_size

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lightbox.training.arrays import Pictures
    from lightbox.training.recipe import Recipe

# (N, 1, S, S) grey in 0..1, augmented as the student sees it, to (N, classes) logits.
Teacher = Callable[[Tensor], Tensor]


class Answers:
    """A teacher's answers to the batches of an epoch, asked once where the same batches come again.

    A teacher has to see the picture as the pupil sees it, changes and all (Beyer et al. 2022, arXiv:2106.05237): so
    what is kept belongs to one changed version of a picture, never to the picture.

    Args:
        teacher: who is asked.
        size: side of the grid that it is shown; 0 for the pupil's own.
        keep: whether the batches of a view come again, exactly as they were.
        file: where what is kept is also written, for a run that goes on and for the next pupil; None for nowhere. Its
            name has to tell everything that decides the pixels, see `answers_name`.
    """

    def __init__(self, teacher: Teacher, *, size: int, keep: bool, file: Path | None = None) -> None:
        self._teacher, self._size, self._keep, self._file = teacher, size, keep, file
        self._kept: dict[tuple[int, int, int], Tensor] = {}
        self._saved = 0
        if keep and file is not None and file.is_file():
            tensors = safetensors.torch.load(file.read_bytes())
            self._kept = {tuple(map(int, name.split("."))): tensor for name, tensor in tensors.items()}  # type: ignore[misc]
            self._saved = len(self._kept)

    def of(self, grey: Tensor, wanted: Tensor, class_count: int, *, view: int, batch: int) -> Tensor:
        """(N, classes): the logits where ``wanted``, the dear part of a step; zeros elsewhere."""
        key = (view, batch, grey.shape[-1])
        if key in self._kept:
            return self._kept[key]
        answers = torch.zeros(len(grey), class_count, device=grey.device)
        if wanted.any():
            answers[wanted] = self._teacher(at_size(grey[wanted], self._size or grey.shape[-1]))
        if self._keep:
            self._kept[key] = answers
        return answers

    def save(self) -> None:
        """Write what is kept, where it is wanted and something was asked since."""
        if self._file is None or len(self._kept) == self._saved:
            return
        tensors = {".".join(map(str, key)): tensor.cpu() for key, tensor in self._kept.items()}
        write_whole(self._file, safetensors.torch.save(tensors))
        self._saved = len(self._kept)


def answers_name(teachers: Sequence[str], train: Pictures, recipe: Recipe) -> str:
    """The name of the file of a teacher's kept answers: other teachers, pictures or changes are another file.

    Args:
        teachers: sha256 of their weights.
        train: what they are asked about.
        recipe: how it is changed.
    """
    changes = (
        "seed", "views", "batch_size", "augmentation", "style", "resample", "teacher_size", "teacher_on_phantoms"
    )  # fmt: skip
    told = json.dumps([list(teachers), [getattr(recipe, name) for name in changes]])
    digest = hashlib.sha256(told.encode() + train.pixels.tobytes() + train.labels.tobytes())
    return f"answers-{digest.hexdigest()[:16]}.safetensors"


def distil(
    logits: Tensor, teacher_logits: Tensor, losses: Tensor, temperature: float, weight: Tensor | float
) -> Tensor:
    """The mean over scans of ``(1 - weight) loss + weight T^2 KL(teacher at T || student at T)``.

    The factor T squared keeps the gradient of the second term as large as at T = 1 (section 2 of the paper).

    Args:
        logits: (N, classes) of the student.
        teacher_logits: (N, classes).
        losses: (N,) of the true labels.
        temperature: divides both logits.
        weight: of the second term, 0..1; (N,) where the teacher is not worth the same on every scan.
    """
    soft = functional.log_softmax(logits / temperature, dim=1)
    wanted = functional.log_softmax(teacher_logits / temperature, dim=1)
    divergences = functional.kl_div(soft, wanted, reduction="none", log_target=True).sum(1)
    return ((1 - weight) * losses + weight * temperature**2 * divergences).mean()


def read_teacher(folders: Sequence[Path], task: str, classes: tuple[str, ...], crop: str) -> Teacher:
    """The mean log-probability of the checkpoints in ``folders``, each in its own scale of grey.

    Raises:
        UserFacingError: a checkpoint was trained for other classes, or on pictures cut in another way, or gives no
            numbers: the training that learns from it would be said to diverge.
    """
    members = []
    for folder in folders:
        card = read_card(folder)
        if card.task != task or card.classes != classes:
            raise UserFacingError(
                f"{folder} was trained for {card.task} with the classes {', '.join(card.classes)}.",
                f"Give a teacher of {task} with the classes {', '.join(classes)}.",
            )
        network = load_checkpoint(card, find_architecture(card.network))
        if network.preprocessing.crop != crop:
            raise UserFacingError(
                f"{folder} sees pictures cut to {network.preprocessing.crop!r}, the pupil to {crop!r}.",
                "Choose a teacher with the same preprocessing.",
            )
        network.check()
        members.append(network)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    for member in members:
        member.module.to(device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]

    def teach(grey: Tensor) -> Tensor:
        with torch.no_grad(), torch.autocast(grey.device.type, dtype=torch.bfloat16):
            answers = [member.module(member.normalise(grey.expand(-1, 3, -1, -1))) for member in members]
        return torch.stack([answer.float().log_softmax(1) for answer in answers]).mean(0)

    return teach
