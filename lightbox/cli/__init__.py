"""The command line: ``lightbox explain | train | ...``."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from lightbox.cli import (
    audit,
    calibrate,
    clever_hans,
    embed,
    evaluate,
    explain,
    navigator,
    phantoms,
    refresh,
    scan_check,
    train,
    tune,
)
from lightbox.core import notice
from lightbox.core.errors import UserFacingError
from lightbox.core.extras import name_extra
from lightbox.core.program_version import version_text

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = (
    explain,
    train,
    calibrate,
    tune,
    audit,
    phantoms,
    evaluate,
    clever_hans,
    embed,
    refresh,
    scan_check,
    navigator,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 on success, 1 with one sentence on stderr where the user must act, 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="lightbox", description=__doc__, epilog=notice.TEXT)
    parser.add_argument("--version", action="version", version=version_text())
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for commands in COMMANDS:
        commands.add_parser(subparsers)
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.handler(chosen))
    except UserFacingError as error:
        return _refuse(error)
    except ModuleNotFoundError as error:
        missing = name_extra(error, "This command")
        if missing is None:
            raise
        return _refuse(missing)


def _refuse(error: UserFacingError) -> int:
    sys.stderr.write(f"lightbox: {error.message}\n{error.hint}\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
