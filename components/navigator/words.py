"""The catalogue's keys as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.shell.language import _
from lightbox.navigator import vocabulary
from lightbox.navigator.credit import NAVIGATOR, NAVIGATOR_URL, stars_credit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lightbox.navigator.library import Library

STATUS_COLOURS = {"active": "green", "dormant": "orange", "archived": "red", "unknown": "gray"}
COLUMN_TITLES = {
    "name": "Name",
    "repository": "Repository",
    "docs_url": "Documentation",
    "package": "Package",
    "registry": "Package registry",
    "language": "Language",
    "license": "Licence",
    "paradigm": "Paradigm",
    "frameworks": "Frameworks",
    "data_types": "Data types",
    "tasks": "Tasks",
    "methods": "Methods",
    "families": "Kind of model",
    "topics": "Topic",
    "scope": "Explains",
    "model_agnostic": "Model-agnostic",
    "interface": "Interface",
    "runs_with": "Newest release allows",
    "not_with": "Newest release rules out",
    "pins": "Newest release pins",
    "description": "Description",
    "last_commit": "Last commit",
    "last_commit_source": "Last commit",
    "release": "Last release",
    "release_date": "Last release",
    "status": "Status",
    "checked": "Checked",
    "fact_dates": "Checked",
    "stars": "Stars",
    "stars_as_of": "Stars",
    "stars_source": "Stars",
    "notable_limits": "Limits",
    "evidence": "Files read",
    "verified": "Checked",
}
_STATUS_ICONS = {
    "active": ":material/check_circle:",
    "dormant": ":material/bedtime:",
    "archived": ":material/inventory_2:",
    "unknown": ":material/help:",
}


def title(column: str, key: str) -> str:
    """The title of one word of a column."""
    return _(vocabulary.COLUMN_TERMS[column][key].title)


def titles(column: str, keys: Iterable[str]) -> list[str]:
    """The titles of several words."""
    return [title(column, key) for key in keys]


def status_badge(status: str) -> str:
    """The status as a Markdown badge: colour, icon and word, so that nobody depends on the colour."""
    word = _(vocabulary.STATUSES[status].title)
    return f":{STATUS_COLOURS[status]}-badge[{_STATUS_ICONS[status]} {word}]"


def badges(texts: Iterable[str], colour: str = "gray") -> str:
    """Texts as Markdown badges."""
    return " ".join(f":{colour}-badge[{plain(text)}]" for text in texts)


def plain(text: str) -> str:
    """``text`` with everything escaped that Markdown would take for itself."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]()#+!|<>~$:" else letter for letter in text)


def credit(libraries: Sequence[Library]) -> str:
    """Whose star counts these are, with the link; "" where none is shown."""
    return stars_credit(libraries).replace(NAVIGATOR, f"[{NAVIGATOR}]({NAVIGATOR_URL})")
