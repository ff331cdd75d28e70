"""``lightbox tune``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lightbox.cli.progress_bar import Bar
from lightbox.cli.train import add_data_arguments, tell_left_out, whole_numbers
from lightbox.core.tasks import TASKS
from lightbox.training.datasets.holding_out import WAYS
from lightbox.training.recipe import Recipe

if TYPE_CHECKING:
    import argparse

    from lightbox.provenance.tuning import Tuning

EPOCHS, SIZES, TRIALS = 8, (64,), 30


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``tune`` to the command line."""
    parser = subparsers.add_parser("tune", help="search for the ConvNet's better widths, depth and recipe")
    parser.add_argument("--task", required=True, help=f"{', '.join(TASKS)}, or a name of your own with --classes")
    add_data_arguments(parser)
    parser.add_argument("--work", type=Path, default=None, help="folder of the study (default: runs/tune-<task>)")
    parser.add_argument("--trials", type=int, default=TRIALS, help=f"trials in all (default {TRIALS})")
    parser.add_argument("--timeout", type=float, default=0.0, help="seconds after which no trial begins, 0 for never")
    parser.add_argument("--objective", choices=("loss", "balanced_accuracy"), default="loss", help="on validation data")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help=f"of each trial (default {EPOCHS})")
    parser.add_argument("--sizes", type=whole_numbers, default=SIZES, help="sides of the input grid, used in turn")
    parser.add_argument("--batch-size", type=int, default=Recipe().batch_size, help="images a step")
    parser.add_argument("--validation-share", type=float, default=0.15, help="share of the training images held out")
    parser.add_argument("--hold-out", choices=WAYS, default=WAYS[0], help="what is held out together")
    parser.add_argument("--seed", type=int, default=0, help="of the search, the split and every training")
    parser.add_argument(
        "--json",
        type=Path,
        default=None,
        help="also write the study as data here; the app reads <models>/<task>/convnet/tuning.json",
    )
    parser.set_defaults(handler=run)


def run(arguments: argparse.Namespace) -> int:
    """Search, or go on searching; 0 when a trial came to its end.

    Raises:
        UserFacingError: see `lightbox.training.tuning.tune.tune`.
    """
    from lightbox.provenance.data_audit import read_audit
    from lightbox.provenance.tuning import write_tuning
    from lightbox.training.tuning.tune import RECIPE_NAME, tune

    work = arguments.work or Path("runs") / f"tune-{arguments.task}"
    tell_left_out(arguments.data)
    bar = Bar("trials")
    found = tune(
        arguments.task,
        data=arguments.data,
        work=work,
        recipe=Recipe(
            epochs=arguments.epochs,
            sizes=arguments.sizes,
            batch_size=arguments.batch_size,
            validation_share=arguments.validation_share,
            hold_out=arguments.hold_out,
            seed=arguments.seed,
        ),
        trials=arguments.trials,
        objective=arguments.objective,
        timeout=arguments.timeout,
        collection=arguments.collection,
        classes=arguments.classes,
        audit=read_audit(arguments.audit) if arguments.audit else None,
        on_trial=lambda found: bar.say(_line(found)),
        on_step=lambda done: bar(done, arguments.trials),
    )
    if arguments.json:
        write_tuning(found, arguments.json)
    best = found.best
    if best is None:
        sys.stdout.write("No trial came to its end yet.\n")
        return 1
    sys.stdout.write(
        f"best: trial {best.number}, validation {found.objective} {best.value:.4f}; "
        f"lightbox train --recipe {work / RECIPE_NAME}\n"
    )
    return 0


def _line(found: Tuning) -> str:
    trial = found.trials[-1]
    value = "" if trial.value is None else f"{found.objective} {trial.value:.4f}  "
    params = "  ".join(
        f"{name} {number:.3g}" if isinstance(number, float) else f"{name} {number}"
        for name, number in trial.params.items()
    )
    return f"trial {trial.number:3d}  {trial.state.lower():8}  {value}{params}"
