"""``lightbox train``."""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lightbox.core import settings
from lightbox.core.tasks import TASKS
from lightbox.training.recipe import Recipe

if TYPE_CHECKING:
    import argparse

_HELP = {
    "epochs": "passes over the training images",
    "sizes": "sides of the input grid, used in turn, comma-separated",
    "batch_size": "images a step",
    "learning_rate": "peak of the one-cycle schedule",
    "weight_decay": "decoupled weight decay",
    "label_smoothing": "share of the target spread over all classes",
    "balance": "power of a class's frequency that divides its weight in the loss, 0 to 1",
    "style": "probability of each random change of tone curve, bias field, filter and resolution",
    "temperature": "that softens the answers of teacher and network",
    "teacher_weight": "share of the loss that compares with the teacher",
    "ema_decay": "decay of the averaged weights that are shipped",
    "validation_share": "share of the training images held out, whole patients at a time",
    "patience": "epochs without improvement before stopping, 0 for never",
    "seed": "of split, initial weights, order and augmentation",
}


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``train`` to the command line."""
    parser = subparsers.add_parser("train", help="train a network and write its checkpoint")
    parser.add_argument("--task", required=True, choices=list(TASKS))
    parser.add_argument("--network", required=True, help="one of the app's, or torchvision/<model> as a teacher")
    parser.add_argument(
        "--data", required=True, type=Path, help="folder with manifest.csv, or train/CLASS and test/CLASS"
    )
    parser.add_argument("--out", type=Path, default=None, help="folder of checkpoints (default: LIGHTBOX_MODELS_DIR)")
    parser.add_argument(
        "--work", type=Path, default=None, help="folder of the run's state (default: runs/<task>-<network>)"
    )
    parser.add_argument(
        "--phantoms", type=Path, default=None, help="folder of `lightbox phantoms make`, joins the training images"
    )
    parser.add_argument(
        "--init", choices=("random", "imagenet"), default="random", help="where the weights start (default random)"
    )
    parser.add_argument(
        "--teacher", type=Path, action="append", default=[], help="checkpoint folder to learn from; may be repeated"
    )
    for row in fields(Recipe):
        default: Any = row.default
        kind = _sizes if row.name == "sizes" else type(default)
        parser.add_argument(f"--{row.name.replace('_', '-')}", type=kind, default=default, help=_HELP[row.name])
    parser.set_defaults(handler=_train)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _train(arguments: argparse.Namespace) -> int:
    from lightbox.training.train import train

    recipe = Recipe(**{row.name: getattr(arguments, row.name) for row in fields(Recipe)})
    metrics = train(
        arguments.task,
        arguments.network,
        data=arguments.data,
        out=arguments.out or settings.get_path("MODELS_DIR"),
        work=arguments.work or Path("runs") / f"{arguments.task}-{arguments.network}",
        recipe=recipe,
        phantoms=arguments.phantoms,
        teachers=arguments.teacher,
        init=arguments.init,
        on_epoch=_report,
    )
    for key, value in metrics.items():
        sys.stdout.write(f"{key:36} {value}\n")
    return 0


def _report(history: list[dict[str, Any]]) -> None:
    train_row, validation = history[-2], history[-1]
    sys.stdout.write(
        f"epoch {train_row['epoch']:3d}  {train_row['size']} px  {train_row['seconds']:5.0f} s  "
        f"loss {train_row['loss']:.3f}  validation loss {validation['loss']:.3f}  "
        f"accuracy {validation['accuracy']:.3f}  balanced {validation['balanced_accuracy']:.3f}\n"
    )
    sys.stdout.flush()
