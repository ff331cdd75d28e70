"""Places for decoders: first come, first served, bounded waiting, and slow files that make room."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from lightbox.core.errors import UserFacingError
from lightbox.imaging._decoder_queue import Turns

if TYPE_CHECKING:
    from collections.abc import Callable


def nothing() -> None:
    pass


class Holder:
    """Somebody who holds a place until told to let go."""

    def __init__(self, turns: Turns) -> None:
        self.began, self.let_go = threading.Event(), threading.Event()
        self.turn = None
        self._turns = turns
        self._thread = threading.Thread(target=self._hold, daemon=True)
        self._thread.start()

    def _hold(self) -> None:
        with self._turns.take(seconds=20, on_wait=nothing) as self.turn:
            self.began.set()
            self.let_go.wait(20)

    def end(self) -> None:
        self.let_go.set()
        self._thread.join(20)


def wait_until(fact: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not fact():
        assert time.monotonic() < until
        time.sleep(0.01)


def count_of_begun(holders: list[Holder], expected: int) -> int:
    """How many have a place, after a while in which more could have got one."""
    wait_until(lambda: sum(holder.began.is_set() for holder in holders) >= expected)
    time.sleep(0.4)
    return sum(holder.began.is_set() for holder in holders)


def test_waiting_ends_in_a_sentence_and_leaves_the_queue():
    turns = Turns(quick=1, slow=0)
    holder = Holder(turns)
    assert holder.began.wait(5)
    started = time.monotonic()
    words = r"Other files are being read.*within 0\.1 seconds\. Try again"
    with pytest.raises(UserFacingError, match=words), turns.take(seconds=0.1, on_wait=nothing):
        pass
    assert time.monotonic() - started < 5
    holder.end()
    with turns.take(seconds=0, on_wait=nothing):
        pass


def test_who_waits_is_told_so_and_may_give_up():
    turns = Turns(quick=1, slow=0)
    holder = Holder(turns)
    assert holder.began.wait(5)

    def give_up() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), turns.take(seconds=20, on_wait=give_up):
        pass
    holder.end()
    calls = []
    with turns.take(seconds=0, on_wait=lambda: calls.append(1)):
        pass
    assert calls == []  # nobody waits where a place is free


def test_the_order_of_asking_is_the_order_of_turns():
    turns = Turns(quick=1, slow=0)
    first = Holder(turns)
    assert first.began.wait(5)
    waiting: list[Holder] = []
    for number in range(1, 5):
        waiting.append(Holder(turns))
        wait_until(lambda: len(turns._waiting) == number)  # noqa: B023 (called at once)
    first.end()
    for number, holder in enumerate(waiting):
        assert holder.began.wait(5)
        assert not any(later.began.is_set() for later in waiting[number + 1 :])
        holder.end()


def test_slow_files_make_room_for_others_but_not_for_any_number():
    turns = Turns(quick=2, slow=2)
    slow = [Holder(turns), Holder(turns)]
    assert all(holder.began.wait(5) for holder in slow)
    quick = Holder(turns)
    assert not quick.began.wait(0.5)
    slow[0].turn.make_room()
    slow[0].turn.make_room()  # twice is once
    assert quick.began.wait(5)
    others = [Holder(turns), Holder(turns)]
    assert not any(holder.began.wait(0.3) for holder in others)
    slow[1].turn.make_room()
    quick.turn.make_room()  # there is no third place for slow ones
    assert count_of_begun(others, 1) == 1
    for holder in (*slow, quick, *others):
        holder.end()
    again = [Holder(turns), Holder(turns), Holder(turns)]  # two places are free again, and no third
    assert count_of_begun(again, 2) == 2
    for holder in again:
        holder.end()
