"""``lightbox clever-hans``: make the demonstration of a shortcut again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lightbox.core.tasks import TASKS

if TYPE_CHECKING:
    import argparse


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``clever-hans`` to the command line."""
    parser = subparsers.add_parser("clever-hans", help="train the demonstration of a shortcut, with its samples")
    parser.add_argument("--task", required=True, choices=list(TASKS))
    parser.add_argument("--out", type=Path, help="checkpoint folder (default: in the samples folder)")
    parser.add_argument("--per-class", type=int, default=150, help="synthetic training scans a class (default 150)")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    parser.set_defaults(handler=run)


def run(arguments: argparse.Namespace) -> int:
    """Train and write; 0 when all is written.

    Raises:
        UserFacingError: the network did not learn the shortcut.
    """
    from lightbox.ground_truth.clever_hans import hans_folder
    from lightbox.training.clever_hans import train_shortcut

    folder = arguments.out or hans_folder(arguments.task)
    metrics = train_shortcut(
        arguments.task, folder, per_class=arguments.per_class, epochs=arguments.epochs, seed=arguments.seed
    )
    for name, value in metrics.items():
        sys.stdout.write(f"{name:44} {value}\n")
    return 0
