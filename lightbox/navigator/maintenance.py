"""How alive a project is, judged on a day, and never guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime

ACTIVE_MONTHS = 18
FRESH_MONTHS = 36


def current_day() -> date:
    """Today, in UTC."""
    return datetime.now(UTC).date()


def months_between(earlier: date, later: date) -> int:
    """Whole months from ``earlier`` to ``later``; negative when the order is reversed."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (later.day < earlier.day)


def is_recent(last_commit: date, today: date) -> bool:
    """Whether the commit is at most 18 months old on ``today``, the day 18 months ago included."""
    months = months_between(last_commit, today)
    return months < ACTIVE_MONTHS or (months == ACTIVE_MONTHS and last_commit.day == today.day)


def status_on(today: date, *, recorded: str, last_commit: date | None, checked: date) -> str:
    """The status that may be claimed on ``today``: active, dormant, archived or unknown.

    The table is a photograph of the day ``checked``. An active project whose last known commit has
    grown old since may have newer ones that nobody looked for, and a dormant one may have woken up: after
    18 months without a new look both are unknown.

    Args:
        today: the day of the claim.
        last_commit: newest commit known, None for none.
        checked: the day somebody last looked.
        recorded: the ``status`` cell; "" is unknown.
    """
    if recorded == "archived":
        return "archived"
    if recorded == "active" and last_commit is not None and is_recent(last_commit, today):
        return "active"
    if recorded == "dormant" and is_recent(checked, today):
        return "dormant"
    return "unknown"


def judged(last_commit: date, today: date, *, archived: bool) -> str:
    """The ``status`` cell after a look at the project itself on ``today``."""
    if archived:
        return "archived"
    return "active" if is_recent(last_commit, today) else "dormant"


def freshness(last_commit: date | None, today: date) -> float | None:
    """1.0 for a commit this month, falling to 0.0 at three years; None where no commit is known."""
    if last_commit is None:
        return None
    return max(0.0, 1.0 - max(months_between(last_commit, today), 0) / FRESH_MONTHS)
