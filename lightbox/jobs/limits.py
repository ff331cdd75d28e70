"""How many jobs may wait, of everybody and of one owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.jobs import refusals

if TYPE_CHECKING:
    from collections.abc import Collection

# Of the places in the queue: nobody can fill it alone.
SHARE_OF_ONE_OWNER = 0.5
# Of a job, before any has been timed.
GUESSED_SECONDS = 2.0


def check_room(*, waiting: int, mine: int, most: int, recent_seconds: Collection[float], lanes: int) -> None:
    """Refuse one more job where it would be too many, for everybody or for its owner.

    Args:
        waiting: jobs in the queue.
        mine: those of the owner who asks.
        most: places in the queue.
        recent_seconds: how long the last jobs took.
        lanes: jobs that are computed at once.

    Raises:
        UserFacingError: says how long the wait would be.
    """
    if waiting < most and mine < max(1, int(most * SHARE_OF_ONE_OWNER)):
        return
    pace = sum(recent_seconds) / len(recent_seconds) if recent_seconds else GUESSED_SECONDS
    raise refusals.queue_full(waiting=waiting, mine=mine, seconds=waiting * pace / max(1, lanes))
