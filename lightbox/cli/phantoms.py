"""`lightbox phantoms`: make sets of synthetic scans, and the shipped samples again."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from lightbox.core import settings
from lightbox.core.errors import UserFacingError
from lightbox.core.tasks import TASKS

if TYPE_CHECKING:
    import argparse

    from lightbox.phantoms.shipped import Recipe


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its two actions; each sets ``handler``."""
    parser = subparsers.add_parser("phantoms", help="make synthetic scans with masks of their pathology")
    actions = parser.add_subparsers(dest="action", required=True)
    make = actions.add_parser("make", help="make a set of synthetic scans from seeds")
    make.add_argument("--out", type=Path, required=True, help="folder to write to")
    make.add_argument("--task", required=True, help=f"one of: {', '.join(TASKS)}")
    make.add_argument("--label", help="one class only; default: all of the task")
    make.add_argument("--count", type=int, default=10, help="scans a class (default 10)")
    make.add_argument("--seed", type=int, default=0, help="the first seed (default 0)")
    make.add_argument("--size", type=int, default=512, help="side in pixels (default 512)")
    make.set_defaults(handler=run_make)
    samples = actions.add_parser("samples", help="make the shipped sample images again, bit for bit")
    samples.add_argument("--out", type=Path, help="folder to write to (default: the samples folder)")
    samples.set_defaults(handler=run_samples)


def run_make(args: argparse.Namespace) -> int:
    """Make a set; 0 when all is written.

    Raises:
        UserFacingError: an argument is out of range, or the folder holds another set.
    """
    from lightbox.phantoms.shipped import make_recipes

    if args.count < 1:
        raise UserFacingError(f"The count is {args.count}.", "Choose 1 or more scans a class.")
    if (args.out / "manifest.toml").exists():
        raise UserFacingError(f"{args.out} already holds a set of scans.", "Choose an empty folder.")
    labels = TASKS[args.task].classes if args.label is None else (args.label,)
    return _write(make_recipes(args.task, labels, args.count, args.seed, args.size), args.out)


def run_samples(args: argparse.Namespace) -> int:
    """Make the shipped samples again; 0 when all are written."""
    from lightbox.phantoms.shipped import SHIPPED

    return _write(SHIPPED, args.out or settings.get_path("SAMPLES_DIR"))


def _write(recipes: tuple[Recipe, ...], folder: Path) -> int:
    from lightbox.phantoms.shipped import write_set

    start = time.perf_counter()
    count = write_set(recipes, folder)
    sys.stdout.write(f"{count} synthetic scans with masks in {folder}, {time.perf_counter() - start:.0f} s\n")
    return 0
