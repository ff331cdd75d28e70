"""``lightbox audit``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lightbox.cli.progress_bar import Bar
from lightbox.cli.train import tell_left_out

if TYPE_CHECKING:
    import argparse


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``audit`` to the command line."""
    parser = subparsers.add_parser("audit", help="find copies, leaks and oddities in a data set")
    parser.add_argument("data", type=Path, help="folder of the images, in any layout that `lightbox train` reads")
    parser.add_argument("--task", default="", help="which data of a manifest that lists several")
    parser.add_argument("--collection", default="", help="how the folder is laid out (default: recognised)")
    parser.add_argument("--out", type=Path, help="write the report (Markdown) to this file instead of the screen")
    parser.add_argument("--json", type=Path, help="also write what was found as data")
    parser.set_defaults(handler=run)


def run(arguments: argparse.Namespace) -> int:
    """Audit and report; 0 whatever was found.

    Raises:
        UserFacingError: the folder is absent or laid out in no known way.
    """
    from lightbox.provenance.data_audit import write_audit
    from lightbox.training.audit.audit import audit
    from lightbox.training.audit.report import report, summary

    tell_left_out(arguments.data)
    found = audit(arguments.data, arguments.task, collection=arguments.collection, on_file=Bar("files"))
    if arguments.json:
        write_audit(found, arguments.json)
    if arguments.out:
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        arguments.out.write_text(report(found), encoding="utf-8")
        sys.stdout.write("\n".join(summary(found)) + "\n")
    else:
        sys.stdout.write(report(found))
    return 0
