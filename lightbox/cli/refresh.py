"""``lightbox refresh``: makes everything again that depends on the networks' weights, and nothing that is of them."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lightbox.cli.embed import find_cards
from lightbox.core.errors import UserFacingError
from lightbox.core.tasks import TASKS
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from lightbox.networks import Card


@dataclass(frozen=True, slots=True)
class Step:
    """One part of one network, or of all of them.

    Args:
        part: key of the part.
        about: whose it is, for people.
        fresh: whether what is there is of the present weights.
        arguments: of the `lightbox` command that makes it.
    """

    part: str
    about: str
    fresh: Callable[[], bool]
    arguments: tuple[str, ...]


# In the order in which they are made.
PARTS = ("calibration", "embedding", "robustness", "localisation", "samples")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``refresh`` to the command line."""
    parser = subparsers.add_parser(
        "refresh", help="make everything again that depends on weights which have changed; goes on where it was stopped"
    )
    parser.add_argument("--data", required=True, type=Path, help="the images that the networks were trained on")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"comma-separated: {', '.join(PARTS)} (default: all)")
    parser.add_argument("--task", choices=list(TASKS), help="default: every task")
    parser.add_argument("--network", help=f"comma-separated: {', '.join(NETWORKS)}; default: all that are trained")
    parser.add_argument(
        "--count-slow", type=int, default=25, help="synthetic scans a class for the slower methods (default 25)"
    )
    parser.add_argument("--list", action="store_true", help="only say what is up to date and what is not")
    parser.set_defaults(handler=_refresh)


def _refresh(arguments: argparse.Namespace) -> int:
    """Make what is not up to date; 0 when all is, 1 where a part could not be made. The others are made all the same.

    Raises:
        UserFacingError: a part or a network is not known.
    """
    failed = []
    for step in plan(arguments):
        if step.fresh():
            sys.stdout.write(f"{step.part:12} {step.about}: up to date\n")
            continue
        if arguments.list:
            sys.stdout.write(f"{step.part:12} {step.about}: not of these weights\n")
            continue
        sys.stdout.write(f"{step.part:12} {step.about}: lightbox {' '.join(step.arguments)}\n")
        sys.stdout.flush()
        begun_at = time.monotonic()
        if _run(step.arguments):
            failed.append(f"{step.part} of {step.about}")
        sys.stdout.write(f"{step.part:12} {step.about}: {time.monotonic() - begun_at:.0f} s\n")
    if failed:
        sys.stderr.write(f"lightbox: could not make {', '.join(failed)}; the reasons stand above.\n")
    return 1 if failed else 0


def _run(arguments: Sequence[str]) -> int:
    """One `lightbox` command in a process of its own, which takes its workers and its memory with it."""
    command = [sys.executable, "-m", "lightbox", *arguments]
    return subprocess.run(command, check=False).returncode  # noqa: S603  (this program, asked by its user)


def plan(arguments: argparse.Namespace) -> list[Step]:
    """The steps that are asked for, in the order in which they are made.

    Raises:
        UserFacingError: a part or a network is not known, or no network is trained.
    """
    parts = arguments.parts.split(",")
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        raise UserFacingError(f"There is no part named {', '.join(unknown)}.", f"Choose from: {', '.join(PARTS)}.")
    cards = find_cards(arguments.task, arguments.network)
    data = ("--data", str(arguments.data))
    steps = []
    for part in (part for part in PARTS if part in parts):
        if part == "samples":
            steps.append(Step(part, "all networks", partial(_samples_are_fresh, cards), ("evaluate", "samples")))
            continue
        for card in cards:
            which = ("--task", card.task, "--network", card.network)
            command = {
                "calibration": ("calibrate", *which, *data),
                "embedding": ("embed", *which, *data),
                "robustness": ("evaluate", "robustness", *which, *data),
                "localisation": (
                    *("evaluate", "localisation", *which, "--out", str(_table_path())),
                    *("--count-slow", str(arguments.count_slow)),
                ),
            }[part]
            steps.append(Step(part, f"{card.task}/{card.network}", partial(_FRESH[part], card), command))
    return steps


def _table_path() -> Path:
    from lightbox.ground_truth.localisation_table import SHIPPED

    return SHIPPED


def _calibration_is_fresh(card: Card) -> bool:
    return card.calibrated and card.measured


def _embedding_is_fresh(card: Card) -> bool:
    from lightbox.embedding.atlas import find_atlas

    try:
        return find_atlas(card) is not None
    except UserFacingError:  # of other weights, or damaged
        return False


def _robustness_is_fresh(card: Card) -> bool:
    from lightbox.metrics.robustness import find_robustness

    try:
        return find_robustness(card) is not None
    except UserFacingError:
        return False


def _localisation_is_fresh(card: Card) -> bool:
    from lightbox.ground_truth.localisation_table import read_table

    run = read_table(_table_path()).run_of(card.task, card.network)
    return run is not None and run.weights_sha256 == card.sha256


def _samples_are_fresh(cards: Sequence[Card]) -> bool:
    from lightbox.ground_truth.sample_answers import read_answers
    from lightbox.imaging.samples import list_samples

    known = read_answers()
    return all(
        known.of(sample.key, {card.network: card})
        for card in cards
        for sample in list_samples()
        if sample.task == card.task
    )


_FRESH: dict[str, Callable[[Card], bool]] = {
    "calibration": _calibration_is_fresh,
    "embedding": _embedding_is_fresh,
    "robustness": _robustness_is_fresh,
    "localisation": _localisation_is_fresh,
}
