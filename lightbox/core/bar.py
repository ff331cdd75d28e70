"""How far a command is, on one line of the terminal."""

from __future__ import annotations

import sys
from typing import Any

from tqdm import tqdm

FORMAT = "{percentage:3.0f}% |{bar:30}| {n:.4g} of {total:.4g} {unit}, {elapsed} done, {remaining} left"


class Bar:
    """tqdm's bar on a terminal; in a log or a pipe nothing, so that a redirected report stays clean.

    The time left is judged by what was done since the first call: work that an earlier run did costs nothing.

    Args:
        unit: what is counted, in the plural.
    """

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._bar: Any = None

    def __call__(self, done: float, total: float) -> None:
        """Draw it with so much ``done`` of ``total``; at the total the line ends."""
        if self._bar is None:
            self._bar = tqdm(
                total=total, initial=done, unit=self._unit, bar_format=FORMAT, disable=None, leave=True, file=sys.stderr
            )
        self._bar.update(done - self._bar.n)
        if done >= total:
            self._bar.close()

    def say(self, line: str) -> None:
        """Write a line of the report; a bar is drawn again below it."""
        tqdm.write(line, file=sys.stdout)
        sys.stdout.flush()
