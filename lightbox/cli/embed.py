"""`lightbox embed`: a map of known scans for each network, and what is familiar to it."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.core.tasks import TASKS
from lightbox.networks import NETWORKS, find_checkpoint

if TYPE_CHECKING:
    import argparse

    from lightbox.embedding.atlas import Atlas
    from lightbox.networks import Card


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``embed`` to the command line."""
    parser = subparsers.add_parser(
        "embed", help="map test scans and phantoms in each network's feature space, and learn what is familiar to it"
    )
    parser.add_argument("--task", choices=list(TASKS), help="default: every task")
    parser.add_argument("--network", help=f"comma-separated: {', '.join(NETWORKS)}; default: all that are trained")
    parser.add_argument(
        "--data", required=True, type=Path, help="folder with manifest.csv, or train/CLASS and test/CLASS"
    )
    parser.add_argument(
        "--other-data", type=Path, help="scans of another kind, to measure whether they are noticed (default: --data)"
    )
    parser.add_argument("--count", type=int, default=400, help="test scans, the classes in their shares (default 400)")
    parser.add_argument("--phantoms", type=int, default=100, help="synthetic scans (default 100)")
    parser.add_argument("--reference", type=int, default=1000, help="training scans that are familiar (default 1000)")
    parser.add_argument("--out", type=Path, help="folder of checkpoints to write into (default: where they were read)")
    parser.set_defaults(handler=_embed)


def _embed(arguments: argparse.Namespace) -> int:
    """Write one file a checkpoint; 0 when all are written.

    Raises:
        UserFacingError: an argument is wrong, no checkpoint is there, or the data folder cannot be used.
    """
    from lightbox.embedding.atlas import ATLAS_NAME, pack, read_atlas
    from lightbox.training.embed import Amounts, embed

    amounts = Amounts(arguments.count, arguments.phantoms, arguments.reference)
    cards = find_cards(arguments.task, arguments.network)
    for task in dict.fromkeys(card.task for card in cards):
        chosen = [card for card in cards if card.task == task]
        begun_at = time.monotonic()
        atlases = embed(
            chosen, data=arguments.data, other_data=arguments.other_data or arguments.data, amounts=amounts,
            on_step=_step,
        )  # fmt: skip
        for card in chosen:
            path = (arguments.out / card.task / card.network if arguments.out else card.folder) / ATLAS_NAME
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pack(next(atlases)))
            # What was written is judged by the code that the app reads it with.
            _report(read_atlas(path, card), path, time.monotonic() - begun_at)
            begun_at = time.monotonic()
    return 0


def find_cards(task: str | None, networks: str | None) -> list[Card]:
    """The cards of the trained networks that a command names; of all where it names none.

    Raises:
        UserFacingError: a network is not known, or none of them is trained.
    """
    wanted = [NETWORKS[key].key for key in networks.split(",")] if networks else list(NETWORKS)
    found = [find_checkpoint(one, network) for one in ([task] if task else TASKS) for network in wanted]
    cards = [card for card in found if card is not None]
    if not cards:
        names = f"{task or 'any task'} and {networks or 'any network'}"
        raise UserFacingError(f"There is no trained checkpoint for {names}.", "Train one first with `lightbox train`.")
    return cards


def _step(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def _report(atlas: Atlas, path: Path, seconds: float) -> None:
    from lightbox.embedding.unfamiliar_pictures import GROUPS

    sys.stdout.write(
        f"{atlas.task}/{atlas.network}: {len(atlas)} scans, {path.stat().st_size / 1000:.0f} kB, {seconds:.0f} s; "
        f"the {atlas.vectors.shape[1]} axes hold {atlas.kept:.2%} of the features\n"
    )
    for rate in atlas.rates:
        sys.stdout.write(f"  called far outside: {rate.flagged:4} of {rate.count:4} {GROUPS[rate.group]}\n")
    sys.stdout.flush()
