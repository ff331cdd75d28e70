"""Bring stars, last commits and releases up to date, showing every change and deleting nothing.

GitHub and the package index are asked each for itself: where one cannot be reached, the other's news are still written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.navigator import maintenance
from lightbox.navigator.github import ProjectState, RateLimitError, fetch, github_release, project_state
from lightbox.navigator.library import COLUMNS, LIST_SEPARATOR
from lightbox.navigator.package_index import newest_release, of_pip
from lightbox.navigator.sources import NoNetworkError, Release, SourceError
from lightbox.navigator.validate import row_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lightbox.navigator.github import Fetch
    from lightbox.navigator.package_index import PipIndex
    from lightbox.navigator.table import Row
    from lightbox.navigator.validate import Fault

RELEASE = ("release", "release_date", "runs_with", "not_with", "pins")
# Columns that always differ after a look, or that only say where another came from.
_QUIET = ("fact_dates", "stars_as_of", "stars_source", "last_commit_source")


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
        changes: the cells that differ, the dates of the look left out because they always do.
        notes: (library, what a person should look at): projects that moved, vanished or could not be read.
        reached: how many projects GitHub answered for.
        released: how many packages the index answered for.
        waiting: how many GitHub was not asked about, because it wants a pause or could not be reached.
        pause: when to go on, in GitHub's words; "" if it did not say.
        out_of_reach: why a whole source was given up, one sentence each.
    """

    rows: list[Row]
    changes: list[Change] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    reached: int = 0
    released: int = 0
    waiting: int = 0
    pause: str = ""
    out_of_reach: list[str] = field(default_factory=list)


def refresh(
    rows: Sequence[Row],
    *,
    today: date,
    ask: Fetch = fetch,
    pip_index: Callable[[], PipIndex] = of_pip,
    token: str = "",
    only: Sequence[str] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> Refresh:
    """Ask the package index about every package, and GitHub about the rows looked at longest ago first.

    GitHub answers sixty questions an hour to strangers and two or three are asked per row, so a run without a token
    ends early there; the next one goes on where it ended.

    Args:
        rows: of the table, left as they are.
        today: written into ``fact_dates`` for every cell that was answered.
        ask: what asks GitHub; tests put recorded answers here.
        pip_index: what finds the package index; tests put a recorded one here.
        progress: called with each name before it is asked about.
        token: GitHub access token; "" asks as a stranger.
        only: names of the libraries to ask about; none means all.

    Raises:
        UserFacingError: no source could be reached, or a name in ``only`` is not in the table.
    """
    unknown = set(only) - {row["name"] for row in rows}
    if unknown:
        raise UserFacingError(f"Not in the catalogue: {', '.join(sorted(unknown))}.", "Write names as the table does.")
    found = Refresh([dict(row) for row in rows])
    chosen = [row for row in found.rows if not only or row["name"] in only]
    _ask_index(chosen, found, today=today, pip_index=pip_index, progress=progress)
    _ask_github(chosen, found, today=today, ask=ask, token=token, progress=progress)
    if not found.reached and not found.released and found.out_of_reach:
        raise UserFacingError(
            f"The network could not be reached: {' '.join(found.out_of_reach)}",
            "The catalogue is unchanged; try again when online.",
        )
    order = {row["name"]: position for position, row in enumerate(rows)}
    found.changes.sort(key=lambda change: order[change.name])
    found.notes.sort(key=lambda note: order[note[0]])
    return found


def _ask_index(
    chosen: Sequence[Row],
    found: Refresh,
    *,
    today: date,
    pip_index: Callable[[], PipIndex],
    progress: Callable[[str], None],
) -> None:
    packaged = [row for row in chosen if row["registry"] == "pypi"]
    try:
        index = pip_index()
    except SourceError as error:
        found.out_of_reach.append(f"The package index: {error}.")
        return
    for position, row in enumerate(packaged):
        progress(row["name"])
        try:
            release = newest_release(row["package"], index)
        except NoNetworkError as error:
            left = len(packaged) - position
            found.out_of_reach.append(f"The package index could not be reached for {left} packages: {error}.")
            return
        except (SourceError, ValueError, KeyError, TypeError) as error:
            found.notes.append((row["name"], f"{error}; the release is kept as it is"))
            continue
        found.released += 1
        if release is not None:
            _write(row, _sound(row, _release_news(row, release, today), found), found)


def _ask_github(
    chosen: Sequence[Row],
    found: Refresh,
    *,
    today: date,
    ask: Fetch,
    token: str,
    progress: Callable[[str], None],
) -> None:
    oldest_first = sorted(chosen, key=lambda row: (_looked(row, "last_commit"), row["stars_source"] == "github"))
    for position, row in enumerate(oldest_first):
        progress(row["name"])
        try:
            _refresh_row(row, found, today=today, ask=ask, token=token)
        except RateLimitError as error:
            found.waiting, found.pause = len(oldest_first) - position, error.until
            return
        except NoNetworkError as error:
            found.waiting = len(oldest_first) - position
            found.out_of_reach.append(f"GitHub could not be reached for {found.waiting} projects: {error}.")
            return


def _refresh_row(row: Row, found: Refresh, *, today: date, ask: Fetch, token: str) -> None:
    """Write GitHub's news about one project into its row; where they would spoil it, a note instead."""
    try:
        state = project_state(row["repository"], ask, token)
    except SourceError as error:
        found.notes.append((row["name"], f"{row['repository']}: {error}; the row is kept as it is"))
        return
    news = _news(row, state, today)
    if row["registry"] != "pypi":
        try:
            release = github_release(row["repository"], ask, token)
        except SourceError as error:
            found.notes.append((row["name"], f"{error}; the release is kept as it is"))
        else:
            news |= {} if release is None else _release_news(row | news, release, today)
    found.reached += 1
    _write(row, _sound(row, news, found), found)
    if state.repository.lower() != row["repository"].lower():
        found.notes.append((row["name"], f"has moved to {state.repository}; change the repository cell by hand"))


def _write(row: Row, news: Row, found: Refresh) -> None:
    """Put the news into the row and list what differs."""
    for column, after in news.items():
        if row[column] != after and column not in _QUIET:
            found.changes.append(Change(row["name"], column, row[column], after))
    row.update(news)


def _dated(row: Row, news: Row, today: date) -> Row:
    """The news with the day of the look for each of its cells, stars apart, which have a column of their own for it."""
    dates = dict(part.partition("=")[::2] for part in row["fact_dates"].split(LIST_SEPARATOR) if part)
    dates |= {
        column: str(today) for column in news if not column.startswith("stars") and column != "last_commit_source"
    }
    ordered = sorted(dates.items(), key=lambda pair: COLUMNS.index(pair[0]))
    return news | {"fact_dates": LIST_SEPARATOR.join(f"{column}={day}" for column, day in ordered)}


def _looked(row: Row, column: str) -> str:
    dates = dict(part.partition("=")[::2] for part in row["fact_dates"].split(LIST_SEPARATOR) if part)
    return dates.get(column, row["checked"])


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


def _news(row: Row, state: ProjectState, today: date) -> Row:
    """The cells that GitHub's answers determine. What was not answered is not among them."""
    news: Row = {}
    if state.last_commit is not None:
        # A clock ahead of ours, or a commit made on the other side of the date line, is still today's news.
        last_commit = min(state.last_commit, today)
        news |= {"last_commit": str(last_commit), "last_commit_source": "github"}
        last_sign = max(last_commit, date.fromisoformat(row["release_date"] or str(last_commit)))
        news["status"] = maintenance.judged(last_sign, today, archived=state.archived)
    elif state.archived:
        news["status"] = "archived"
    news = _dated(row, news, today)
    return news | {"stars": str(state.stars), "stars_as_of": str(today), "stars_source": "github"}


def _release_news(row: Row, release: Release, today: date) -> Row:
    """The cells that a release determines: a young one is a sign of life, an old one says nothing about commits."""
    news = {"release": release.version, "release_date": str(min(release.day, today)) if release.day else ""}
    if release.day and row["status"] != "archived" and maintenance.is_recent(release.day, today):
        news["status"] = "active"
    if release.known:
        # What a person read in the project, about a GPU or Keras 3, is not the index's to take away by silence.
        told = {*release.runs_with, *release.not_with}
        kept = [
            part for part in row["runs_with"].split(LIST_SEPARATOR) if part in ("gpu", "keras-3") and part not in told
        ]
        news |= {"runs_with": LIST_SEPARATOR.join([*kept, *release.runs_with])}
        news |= {"not_with": LIST_SEPARATOR.join(release.not_with), "pins": LIST_SEPARATOR.join(release.pins)}
    return _dated(row, news, today)


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
    lines += found.out_of_reach
    names = {change.name for change in found.changes}
    answered = f"GitHub answered for {found.reached} projects, the package index for {found.released} packages"
    lines.append(f"{answered}; {len(names)} have news.")
    if found.waiting:
        when = f" {found.pause}" if found.pause else " later"
        lines.append(f"GitHub was not asked about {found.waiting}. Run the command again{when}; it goes on with these.")
    return "\n".join(lines) + "\n"
