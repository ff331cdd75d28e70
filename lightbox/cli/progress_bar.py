"""How far a command is: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
from time import monotonic
from typing import Any

from tqdm import tqdm

FORMAT = "{percentage:3.0f}% |{bar:30}| {desc}, {elapsed} done, {remaining} left"
SECONDS_BETWEEN_LINES = 60.0


class Bar:
    """tqdm's bar on a terminal; elsewhere a line a minute on standard error, so that a report stays clean.

    A command that ends within the first minute leaves no line. The time left is judged by what was done since the
    first call: work that an earlier run did costs nothing.

    Args:
        unit: what is counted, in the plural.
    """

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._bar: Any = None
        self._lines: _Lines | None = None

    def __call__(self, done: float, total: float) -> None:
        """Show so much ``done`` of ``total``; at the total the bar ends."""
        words = f"{_count(done)} of {_count(total)} {self._unit}"
        if sys.stderr.isatty():
            self._draw(done, total, words)
        else:
            self._lines = self._lines or _Lines(done)
            self._lines.tell(done, total, words)

    def _draw(self, done: float, total: float, words: str) -> None:
        if self._bar is None:
            self._bar = tqdm(total=total, initial=done, desc=words, bar_format=FORMAT, leave=True, file=sys.stderr)
        self._bar.set_description_str(words, refresh=False)
        self._bar.update(done - self._bar.n)
        if done >= total:
            self._bar.close()

    def say(self, line: str) -> None:
        """Write a line of the report; a bar is drawn again below it."""
        tqdm.write(line, file=sys.stdout)
        sys.stdout.flush()


class _Lines:
    """The lines of one command in a log.

    Args:
        done: before the first call.
    """

    def __init__(self, done: float) -> None:
        self._before = self._told = done
        self._start = self._last = monotonic()

    def tell(self, done: float, total: float, words: str) -> None:
        """Write a line if the last is a minute old, and the last one of a command that has written any."""
        now = monotonic()
        ended = done >= total and done != self._told and self._last > self._start
        if now - self._last < SECONDS_BETWEEN_LINES and not ended:
            return
        self._last, self._told = now, done
        took = now - self._start
        line = f"{words}, {tqdm.format_interval(took)} done"
        if self._before < done < total:
            left = took * (total - done) / (done - self._before)
            line += f", about {tqdm.format_interval(left)} left"
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def _count(number: float) -> str:
    """The number in full, with decimals where it is small and broken."""
    return f"{number:.0f}" if number >= 1000 or number == round(number) else f"{number:.4g}"
