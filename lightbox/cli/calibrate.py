"""``lightbox calibrate``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lightbox.core.tasks import TASKS
from lightbox.networks import NETWORKS, get_card
from lightbox.provenance.data_audit import audit_of_split, read_audit

if TYPE_CHECKING:
    import argparse


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``calibrate`` to the command line."""
    parser = subparsers.add_parser(
        "calibrate", help="fit a trained network's temperature, so that of its answers at 90 % nine in ten are right"
    )
    parser.add_argument("--task", required=True, choices=list(TASKS))
    parser.add_argument("--network", required=True, choices=list(NETWORKS))
    parser.add_argument("--data", required=True, type=Path, help="the images that it was trained on")
    parser.add_argument("--audit", type=Path, help="of these images (default: the one beside the network)")
    parser.set_defaults(handler=_calibrate)


def _calibrate(arguments: argparse.Namespace) -> int:
    from lightbox.training.recalibrate import recalibrate

    card = get_card(arguments.task, arguments.network)
    path = arguments.audit or audit_of_split(card)
    found = recalibrate(card, arguments.data, read_audit(path) if path.is_file() else None)
    for key, value in found.items():
        sys.stdout.write(f"{key:36} {value}\n")
    return 0
