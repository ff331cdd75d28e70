"""Who may use a decoder now: first come, first served, and a file that turns out slow makes room for the next."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lightbox.core.errors import PassingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# How often somebody who waits is told so, and may give up.
POLL_SECONDS = 0.3


class Turn:
    """The right to run one decoder."""

    def __init__(self, turns: Turns) -> None:
        self.slow = False
        self._turns = turns

    def make_room(self) -> None:
        """Let the next file begin beside this one, which takes long; while too many take long, nothing happens."""
        self._turns.move_aside(self)


class Turns:
    """Places for decoders.

    Args:
        quick: files that are read at once.
        slow: files that may go on beside those, once they have taken long.
    """

    def __init__(self, *, quick: int, slow: int) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[Turn] = deque()
        self._quick, self._slow = quick, slow

    @contextmanager
    def take(self, *, seconds: float, on_wait: Callable[[], None]) -> Iterator[Turn]:
        """Hold a place, after waiting for it in the order of asking.

        Args:
            seconds: the longest wait.
            on_wait: called a few times a second while waiting; what it raises ends the waiting.

        Raises:
            UserFacingError: no place became free in time.
        """
        turn = Turn(self)
        self._wait_for(turn, seconds, on_wait)
        try:
            yield turn
        finally:
            with self._changed:
                if turn.slow:
                    self._slow += 1
                else:
                    self._quick += 1
                self._changed.notify_all()

    def move_aside(self, turn: Turn) -> None:
        """Count ``turn`` among the slow ones where they have a place left."""
        with self._changed:
            if not turn.slow and self._slow > 0:
                turn.slow = True
                self._slow -= 1
                self._quick += 1
                self._changed.notify_all()

    def _wait_for(self, turn: Turn, seconds: float, on_wait: Callable[[], None]) -> None:
        until = time.monotonic() + seconds
        with self._changed:
            self._waiting.append(turn)
        begun = False
        try:
            while not (begun := self._begin(turn)):
                if time.monotonic() > until:
                    raise PassingError(
                        f"Other files are being read; this one did not have its turn within {seconds:g} seconds.",
                        "Try again in a moment.",
                    )
                on_wait()
        finally:
            if not begun:
                with self._changed:
                    self._waiting.remove(turn)
                    self._changed.notify_all()

    def _begin(self, turn: Turn) -> bool:
        """Whether it is this one's turn, at the latest after `POLL_SECONDS`."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._quick > 0 and self._waiting[0] is turn, POLL_SECONDS):
                return False
            self._waiting.popleft()
            self._quick -= 1
            self._changed.notify_all()
            return True
