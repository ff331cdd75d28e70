"""What GitHub says about one project, over its public interface."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from lightbox.navigator.sources import NoNetworkError, Release, SourceError

if TYPE_CHECKING:
    from email.message import Message

SECONDS_TO_WAIT = 20.0
_LARGEST_ANSWER = 30_000_000
GITHUB = "https://api.github.com"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: HTTP status, headers with lower-case names, and the decoded JSON (None where it is not JSON)."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    content: Any = None


Fetch = Callable[[str, Mapping[str, str]], Answer]


class RateLimitError(Exception):
    """The server refuses further questions for now; ``until`` is what it says about when, "" if nothing."""

    def __init__(self, until: str) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True, slots=True)
class ProjectState:
    """What GitHub says of a repository today; ``repository`` is its address now, which may have moved."""

    repository: str
    stars: int
    archived: bool
    last_commit: date | None


def fetch(url: str, headers: Mapping[str, str]) -> Answer:
    """Ask a server over HTTPS.

    Raises:
        NoNetworkError: no answer within twenty seconds.
    """
    if not url.startswith("https://"):
        raise ValueError(f"only https is asked: {url}")
    request = urllib.request.Request(url, headers=dict(headers))  # noqa: S310  # the scheme was checked above
    try:
        with urllib.request.urlopen(request, timeout=SECONDS_TO_WAIT) as reply:  # noqa: S310
            return Answer(reply.status, _lower(reply.headers), _decoded(reply.read(_LARGEST_ANSWER)))
    except urllib.error.HTTPError as error:
        return Answer(error.code, _lower(error.headers), None)
    except (urllib.error.URLError, OSError) as error:
        raise NoNetworkError(str(getattr(error, "reason", error))) from error


def project_state(repository: str, ask: Fetch, token: str = "") -> ProjectState:
    """Stars, archive flag and the newest commit on the default branch.

    ``pushed_at`` would save a question, but counts pushes to any branch, so that it says "active" of projects
    whose code has not changed for years.

    Raises:
        SourceError: the project is gone, or the answer is not what the interface promises.
        RateLimitError: GitHub wants a pause.
        NoNetworkError: from ``ask``.
    """
    about = _github(f"/repos/{repository}", ask, token)
    commits = _github(f"/repos/{repository}/commits?per_page=1", ask, token, empty_repository_ok=True)
    try:
        newest = _day(commits[0]["commit"]["committer"]["date"]) if commits else None
        return ProjectState(about["full_name"], int(about["stargazers_count"]), bool(about["archived"]), newest)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise SourceError(f"GitHub's answer lacks {error}") from error


def github_release(repository: str, ask: Fetch, token: str = "") -> Release | None:
    """The release GitHub calls the latest; None where the project made none."""
    try:
        latest = _github(f"/repos/{repository}/releases/latest", ask, token)
    except SourceError:
        return None
    try:
        return Release(str(latest["tag_name"]), _day(latest["published_at"]))
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError(f"GitHub's answer lacks {error}") from error


def _github(path: str, ask: Fetch, token: str, *, empty_repository_ok: bool = False) -> Any:
    headers = {"Accept": "application/vnd.github+json", "User-Agent": "lightbox-navigator"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    answer = ask(f"{GITHUB}{path}", headers)
    if answer.status == 200 and answer.content is not None:
        return answer.content
    if answer.status == 409 and empty_repository_ok:
        return []
    if answer.status == 429 or (answer.status == 403 and _is_limit(answer.headers)):
        raise RateLimitError(_pause(answer.headers))
    reasons = {404: "not found: renamed, made private or deleted", 451: "not available for legal reasons"}
    raise SourceError(reasons.get(answer.status, f"GitHub answered {answer.status}"))


def _is_limit(headers: Mapping[str, str]) -> bool:
    return headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers


def _pause(headers: Mapping[str, str]) -> str:
    """When to come back, as text: "in 60 seconds" or "at 12:34 UTC"."""
    if re.fullmatch(r"\d+", headers.get("retry-after", "")):
        return f"in {headers['retry-after']} seconds"
    if re.fullmatch(r"\d{1,11}", headers.get("x-ratelimit-reset", "")):
        return f"at {datetime.fromtimestamp(int(headers['x-ratelimit-reset']), UTC):%Y-%m-%d %H:%M} UTC"
    return ""


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])
