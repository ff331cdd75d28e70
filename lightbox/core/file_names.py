"""When two names mean one file: the one rule for archives, folders, uploads and tables."""

from __future__ import annotations

import re
import unicodedata


def tidy_name(name: str) -> str:
    """A path with forward slashes and composed letters, without empty parts and parts that mean "here".

    Windows writes backslashes, and macOS writes a letter and its accent apart (Unicode NFD): the file is the same.
    """
    parts = unicodedata.normalize("NFC", name).replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", "."))


def show_name(name: str) -> str:
    """The name without what would not show, or would show as something else, on a page or a terminal."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)


def fold_name(name: str) -> str:
    """What is left of a path for who takes ``IMG_1.PNG`` and ``img_1.png`` for one file."""
    return unicodedata.normalize("NFC", tidy_name(name).casefold())


def near_name(name: str) -> str:
    """What nearly equal names share: the letters and digits of the file's own name, without its suffix."""
    file = fold_name(name).rpartition("/")[2]
    stem = file.rpartition(".")[0] or file
    return re.sub(r"[\W_]+", "", stem)
