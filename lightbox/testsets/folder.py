"""A folder on the computer that runs Lightbox, where whoever runs it allows that.

Never by default, and not because the app listens on this computer only: behind a proxy, the usual way to share
it, every visitor comes from this computer. So the operator names the folder below which visitors may look.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import IO, TYPE_CHECKING

from lightbox.core import settings
from lightbox.core.errors import UserFacingError
from lightbox.core.file_names import tidy_name
from lightbox.imaging.recognise import HEAD_BYTES, is_litter
from lightbox.testsets import limits
from lightbox.testsets.item import SAME_NAME, Brought, Item, Remark, printable
from lightbox.testsets.labels import choose_table, folder_label
from lightbox.testsets.sift import set_aside

if TYPE_CHECKING:
    from collections.abc import Sequence


def allowed_folder() -> Path | None:
    """Below which folder a test set may lie, None where nowhere.

    Raises:
        UserFacingError: the setting names no folder.
    """
    if not settings.get("LOCAL_FOLDERS"):
        return None
    root = settings.get_path("LOCAL_FOLDERS").resolve()
    if not root.is_dir():
        raise UserFacingError(
            "LIGHTBOX_LOCAL_FOLDERS is set, but there is no such folder.",
            "Set it to the folder below which test sets may lie, or unset it.",
        )
    return root


def open_folder(text: str, task: str, classes: Sequence[str] | None = None) -> Brought:
    """The scans in a folder, in class folders or named by a table in it. Links are not followed.

    Args:
        text: the folder's path, absolute or below the allowed one.
        task: key of the task.
        classes: of the networks, the task's own where None.

    Raises:
        UserFacingError: folders are not allowed, this one lies elsewhere, or it holds too much.
    """
    root = allowed_folder()
    folder = None if root is None else _find(root, text.strip())
    # The same words for "elsewhere" and "not there": which folders exist outside is nobody's business.
    if folder is None:
        raise UserFacingError(
            "There is no such folder below the one that this server allows.", "Give a path relative to that folder."
        )
    paths: list[Path] = []
    items: list[Item] = []
    problems: list[Remark] = []
    tables: list[Item] = []
    taken: set[str] = set()
    count = 0
    for place, folders, files in os.walk(folder, followlinks=False):
        folders.sort()
        for file in sorted(files):
            path = Path(place) / file
            name = printable(tidy_name(path.relative_to(folder).as_posix()))
            count += not is_litter(name)
            if count > limits.MOST_FILES:
                raise UserFacingError(
                    f"This folder holds more than the {limits.MOST_FILES:,} files that are allowed.",
                    "Name one of the folders inside it.",
                )
            try:
                status = path.lstat()
            except OSError:
                problems.append(Remark(name, "It cannot be read."))
                continue
            if not stat.S_ISREG(status.st_mode):
                problems.append(Remark(name, "It is a link or a device, not a file."))
                continue
            if name in taken:
                problems.append(Remark(name, SAME_NAME))
                continue
            taken.add(name)
            item = Item(name, status.st_size, folder_label(f"{folder.name}/{name}", task, classes), len(paths))
            paths.append(path)
            (tables if name.lower().endswith(".csv") else items).append(item)

    def read(item: Item) -> bytes:
        return _read(paths[item.number])

    def read_head(item: Item) -> bytes:
        with _open(paths[item.number]) as file:
            return file.read(HEAD_BYTES)

    kept, left_out = set_aside(items, read_head)
    return choose_table(Brought(kept, (*problems, *left_out), read), tables)


def _open(path: Path) -> IO[bytes]:
    """A file that is still no link, open for reading."""
    return os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb")


def _find(root: Path, text: str) -> Path | None:
    """The folder that a visitor names, None where it is not there or lies elsewhere.

    ``~`` is a name as any other: whose home is where tells which accounts there are.
    """
    try:
        folder = (root / text).resolve()
        return folder if folder.is_relative_to(root) and folder.is_dir() else None
    # A name that is too long or has a zero in it; links that go round.
    except (OSError, ValueError, RuntimeError):
        return None


def _read(path: Path) -> bytes:
    """The content, of a file that is still no link.

    Raises:
        UserFacingError: it cannot be read, or is too large.
    """
    limit = settings.get_number("MAX_UPLOAD_MB")
    try:
        with _open(path) as file:
            content = file.read(int(limit * limits.MEBIBYTE) + 1)
    except OSError:
        raise UserFacingError("It cannot be read.", "Check the file and its permissions.") from None
    if len(content) > limit * limits.MEBIBYTE:
        raise UserFacingError(f"It is larger than {limit:g} MB.", "Export a smaller picture.")
    return content
