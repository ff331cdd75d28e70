"""The training loop: progressive sizes, averaged weights, a checkpoint after every epoch."""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from lightbox.core.logs import get_logger
from lightbox.training.arrays import Pictures, at_size, batches
from lightbox.training.augment import augment
from lightbox.training.datasets import balanced_order
from lightbox.training.distil import Answers, distil

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lightbox.imaging.preprocess import Preprocessing
    from lightbox.training.distil import Teacher
    from lightbox.training.recipe import Recipe

logger = get_logger("training")
HISTORY_COLUMNS = ("epoch", "split", "size", "loss", "accuracy", "balanced_accuracy", "learning_rate", "seconds")
# Of the one-cycle schedule: the part of the run in which the rate rises, and where it starts.
RISE = 0.1
START = 0.04
History = list[dict[str, float | int | str]]


@dataclass
class Training:
    """A training under way; all of it is in the folder after every epoch.

    Args:
        module: the network that steps.
        average: its exponential moving average, judged and shipped.
        optimizer: AdamW.
        schedule: one cycle over all steps.
        history: one row an epoch and split.
        epoch: epochs done.
        best_loss: lowest validation loss of the average at the final size.
        best_state: the average's weights there.
    """

    module: nn.Module
    average: AveragedModel
    optimizer: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler
    history: History
    epoch: int = 0
    best_loss: float = float("inf")
    best_epoch: int = 0
    best_state: dict[str, Tensor] | None = None


def fit(
    build: Callable[[], nn.Module],
    train: Pictures,
    validation: Pictures,
    *,
    preprocessing: Preprocessing,
    recipe: Recipe,
    class_count: int,
    folder: Path,
    teacher: Teacher | None = None,
    answers_file: Path | None = None,
    on_epoch: Callable[[History], None] | None = None,
    on_step: Callable[[float], None] | None = None,
) -> Training:
    """Train to the end of the recipe, from the last finished epoch in ``folder`` where there is one.

    A run whose loss became NaN ends there, with the best epoch before that, if any. What a teacher answers is kept in
    ``answers_file`` too, where the recipe has views.
    ``on_epoch`` is called with the history; ``on_step`` after every step with the share of the run that is done,
    counted in pixels, which is what costs time.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    weights = _class_weights(train.labels, class_count, recipe, device)
    run = _start(build, recipe, len(train), device)
    _resume(run, folder, recipe)
    moments = tuple(
        torch.tensor(values[:1], device=device).reshape(1, 1, 1, 1)
        for values in (preprocessing.mean, preprocessing.std)
    )
    answers = None
    if teacher is not None:
        answers = Answers(teacher, size=recipe.teacher_size, keep=recipe.views > 0, file=answers_file)
    while run.epoch < recipe.epochs and not _out_of_patience(run, recipe) and not _diverged(run):
        begin = time.perf_counter()
        size = recipe.size_at(run.epoch)
        watch = None if on_step is None else _watch(on_step, recipe, run.epoch)
        loss, accuracy = _train_epoch(run, train, recipe, moments, weights=weights, answers=answers, watch=watch)
        rate = float(run.schedule.get_last_lr()[0])
        run.epoch += 1
        row = {"epoch": run.epoch, "size": size, "learning_rate": rate}
        seconds = time.perf_counter() - begin
        run.history.append({**row, "split": "train", "loss": loss, "accuracy": accuracy, "seconds": seconds})
        judged = judge(run.average.module, validation, moments, size)
        run.history.append({**row, "split": "validation", **judged})
        if size == recipe.sizes[-1] and judged["loss"] < run.best_loss:
            run.best_loss, run.best_epoch = judged["loss"], run.epoch
            run.best_state = {name: tensor.clone() for name, tensor in run.average.module.state_dict().items()}
        _save(run, folder)
        if answers is not None:
            answers.save()
        if on_epoch is not None:
            on_epoch(run.history)
    return run


def _start(build: Callable[[], nn.Module], recipe: Recipe, count: int, device: torch.device) -> Training:
    torch.manual_seed(recipe.seed)
    module = build().to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = AveragedModel(module, multi_avg_fn=get_ema_multi_avg_fn(recipe.ema_decay), use_buffers=True)
    optimizer = torch.optim.AdamW(
        module.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay, fused=True
    )
    # A last batch of one is dropped.
    steps = count // recipe.batch_size + (count % recipe.batch_size > 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, partial(one_cycle, recipe, max(1, steps)))
    return Training(module, average, optimizer, schedule, history=[])


def one_cycle(recipe: Recipe, epoch_steps: int, step: int) -> float:
    """Share of the peak learning rate at ``step``: a cosine up for a tenth of the run, then one down to nothing.

    How far the run is, is counted in sides of the grid: an epoch at 224 px takes the cycle as far as 3.5 at 64 px.
    Counted in steps, the few epochs at the final size would come when the rate is almost nothing, and the network
    would stay one of small pictures. After Smith, Topin (2019), arXiv:1708.07120.
    """
    sides = [recipe.size_at(epoch) for epoch in range(recipe.epochs)]
    epoch, within = divmod(min(step, recipe.epochs * epoch_steps - 1), epoch_steps)
    done = (sum(sides[:epoch]) + sides[epoch] * within / epoch_steps) / sum(sides)
    if done < RISE:
        return START + (1 - START) * (1 - math.cos(math.pi * done / RISE)) / 2
    return (1 + math.cos(math.pi * (done - RISE) / (1 - RISE))) / 2


def _watch(on_step: Callable[[float], None], recipe: Recipe, epoch: int) -> Callable[[float], None]:
    """From the share of an epoch to the share of the run."""
    pixels = [recipe.size_at(number) ** 2 for number in range(recipe.epochs)]
    return lambda share: on_step((sum(pixels[:epoch]) + pixels[epoch] * share) / sum(pixels))


def _train_epoch(
    run: Training,
    train: Pictures,
    recipe: Recipe,
    moments: tuple[Tensor, ...],
    *,
    weights: Tensor,
    answers: Answers | None,
    watch: Callable[[float], None] | None,
) -> tuple[float, float]:
    """Mean loss and accuracy over one augmented pass.

    Every draw depends on seed and epoch alone, so a resumed run repeats it; those of dropout come from torch's own
    generator. Where a recipe has views, their order and changes come again with each of them.
    """
    torch.manual_seed(recipe.seed * 100_003 + run.epoch)
    device, size = moments[0].device, recipe.size_at(run.epoch)
    # The teacher may be shown more than the pupil; what both see is changed once, on the larger grid.
    grid = size if answers is None else max(size, recipe.teacher_size)
    view = run.epoch % recipe.views if recipe.views else run.epoch
    generator = torch.Generator(device).manual_seed(recipe.seed * 100_003 + view)
    order = np.random.default_rng((recipe.seed, view))
    run.module.train()
    total, right, seen = 0.0, 0, 0
    synthetic = np.array([example.synthetic for example in train.examples])
    shares = np.where(synthetic, recipe.teacher_on_phantoms, 1.0).astype(np.float32) * recipe.teacher_weight
    drawn = (
        balanced_order(train.labels, order, strength=recipe.resample)
        if recipe.resample
        else order.permutation(len(train))
    )
    for number, batch in enumerate(batches(drawn, recipe.batch_size)):
        pixels = torch.from_numpy(train.pixels[batch]).to(device).unsqueeze(1).float() / 255
        labels = torch.from_numpy(train.labels[batch]).to(device)
        grey = augment(pixels, grid, generator, strength=recipe.augmentation, style=recipe.style)
        x = to_network(at_size(grey, size), moments)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=recipe.precision == "bfloat16"):
            logits = run.module(x)
        losses = functional.cross_entropy(
            logits.float(), labels, weight=weights, label_smoothing=recipe.label_smoothing, reduction="none"
        )
        losses = losses / weights[labels].mean()
        if answers is None:
            loss = losses.mean()
        else:
            trust = torch.from_numpy(shares[batch]).to(device)
            taught = answers.of(grey, trust > 0, len(weights), view=view, batch=number)
            loss = distil(logits.float(), taught, losses, recipe.temperature, trust)
        run.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(run.module.parameters(), 5.0)
        run.optimizer.step()
        run.schedule.step()
        run.average.update_parameters(run.module)
        total += float(loss.detach()) * len(batch)
        right += int((logits.argmax(1) == labels).sum())
        seen += len(batch)
        if watch is not None:
            watch(seen / len(train))
    return total / seen, right / seen


def to_network(pixels: Tensor, moments: tuple[Tensor, ...]) -> Tensor:
    """(N, 1, S, S) in 0..1 to the (N, 3, S, S) channels-last input."""
    mean, std = moments
    return ((pixels - mean) / std).expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)


def predict(module: nn.Module, pictures: Pictures, moments: tuple[Tensor, ...], size: int) -> Tensor:
    """(N, classes) logits in float32 and evaluation mode, as at use."""
    module.eval()
    device = moments[0].device
    rows = []
    with torch.no_grad():
        for start in range(0, len(pictures), 64):
            pixels = torch.from_numpy(pictures.pixels[start : start + 64]).to(device).unsqueeze(1).float() / 255
            rows.append(module(to_network(at_size(pixels, size), moments)).float().cpu())
    return torch.cat(rows)


def judge(module: nn.Module, pictures: Pictures, moments: tuple[Tensor, ...], size: int) -> dict[str, float]:
    """Cross-entropy, accuracy and balanced accuracy on pictures that are not augmented."""
    logits = predict(module, pictures, moments, size)
    labels = torch.from_numpy(pictures.labels)
    right = logits.argmax(1) == labels
    recalls = [float(right[labels == label].float().mean()) for label in labels.unique()]
    return {
        "loss": float(functional.cross_entropy(logits, labels)),
        "accuracy": float(right.float().mean()),
        "balanced_accuracy": sum(recalls) / len(recalls),
    }


def _class_weights(labels: np.ndarray, class_count: int, recipe: Recipe, device: torch.device) -> Tensor:
    """Each class's frequency among what is drawn, to the power of ``-balance``, mean one."""
    counts = torch.from_numpy(np.bincount(labels, minlength=class_count)).float().clamp(min=1) ** (1 - recipe.resample)
    weights = counts**-recipe.balance
    return (weights / weights.mean()).to(device)


def _out_of_patience(run: Training, recipe: Recipe) -> bool:
    return bool(recipe.patience and run.best_epoch and run.epoch - run.best_epoch >= recipe.patience)


def _diverged(run: Training) -> bool:
    """Whether the averaged weights are no numbers any more, which no further step mends."""
    return bool(run.history) and math.isnan(float(run.history[-1]["loss"]))


def _save(run: Training, folder: Path) -> None:
    """Write the run beside the old one, then put it in its place, so that a kill leaves one of the two."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {
        "module": run.module.state_dict(),
        "average": run.average.state_dict(),
        "optimizer": run.optimizer.state_dict(),
        "schedule": run.schedule.state_dict(),
        "best_state": run.best_state,
        "numbers": json.dumps([run.epoch, run.best_loss, run.best_epoch, run.history]),
    }
    torch.save(state, folder / "last.part")
    (folder / "last.part").replace(folder / "last.pt")


def _resume(run: Training, folder: Path, recipe: Recipe) -> None:
    """Take up a saved run. A folder that belongs to another recipe is refused by `lightbox train`, not here."""
    path = folder / "last.pt"
    if not path.is_file():
        return
    state = torch.load(path, weights_only=True)
    run.module.load_state_dict(state["module"])
    run.average.load_state_dict(state["average"])
    run.optimizer.load_state_dict(state["optimizer"])
    run.schedule.load_state_dict(state["schedule"])
    run.best_state = state["best_state"]
    run.epoch, run.best_loss, run.best_epoch, run.history = json.loads(state["numbers"])
    logger.info("resumed after epoch %d of %d", run.epoch, recipe.epochs)
