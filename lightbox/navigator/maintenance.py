"""How alive a project is, judged on a day, and never guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime

ACTIVE_MONTHS = 18
FRESH_MONTHS = 36
STALE_MONTHS = 12


def current_day() -> date:
    """Today, in UTC."""
    return datetime.now(UTC).date()


def months_between(earlier: date, later: date) -> int:
    """Whole months from ``earlier`` to ``later``; negative when the order is reversed."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (later.day < earlier.day)


def is_recent(day: date, today: date) -> bool:
    """Whether the day is at most 18 months old on ``today``, the 18th month to the day included."""
    months = months_between(day, today)
    return months < ACTIVE_MONTHS or (months == ACTIVE_MONTHS and day.day == today.day)


def status_on(today: date, *, recorded: str, last_sign: date | None, checked: date | None) -> str:
    """The status that may be claimed on ``today``: active, dormant, archived or unknown.

    The table is a photograph of the day ``checked``. An active project whose last known sign of life has
    grown old since may have newer ones that nobody looked for, and a dormant one may have woken up: after
    18 months without a new look both are unknown.

    Args:
        today: the day of the claim.
        last_sign: newest commit or release known, None for none.
        checked: the day somebody last looked.
        recorded: the ``status`` cell; "" is unknown.
    """
    if recorded == "archived":
        return "archived"
    if recorded == "active" and last_sign is not None and is_recent(last_sign, today):
        return "active"
    if recorded == "dormant" and checked is not None and is_recent(checked, today):
        return "dormant"
    return "unknown"


def life_on(today: date, *, status: str, last_sign: date | None) -> int:
    """How alive a project may be ranked: 2 living, 1 nothing is known, 0 old or dormant, -1 archived.

    An unknown status with an old last commit ranks as dormant: not to have looked again is no merit.
    """
    if status == "archived":
        return -1
    if status == "active" or (status == "unknown" and last_sign is not None and is_recent(last_sign, today)):
        return 2
    return 1 if status == "unknown" and last_sign is None else 0


def judged(last_sign: date, today: date, *, archived: bool) -> str:
    """The ``status`` cell after a look at the project itself on ``today``."""
    if archived:
        return "archived"
    return "active" if is_recent(last_sign, today) else "dormant"


def is_stale(checked: date | None, today: date) -> bool:
    """Whether a fact was checked a year ago or longer, so that it may have changed since."""
    return checked is not None and months_between(checked, today) >= STALE_MONTHS


def freshness(last_sign: date | None, today: date) -> float | None:
    """1.0 for a commit or a release this month, falling to 0.0 at three years; None where neither is known."""
    if last_sign is None:
        return None
    return max(0.0, 1.0 - max(months_between(last_sign, today), 0) / FRESH_MONTHS)
