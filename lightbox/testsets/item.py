"""What a test set is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lightbox.core.file_names import show_name
from lightbox.testsets.limits import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Callable


SAME_NAME = "An earlier file has the same name."


@dataclass(frozen=True, slots=True)
class Item:
    """One file that may be a scan.

    Args:
        name: what the user knows it by: its path with forward slashes, made printable.
        size: of its content, in bytes, as far as it is known before reading.
        said: what its folder or the table calls its class, "" where neither says anything.
        number: its place among what the source lists.
    """

    name: str
    size: int
    said: str
    number: int


@dataclass(frozen=True, slots=True)
class Remark:
    """A file that is left out, or a row that leads nowhere, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Brought:
    """What was brought.

    Args:
        items: the files that may be scans.
        problems: what is left out already.
        read: the content of an item, at most as many bytes as a file may have; raises `UserFacingError`.
    """

    items: tuple[Item, ...]
    problems: tuple[Remark, ...]
    read: Callable[[Item], bytes]


def printable(name: str) -> str:
    """The name without what would not show, or would show as something else; a long one is cut in its middle."""
    shown = show_name(name)
    if len(shown) > LONGEST_NAME:
        half = LONGEST_NAME // 2
        shown = f"{shown[:half]}…{shown[-half:]}"
    return shown
