"""A document with places that are filled in: ``<!-- name -->`` what is made ``<!-- /name -->``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lightbox.core.settings import PROJECT_DIR

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

# A place stands within a line, or its two marks stand on lines of their own.
_PLACE = re.compile(r"<!-- (?P<name>[a-z0-9_ ]+) -->(?P<made>.*?)<!-- /(?P=name) -->", re.DOTALL)
_MARK = re.compile(r"<!-- (/?[a-z0-9_ ]+) -->")
# A line that begins with a comment is passed through as it is, asterisks and all.
_UNREAD = re.compile(r"^[ \t]*(?:[-*] |\d+\. )?<!-- [a-z0-9_ ]+ -->(?!\n)", re.MULTILINE)


def list_documents() -> list[Path]:
    """The documents that may have places."""
    return [PROJECT_DIR / "README.md", PROJECT_DIR / "CONTRIBUTING.md", *sorted((PROJECT_DIR / "docs").glob("*.md"))]


def fill(text: str, values: Mapping[str, Callable[[], str]], name: str) -> str:
    """The text with every place filled in anew.

    Raises:
        ValueError: nothing is known for a place, a mark has no partner, or a place stands where Markdown is not read.
    """
    if (found := _UNREAD.search(text)) is not None:
        raise ValueError(f"{name}: {found.group().strip()} begins its line, which Markdown then does not read")
    marks = _MARK.findall(text)
    if len(marks) != 2 * len(_PLACE.findall(text)):
        raise ValueError(f"{name}: a mark has no partner among {', '.join(marks)}")

    def make(place: re.Match[str]) -> str:
        key, old = place["name"], place["made"]
        if key not in values:
            raise ValueError(f"{name}: nothing is known of {key!r}; one of {', '.join(sorted(values))}")
        made = values[key]()
        block = old.startswith("\n")
        if "\n" in made and not block:
            raise ValueError(f"{name}: {key!r} is several lines and needs its marks on lines of their own")
        return f"<!-- {key} -->\n{made}\n<!-- /{key} -->" if block else f"<!-- {key} -->{made}<!-- /{key} -->"

    return _PLACE.sub(make, text)


def drifted(old: str, new: str) -> list[str]:
    """Names of the places that two versions of a document fill differently."""
    pairs = zip(_PLACE.finditer(old), _PLACE.finditer(new), strict=True)
    return list(dict.fromkeys(before["name"] for before, after in pairs if before["made"] != after["made"]))


def without_places(text: str) -> str:
    """What a person wrote: the text less everything that is filled in."""
    return _PLACE.sub("", text)
