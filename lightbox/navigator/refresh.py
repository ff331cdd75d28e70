"""Bring stars, last commits and releases up to date, showing every change and deleting nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.navigator import maintenance
from lightbox.navigator.sources import (
    NoNetworkError,
    ProjectState,
    RateLimitError,
    Release,
    SourceError,
    fetch,
    github_release,
    project_state,
    pypi_release,
)
from lightbox.navigator.validate import row_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from lightbox.navigator.sources import Fetch
    from lightbox.navigator.table import Row
    from lightbox.navigator.validate import Fault

RELEASE = ("release", "release_date")


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that differs."""

    name: str
    column: str
    before: str
    after: str


@dataclass(slots=True)
class Refresh:
    """What a refresh found.

    Args:
        rows: all rows, in their order, with the news written in.
        changes: the cells that differ, ``checked`` and ``stars_as_of`` left out because they always do.
        notes: (library, what a person should look at): projects that moved, vanished or could not be read.
        reached: how many projects answered.
        waiting: how many were not asked, because GitHub wants a pause.
        pause: when to go on, in GitHub's words; "" if it did not say.
    """

    rows: list[Row]
    changes: list[Change] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    reached: int = 0
    waiting: int = 0
    pause: str = ""


def refresh(
    rows: Sequence[Row],
    *,
    today: date,
    ask: Fetch = fetch,
    token: str = "",
    only: Sequence[str] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> Refresh:
    """Ask the public interfaces about the rows, those looked at longest ago first.

    GitHub answers sixty questions an hour to strangers and two are asked per row, so a run without a token ends
    early; the next one goes on where it ended.

    Args:
        rows: of the table, left as they are.
        today: written into ``checked`` of every row that answered.
        ask: what asks a server; tests put recorded answers here.
        progress: called with each name before it is asked about.
        token: GitHub access token; "" asks as a stranger.
        only: names of the libraries to ask about; none means all.

    Raises:
        UserFacingError: no server could be reached, or a name in ``only`` is not in the table.
    """
    unknown = set(only) - {row["name"] for row in rows}
    if unknown:
        raise UserFacingError(f"Not in the catalogue: {', '.join(sorted(unknown))}.", "Write names as the table does.")
    found = Refresh([dict(row) for row in rows])
    chosen = [row for row in found.rows if not only or row["name"] in only]
    chosen.sort(key=lambda row: (row["checked"], row["stars_source"] == "github"))
    for position, row in enumerate(chosen):
        progress(row["name"])
        try:
            _refresh_row(row, found, today=today, ask=ask, token=token)
        except RateLimitError as error:
            found.waiting, found.pause = len(chosen) - position, error.until
            break
        except NoNetworkError as error:
            if not found.reached:
                raise UserFacingError(
                    f"The network could not be reached: {error}.", "The catalogue is unchanged; try again when online."
                ) from error
            found.waiting = len(chosen) - position
            found.notes.append((row["name"], f"the network went away: {error}"))
            break
    order = {row["name"]: position for position, row in enumerate(rows)}
    found.changes.sort(key=lambda change: order[change.name])
    return found


def _refresh_row(row: Row, found: Refresh, *, today: date, ask: Fetch, token: str) -> None:
    """Write the news about one project into its row; where they cannot be read or would spoil it, a note instead."""
    try:
        state = project_state(row["repository"], ask, token)
    except SourceError as error:
        found.notes.append((row["name"], f"{row['repository']}: {error}; the row is kept as it is"))
        return
    release = _release(row, found, ask, token)
    found.reached += 1
    news = _sound(row, _news(state, release, today), found)
    for column, after in news.items():
        if row[column] != after and column not in ("checked", "stars_as_of", "stars_source", "last_commit_source"):
            found.changes.append(Change(row["name"], column, row[column], after))
    row.update(news)
    if state.repository.lower() != row["repository"].lower():
        found.notes.append((row["name"], f"has moved to {state.repository}; change the repository cell by hand"))


def _sound(row: Row, news: Row, found: Refresh) -> Row:
    """The news that leave the row sound: one odd tag must not keep the news of all others from being written."""
    faults = _new_faults(row, news)
    if "release" in news and any(fault.column in RELEASE for fault in faults):
        tag = news["release"]
        found.notes.append((row["name"], f"release {tag!r}: {_words(faults)}; the release is kept as it is"))
        news = {column: text for column, text in news.items() if column not in RELEASE}
        faults = _new_faults(row, news)
    if faults:
        found.notes.append((row["name"], f"{_words(faults)}; the row is kept as it is"))
        return {}
    return news


def _new_faults(row: Row, news: Row) -> list[Fault]:
    """What would be wrong with the row that is not wrong with it now."""
    known = row_problems(row)
    return [problem for problem in row_problems(row | news) if problem not in known]


def _words(faults: Sequence[Fault]) -> str:
    return ", ".join(f"{fault.column} {fault.message}" for fault in faults)


def _release(row: Row, found: Refresh, ask: Fetch, token: str) -> Release | None:
    """The newest release: of PyPI where the package lives there, else of GitHub."""
    try:
        if row["registry"] == "pypi":
            return pypi_release(row["package"], ask)
        return github_release(row["repository"], ask, token)
    except SourceError as error:
        found.notes.append((row["name"], f"{error}; the release is kept as it is"))
        return None


def _news(state: ProjectState, release: Release | None, today: date) -> Row:
    """The cells that the answers determine. What was not answered is not among them."""
    news = {"checked": str(today), "stars": str(state.stars), "stars_as_of": str(today), "stars_source": "github"}
    if state.last_commit is not None:
        # A clock ahead of ours, or a commit made on the other side of the date line, is still today's news.
        last_commit = min(state.last_commit, today)
        news |= {"last_commit": str(last_commit), "last_commit_source": "github"}
        news["status"] = maintenance.judged(last_commit, today, archived=state.archived)
    elif state.archived:
        news["status"] = "archived"
    if release is not None:
        news |= {"release": release.version, "release_date": str(min(release.day, today))}
    return news


def as_text(found: Refresh) -> str:
    """The changes as a diff people can read, then what needs a person's eye, then what is left to ask."""
    lines = []
    shown = ""
    for change in found.changes:
        if change.name != shown:
            lines.append(change.name)
            shown = change.name
        lines.append(f"  {change.column}: {change.before or '(empty)'} -> {change.after or '(empty)'}")
    lines += [f"note: {name}: {note}" for name, note in found.notes]
    names = {change.name for change in found.changes}
    lines.append(f"{found.reached} projects answered, {len(names)} have news.")
    if found.waiting:
        when = f" {found.pause}" if found.pause else " later"
        lines.append(f"{found.waiting} were not asked. Run the command again{when}; it goes on with these.")
    return "\n".join(lines) + "\n"
