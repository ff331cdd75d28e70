"""``lightbox navigator``: refresh, validate and export the table from a shell."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from lightbox.core import settings
from lightbox.navigator import maintenance
from lightbox.navigator.address import read
from lightbox.navigator.export import FORMATS
from lightbox.navigator.index import Index
from lightbox.navigator.refresh import as_text, refresh
from lightbox.navigator.table import TABLE_PATH, load, read_rows, write_rows
from lightbox.navigator.validate import summary, table_problems

if TYPE_CHECKING:
    import argparse


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``navigator`` to the command line; each command sets ``handler``, a function from arguments to exit code."""
    parser = subparsers.add_parser("navigator", help="the table of XAI libraries")
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, sentence, add_arguments, run in (
        (
            "refresh",
            "update stars and commits from GitHub, releases from the package index of pip",
            _refresh_arguments,
            run_refresh,
        ),
        ("validate", "check every row of the table", _table_argument, run_validate),
        ("export", "write a selection as CSV, JSON or Markdown", _export_arguments, run_export),
    ):
        command = commands.add_parser(name, help=sentence, description=sentence)
        add_arguments(command)
        command.set_defaults(handler=run)


def run_refresh(arguments: argparse.Namespace) -> int:
    """Show what changed, and write it unless ``--dry-run``. 0 also when GitHub wanted a pause."""
    found = refresh(
        read_rows(arguments.table),
        today=maintenance.current_day(),
        token=settings.get("GITHUB_TOKEN"),
        only=arguments.only,
        progress=_say,
    )
    sys.stdout.write(as_text(found))
    problems = table_problems(found.rows)
    if problems:
        sys.stdout.write(f"Not written, because the result would be faulty:\n{summary(problems)}")
        return 1
    if arguments.dry_run:
        sys.stdout.write("Nothing was written.\n")
    elif found.reached or found.released:
        write_rows(found.rows, arguments.table)
    return 0


def _say(name: str) -> None:
    sys.stderr.write(f"{name}\n")


def run_validate(arguments: argparse.Namespace) -> int:
    """List every problem; 1 if there are any."""
    rows = read_rows(arguments.table)
    problems = table_problems(rows)
    sys.stdout.write(summary(problems) + f"{len(rows)} libraries, {len(problems)} problems.\n")
    return 1 if problems else 0


def run_export(arguments: argparse.Namespace) -> int:
    """Write the libraries that the query parameters of a navigator link select."""
    index = Index(load(arguments.table))
    address, complaints = read(dict(parse_qsl(arguments.query.lstrip("?"))), index)
    for complaint in complaints:
        sys.stderr.write(f"{complaint}\n")
    if complaints:
        return 2
    make = FORMATS[arguments.format][1]
    sys.stdout.write(make(index.search(address.query, address.sort), index.today))
    return 0


def _table_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--table", type=Path, default=TABLE_PATH, help="the CSV file (default: the shipped one)")


def _refresh_arguments(parser: argparse.ArgumentParser) -> None:
    _table_argument(parser)
    parser.add_argument("--dry-run", action="store_true", help="show the changes, write nothing")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="one library; may be repeated")


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    _table_argument(parser)
    parser.add_argument("--format", choices=tuple(FORMATS), default="csv")
    parser.add_argument(
        "--query",
        default="",
        metavar="PARAMETERS",
        help='what follows "?" in a navigator link: "method=lrp&data=image"',
    )
