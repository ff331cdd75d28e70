"""The command line: ``lightbox explain | train | ...``."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from lightbox import __version__
from lightbox.catalog import commands as catalog_commands
from lightbox.comparison import commands as comparison_commands
from lightbox.core import notice
from lightbox.core.errors import UserFacingError
from lightbox.ground_truth import commands as evaluate_commands
from lightbox.phantoms import commands as phantoms_commands
from lightbox.training import audit_commands, embed_commands, scan_check_commands, shortcut_commands, tune_commands
from lightbox.training import commands as training_commands

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = (
    comparison_commands,
    training_commands,
    tune_commands,
    audit_commands,
    phantoms_commands,
    evaluate_commands,
    shortcut_commands,
    embed_commands,
    scan_check_commands,
    catalog_commands,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 on success, 1 with one sentence on stderr where the user must act, 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="lightbox", description=__doc__, epilog=notice.TEXT)
    parser.add_argument("--version", action="version", version=__version__)
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for commands in COMMANDS:
        commands.add_parser(subparsers)
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.handler(chosen))
    except UserFacingError as error:
        sys.stderr.write(f"lightbox: {error.message}\n{error.hint}\n")
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
