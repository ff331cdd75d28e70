"""Which owners are still there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LEASE_SECONDS = 20.0
# A page that is loaded again is a new session; what the one before saw is kept for it so long. So is a session whose
# connection is lost: a browser that was cut off may take longer than a lease to come back.
SECONDS_KEPT_AFTER_LEAVING = 45.0


class Leases:
    """Who was seen when. An owner who never said a word, such as a batch, has no lease and stays."""

    def __init__(self) -> None:
        self._seen_at: dict[str, float] = {}
        self._left_at: dict[str, float] = {}
        self._is_active: Callable[[str], bool] | None = None

    def touch(self, owner: str) -> None:
        """The owner is there now."""
        self._seen_at[owner] = time.monotonic()

    def forget(self, owner: str) -> None:
        """The owner needs no lease any more."""
        self._seen_at.pop(owner, None)

    def watch(self, is_active: Callable[[str], bool]) -> None:
        """Ask this of every owner from now on, besides."""
        self._is_active = is_active

    def find_absent(self, owners: Iterable[str]) -> list[str]:
        """Those of ``owners``, and of all who were ever seen, who are silent for too long or not active."""
        now, is_active = time.monotonic(), self._is_active
        seen_at = self._seen_at.copy()
        return [
            owner
            for owner in {*owners, *seen_at}
            if now - seen_at.get(owner, now) > LEASE_SECONDS or (is_active is not None and not is_active(owner))
        ]

    def find_gone(self, owners: Iterable[str]) -> list[str]:
        """Those of ``owners`` who have not been active for `SECONDS_KEPT_AFTER_LEAVING`.

        Silence alone is no sign: a page that has all it asked for is silent.
        """
        now, is_active = time.monotonic(), self._is_active
        if is_active is None:
            return []
        self._left_at = {owner: self._left_at.get(owner, now) for owner in owners if not is_active(owner)}
        return [owner for owner, left_at in self._left_at.items() if now - left_at > SECONDS_KEPT_AFTER_LEAVING]
