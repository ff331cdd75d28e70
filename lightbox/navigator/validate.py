"""What is wrong with a row or with the table, in words that say how to mend it."""

from __future__ import annotations

import difflib
import itertools
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lightbox.navigator import licences, maintenance, vocabulary
from lightbox.navigator.library import COLUMNS, LIST_SEPARATOR
from lightbox.navigator.terms import slug

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

REQUIRED: tuple[str, ...] = (
    "name",
    "repository",
    "language",
    "paradigm",
    "frameworks",
    "data_types",
    "methods",
    "scope",
)
REQUIRED += ("model_agnostic", "interface", "description", "checked", "evidence", "verified")
LONGEST = {"name": 60, "description": 140, "notable_limits": 120}
REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")
PACKAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# A version bound as people and packages write it: "numpy<2", "torch >= 2.1", "captum==0.7.0".
BOUND = re.compile(r"[<>=~]=?\s*v?\d")
PIN = re.compile(r"[a-z0-9][a-z0-9.-]*(?:(?:[<>]=?|[=~!]=|===)[A-Za-z0-9.*+!-]+,?)+(?<!,)")
# Which other cell has to be filled together with this one.
TOGETHER = (("stars", "stars_as_of"), ("stars", "stars_source"), ("package", "registry"), ("release", "release_date"))


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: ``row`` is the library's name, ``column`` the cell, ``message`` what to change."""

    row: str
    column: str
    message: str

    def __str__(self) -> str:
        return f"{self.row or '(no name)'}: {self.column}: {self.message}"


def table_problems(rows: Sequence[Mapping[str, str]]) -> list[Fault]:
    """Faults of every row, and of rows against each other: duplicates and order."""
    found = [problem for row in rows for problem in row_problems(row)]
    identities: dict[str, Callable[[Mapping[str, str]], object]] = {
        "name": lambda row: slug(row["name"]),
        "repository": lambda row: row["repository"].lower(),
        "package": lambda row: row["package"] and (row["registry"], row["package"].lower()),
    }
    for column, identity in identities.items():
        first: dict[object, str] = {}
        for row in rows:
            key = identity(row)
            if key and key in first:
                found.append(Fault(row["name"], column, f"the same as in the row {first[key]!r}"))
            first.setdefault(key, row["name"])
    names = [row["name"] for row in rows]
    for before, after in itertools.pairwise(names):
        if before.casefold() > after.casefold():
            found.append(Fault(after, "name", f"comes before {before!r}; keep the rows sorted by name"))
    return found


def row_problems(row: Mapping[str, str]) -> list[Fault]:
    """Faults of one row, in the order of the columns where possible."""
    checks = (_text_faults, _term_faults, _address_faults, _date_faults, _pin_faults, _agreement_faults)
    return [Fault(row["name"], column, message) for check in checks for column, message in check(row)]


def _text_faults(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for column in COLUMNS:
        text = row[column]
        if text != " ".join(text.split()):
            yield column, "has spaces at an end, double spaces or line breaks"
        if text[:1] in "=+-@" and text:
            yield column, f"starts with {text[0]!r}, which a spreadsheet would run as a formula"
        if not text and column in REQUIRED:
            yield column, "must not be empty"
        if len(text) > LONGEST.get(column, 1000):
            yield column, f"is {len(text)} characters long, at most {LONGEST.get(column, 1000)} fit"
    if not slug(row["name"]) and row["name"]:
        yield "name", "has no letter or digit that can stand in an address"


def _term_faults(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for column, terms in vocabulary.COLUMN_TERMS.items():
        many = column in vocabulary.LISTS
        parts = row[column].split(LIST_SEPARATOR) if many else [row[column]]
        for part in parts if row[column] else []:
            yield from ((column, message) for message in _unknown(part, terms))
        if len(set(parts)) < len(parts):
            yield column, "names the same thing twice"
    yield from (("status", message) for message in _unknown(row["status"], ("", "active", "dormant", "archived")))
    for column, words in (
        ("last_commit_source", vocabulary.COMMIT_SOURCES),
        ("registry", ("", *vocabulary.REGISTRIES)),
        ("stars_source", ("", *vocabulary.STARS_SOURCES)),
        ("verified", vocabulary.VERIFIED),
    ):
        yield from ((column, message) for message in _unknown(row[column], words))
    if not licences.is_well_formed(row["license"]):
        yield "license", f"{row['license']!r} is no SPDX expression of known licences; else write LicenseRef-Name"


def _unknown(word: str, known: Collection[str]) -> Iterator[str]:
    if word not in known:
        close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
        hint = f"did you mean {close[0]!r}?" if close else f"use one of: {', '.join(filter(None, known))}"
        yield f"{word!r} is not in the vocabulary; {hint}"


def _address_faults(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if row["repository"] and not REPOSITORY.fullmatch(row["repository"]):
        yield "repository", f"{row['repository']!r} is not of the form owner/name"
    if row["docs_url"] and not is_web_address(row["docs_url"]):
        yield "docs_url", f"{row['docs_url']!r} is not a web address such as https://example.org/docs"
    if row["package"] and not PACKAGE.fullmatch(row["package"]):
        yield "package", f"{row['package']!r} is not a package name"


def is_web_address(text: str) -> bool:
    """Whether ``text`` is a complete http or https address with a dotted host and nothing odd in it."""
    if not re.fullmatch(r"[!-~]+", text) or set(text) & set("<>\"'`\\{}|^"):
        return False
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    named = re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host) is not None
    return parts.scheme in ("http", "https") and named and parts.username is None


def _date_faults(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from _fact_date_faults(row)
    for column in ("checked", "last_commit", "release_date", "stars_as_of"):
        text, value, looked = row[column], _date(row[column]), _looked_on(row, column)
        if text and value is None:
            yield column, f"{text!r} is not a date such as 2026-11-20"
        elif value and looked and value > looked:
            yield column, f"{text} is later than the day it was checked, {looked}"
        elif value and value.year < 2000:
            yield column, f"{text} is too early to be true"
    if row["stars"] and not row["stars"].isdecimal():
        yield "stars", f"{row['stars']!r} is not a count"


def _fact_date_faults(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    named = []
    for part in filter(None, row["fact_dates"].split(LIST_SEPARATOR)):
        column, _, day = part.partition("=")
        named.append(column)
        if column not in COLUMNS or _date(day) is None:
            yield "fact_dates", f"{part!r} is not of the form column=2026-11-20"
    if len(set(named)) < len(named):
        yield "fact_dates", "names a column twice"


def _looked_on(row: Mapping[str, str], column: str) -> date | None:
    """The day a cell was checked, as `Library.checked_on` has it, read from a row that may be faulty."""
    asked = {"release_date": "release"}.get(column, column)
    dates = dict(part.partition("=")[::2] for part in row["fact_dates"].split(LIST_SEPARATOR))
    return _date(row["stars_as_of"] if column == "stars_as_of" else dates.get(asked, row["checked"]))


def _pin_faults(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Bounds belong to one release: written by hand they stay when the release goes."""
    for part in filter(None, row["pins"].split(LIST_SEPARATOR)):
        if not PIN.fullmatch(part):
            yield "pins", f"{part!r} is not of the form numpy>=1.2,<2"
    if row["pins"] and row["registry"] != "pypi":
        yield "pins", "is filled by the refresh, for packages that pip installs"
    if row["registry"] == "pypi" and BOUND.search(row["notable_limits"]):
        yield "notable_limits", "names the bound of a version; the refresh writes those of the newest release into pins"


def _agreement_faults(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for one, other in TOGETHER:
        if bool(row[one]) != bool(row[other]) and (one != "release" or row[other]):
            yield other, f"goes together with {one}: fill both or neither"
    if (row["last_commit_source"] == "unknown") != (not row["last_commit"]):
        yield "last_commit_source", "is 'unknown' exactly where last_commit is empty"
    if both := set(row["runs_with"].split(LIST_SEPARATOR)) & set(row["not_with"].split(LIST_SEPARATOR)) - {""}:
        yield "not_with", f"contradicts runs_with: {', '.join(sorted(both))}"
    checked = _looked_on(row, "status")
    last_sign = max(filter(None, (_date(row["last_commit"]), _date(row["release_date"]))), default=None)
    alive = bool(checked and last_sign and maintenance.is_recent(last_sign, checked))
    if row["status"] == "active" and checked and not alive:
        yield "status", "is active, but no commit or release of the 18 months before the check is known"
    if row["status"] == "dormant" and checked and (alive or not row["last_commit"]):
        yield (
            "status",
            "is dormant, but the last commit is not known to be older than 18 months, or a release is younger",
        )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None


def summary(problems: Iterable[Fault]) -> str:
    """The problems, one line each."""
    return "".join(f"{problem}\n" for problem in problems)
