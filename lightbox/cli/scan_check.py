"""``lightbox scan-check``: train the detector that tells scans from other pictures, and measure it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lightbox.cli.progress_bar import Bar
from lightbox.core.errors import UserFacingError
from lightbox.scan_check.verdicts import BRAIN, CHEST

if TYPE_CHECKING:
    import argparse

KINDS = {"chest": CHEST, "brain": BRAIN}


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``scan-check`` to the command line."""
    parser = subparsers.add_parser("scan-check", help="train or measure the check of whether a picture is a scan")
    ways = parser.add_subparsers(required=True, metavar="train|measure")
    train = ways.add_parser("train", help="train the detector and write its weights")
    measure = ways.add_parser("measure", help="measure the shipped detector on test scans and other pictures")
    for command in (train, measure):
        for name, kind in KINDS.items():
            command.add_argument(
                f"--{name}", type=Path, action="append", required=True, help=f"data of {kind}; may be given again"
            )
        command.add_argument("--out", type=Path, help="folder to write into (default: the package's own)")
    for name, kind in KINDS.items():
        train.add_argument(f"--{name}-phantoms", type=Path, help=f"folder of `lightbox phantoms make --task {kind}`")
    train.add_argument("--steps", type=int, default=8000, help="steps of the optimiser (default 8000)")
    train.add_argument("--learning-rate", type=float, default=3e-3, help="peak of the schedule (default 0.003)")
    train.add_argument("--start", type=Path, help="weights to go on from (default: random ones)")
    train.add_argument("--seed", type=int, default=0, help="of everything that is drawn (default 0)")
    train.set_defaults(handler=_train)
    measure.set_defaults(handler=_measure)


def _train(arguments: argparse.Namespace) -> int:
    from lightbox.training.scan_check.fit import Plan
    from lightbox.training.scan_check.train import train

    if arguments.steps < 1:
        raise UserFacingError("Training takes at least one step.", "Give --steps a number from 1.")
    given = {kind: getattr(arguments, f"{name}_phantoms") for name, kind in KINDS.items()}
    phantoms = {kind: folder for kind, folder in given.items() if folder is not None}
    out = _out(arguments)
    plan = Plan(steps=arguments.steps, seed=arguments.seed, learning_rate=arguments.learning_rate)
    train(_folders(arguments), phantoms, out, plan=plan, on_step=Bar("steps"), start=arguments.start)
    sys.stdout.write(f"Weights in {out}; `lightbox scan-check measure` tells how good they are.\n")
    return 0


def _measure(arguments: argparse.Namespace) -> int:
    from lightbox.scan_check.rates import to_markdown
    from lightbox.training.scan_check.train import record

    out = _out(arguments)
    rates = record(_folders(arguments), out, _tell)
    sys.stdout.write(f"{to_markdown(rates)}\n\nRates in {out}\n")
    return 0


def _tell(kind: str, group: str) -> None:
    sys.stderr.write(f"{kind}: {group}\n")


def _folders(arguments: argparse.Namespace) -> dict[str, list[Path]]:
    return {kind: getattr(arguments, name) for name, kind in KINDS.items()}


def _out(arguments: argparse.Namespace) -> Path:
    import lightbox.scan_check

    return arguments.out or Path(lightbox.scan_check.__file__).parent
