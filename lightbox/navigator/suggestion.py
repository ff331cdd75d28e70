"""A library that somebody suggests: a row, its faults, and the ways to hand it in. Nothing is sent from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from lightbox.navigator.library import COLUMNS, LIST_SEPARATOR, Library
from lightbox.navigator.similar import Duplicate, near_duplicates
from lightbox.navigator.table import to_csv
from lightbox.navigator.validate import Fault, is_web_address, row_problems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from lightbox.navigator.table import Row

# Longer addresses are refused by some servers; the row then goes as a file.
LONGEST_LINK = 6000


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggested row, what is wrong with it, and the rows it may repeat."""

    row: Row
    problems: tuple[Fault, ...]
    duplicates: tuple[Duplicate, ...]


def suggested(cells: Mapping[str, str | Sequence[str]], libraries: Sequence[Library], today: date) -> Suggested:
    """The row that the filled-in form means.

    Args:
        cells: what was typed, by column; lists as lists. The repository may be a whole GitHub address.
        libraries: those of the catalogue, to find near-duplicates.
        today: becomes ``checked``: on this day somebody looked.
    """
    row = dict.fromkeys(COLUMNS, "")
    for column, value in cells.items():
        row[column] = " ".join(value.split()) if isinstance(value, str) else LIST_SEPARATOR.join(value)
    row["repository"] = repository_of(row["repository"])
    row["checked"] = row["checked"] or str(today)
    row["last_commit_source"] = row["last_commit_source"] or ("github" if row["last_commit"] else "unknown")
    row["verified"] = row["verified"] or "partly"
    return Suggested(row, tuple(row_problems(row)), tuple(near_duplicates(row, libraries)))


def repository_of(text: str) -> str:
    """``owner/name`` of a GitHub address, however it was copied; other text as it is."""
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
    except ValueError:
        return text
    if (parts.hostname or "").removeprefix("www.") != "github.com":
        return text
    owner_and_name = [part for part in parts.path.split("/") if part][:2]
    return "/".join(owner_and_name).removesuffix(".git")


def as_line(row: Row) -> str:
    """The row as the one line to add to ``libraries.csv``."""
    return to_csv([row]).split("\n", 1)[1]


def issue_text(suggestion: Suggested) -> tuple[str, str]:
    """Title and body of an issue that hands the row in."""
    body = [
        "Please add this line to `lightbox/navigator/libraries.csv`:",
        "",
        "```csv",
        as_line(suggestion.row).rstrip(),
    ]
    body += ["```", "", f"Evidence: {suggestion.row['evidence'] or 'none given'}"]
    body += [f"May repeat: {duplicate.library.name} ({duplicate.column})" for duplicate in suggestion.duplicates]
    return f"Catalogue: add {suggestion.row['name']}", "\n".join(body)


def issue_link(suggestion: Suggested, new_issue_url: str) -> str:
    """The address of a pre-filled issue; "" where the project has no issue page or the link would be too long."""
    if not is_web_address(new_issue_url):
        return ""
    title, body = issue_text(suggestion)
    link = f"{new_issue_url}{'&' if '?' in new_issue_url else '?'}title={quote(title)}&body={quote(body)}"
    return link if len(link) <= LONGEST_LINK else ""
