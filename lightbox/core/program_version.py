"""Which Lightbox made a result: its version and the commit of its code."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path

import lightbox
from lightbox.core.settings import PROJECT_DIR

# Written beside this file when a wheel is built, see setup.py; a checkout has none.
STAMP = Path(__file__).with_name("commit.txt")
CHANGED = "+changes"
_DIGITS = 10
_SECONDS = 10.0
# What decides a result; checkpoints have hashes of their own.
_CODE = ("lightbox", "components", "pages", "app.py")


def program_version() -> dict[str, str | None]:
    """For records: ``{"version": "0.2.0", "commit": "1a2b3c4d5e"}``.

    The commit ends in ``+changes`` where the code of the checkout has changes that no commit has, and is None where
    nobody knows it.
    """
    return {"version": lightbox.__version__, "commit": _commit()}


def version_text() -> str:
    """The same for people, in one line: ``0.2.0 (1a2b3c4d5e)``."""
    commit = _commit()
    return f"{lightbox.__version__} ({commit})" if commit else lightbox.__version__


@cache
def _commit() -> str | None:
    """Found once a process, at the first record."""
    return find_commit(STAMP, PROJECT_DIR)


def find_commit(stamp: Path, checkout: Path) -> str | None:
    """What the stamp says, else what git says of the checkout, else None."""
    if stamp.is_file():
        return stamp.read_text(encoding="utf-8").strip() or None
    if not (checkout / ".git").exists():  # a repository further up is somebody else's
        return None
    try:
        commit = _ask_git(checkout, "rev-parse", f"--short={_DIGITS}", "HEAD")
        changes = _ask_git(checkout, "status", "--porcelain", "--", *_CODE)
    except (OSError, subprocess.SubprocessError):
        return None
    return commit + (CHANGED if changes else "")


def _ask_git(checkout: Path, *words: str) -> str:
    # A hook of git's own sets variables that lead to another repository.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "--no-optional-locks", "-C", str(checkout), *words]
    asked = subprocess.run(  # noqa: S603  (our own words)
        command, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=True
    )
    return asked.stdout.strip()
