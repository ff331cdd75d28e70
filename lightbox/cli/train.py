"""``lightbox train``."""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lightbox.cli.progress_bar import Bar
from lightbox.core import settings
from lightbox.core.tasks import TASKS
from lightbox.training.datasets import COLLECTIONS
from lightbox.training.datasets.holding_out import WAYS
from lightbox.training.initial_weights import IMAGENET, RANDOM
from lightbox.training.recipe import PRECISIONS, Recipe, read_recipe

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
    "resample": "how far rare classes are drawn as often as common ones, 0 to 1",
    "augmentation": "factor on all random changes of place, brightness and noise",
    "style": "probability of each random change of tone curve, bias field, filter and resolution",
    "temperature": "that softens the answers of teacher and network",
    "teacher_weight": "share of the loss that compares with the teacher",
    "teacher_on_phantoms": "factor on that share for synthetic scans, 0 to 1",
    "teacher_size": "side of the grid that the teacher sees the picture on, 0 for the network's own",
    "views": "changed versions of each image, used in turn, the teacher asked once of each; 0 for new ones every epoch",
    "ema_decay": "decay of the averaged weights that are shipped",
    "validation_share": "share of the training images held out for validation",
    "new_sources": "share of the data sets without a test split that is held out as one",
    "hold_out": "what is held out together for validation: patient, source (pictures of like format), or dataset "
    "(groups of look-alikes of the data sets without a test split)",
    "precision": "of the network's steps; float32 is quicker for EfficientNets",
    "patience": "epochs without improvement before stopping, 0 for never",
    "seed": "of split, initial weights, order and augmentation",
}


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``train`` to the command line."""
    parser = subparsers.add_parser("train", help="train a network and write its checkpoint")
    parser.add_argument("--task", required=True, help=f"{', '.join(TASKS)}, or a name of your own with --classes")
    parser.add_argument("--network", required=True, help="one of the app's, or torchvision/<model> as a teacher")
    add_data_arguments(parser)
    parser.add_argument("--out", type=Path, default=None, help="folder of checkpoints (default: LIGHTBOX_MODELS_DIR)")
    parser.add_argument(
        "--work", type=Path, default=None, help="folder of the run's state (default: runs/<task>-<network>)"
    )
    parser.add_argument(
        "--phantoms", type=Path, default=None, help="folder of `lightbox phantoms make`, joins the training images"
    )
    parser.add_argument(
        "--init",
        default=RANDOM,
        help=f"{RANDOM} (default), {IMAGENET}, or the folder of a checkpoint to go on from",
    )
    parser.add_argument(
        "--teacher", type=Path, action="append", default=[], help="checkpoint folder to learn from; may be repeated"
    )
    parser.add_argument(
        "--answers",
        type=Path,
        default=None,
        help="folder of teachers' kept answers, for several networks (see --views)",
    )
    parser.add_argument("--source", default="", help="authors and licence of the data, for the card")
    parser.add_argument("--remark", default="", help="what a reader of the card should know")
    parser.add_argument("--recipe", type=Path, default=None, help="file of numbers from `lightbox tune`")
    parser.add_argument(
        "--widths",
        type=whole_numbers,
        default=None,
        help="channels of the ConvNet's blocks, at most five, comma-separated",
    )
    for row in fields(Recipe):
        default: Any = row.default
        kind = whole_numbers if row.name == "sizes" else type(default)
        shown = ",".join(map(str, default)) if isinstance(default, tuple) else default
        choices = {"hold_out": WAYS, "precision": PRECISIONS}.get(row.name)
        # No default here: what is not given on the command line may come from the file.
        parser.add_argument(
            f"--{row.name.replace('_', '-')}",
            type=kind,
            choices=choices,
            default=None,
            help=f"{_HELP[row.name]} (default {shown})",
        )
    parser.set_defaults(handler=_train)


def add_data_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that say which pictures."""
    parser.add_argument(
        "--data", required=True, type=Path, help="folder with manifest.csv, or train/CLASS and test/CLASS"
    )
    parser.add_argument("--collection", default="", help=f"one of {', '.join(COLLECTIONS)} (default: recognised)")
    parser.add_argument(
        "--datasets",
        type=words,
        default=(),
        help="which of a manifest's data sets, comma-separated (default: the task's)",
    )
    parser.add_argument(
        "--audit",
        type=Path,
        default=None,
        help="file of `lightbox audit --json`: what it found to hold one picture is held out together",
    )
    parser.add_argument("--classes", type=words, default=(), help="class keys of a task of your own, comma-separated")


def tell_left_out(data: Path) -> None:
    """Say on standard error which files of a data folder are not read."""
    from lightbox.training.datasets.read import describe_left_out

    said = describe_left_out(data)
    if said:
        sys.stderr.write(f"{said}\n")


def whole_numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _train(arguments: argparse.Namespace) -> int:
    from lightbox.provenance.data_audit import read_audit
    from lightbox.training.train import train

    numbers, build_options = read_recipe(arguments.recipe) if arguments.recipe else ({}, {})
    given = {row.name: getattr(arguments, row.name) for row in fields(Recipe)}
    recipe = Recipe(**{**numbers, **{name: value for name, value in given.items() if value is not None}})
    if arguments.widths:
        build_options["channels"] = list(arguments.widths)
    tell_left_out(arguments.data)
    bar = Bar("epochs' work")
    metrics = train(
        arguments.task,
        arguments.network,
        data=arguments.data,
        out=arguments.out or settings.get_path("MODELS_DIR"),
        work=arguments.work or Path("runs") / f"{arguments.task}-{arguments.network}",
        recipe=recipe,
        phantoms=arguments.phantoms,
        teachers=arguments.teacher,
        answers=arguments.answers,
        collection=arguments.collection,
        datasets=arguments.datasets,
        classes=arguments.classes,
        build_options=build_options,
        init=arguments.init,
        source=arguments.source,
        remark=arguments.remark,
        audit=read_audit(arguments.audit) if arguments.audit else None,
        on_epoch=lambda history: bar.say(_line(history)),
        on_step=lambda done: bar(done * recipe.epochs, recipe.epochs),
    )
    for key, value in metrics.items():
        sys.stdout.write(f"{key:36} {value}\n")
    return 0


def _line(history: list[dict[str, Any]]) -> str:
    train_row, validation = history[-2], history[-1]
    return (
        f"epoch {train_row['epoch']:3d}  {train_row['size']} px  {train_row['seconds']:5.0f} s  "
        f"loss {train_row['loss']:.3f}  validation loss {validation['loss']:.3f}  "
        f"accuracy {validation['accuracy']:.3f}  balanced {validation['balanced_accuracy']:.3f}"
    )
