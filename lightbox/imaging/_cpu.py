"""How much computing a picture may cost: counted by the system in processor time, so a busy computer refuses nobody.

Some files of a few kilobytes keep a codec busy for minutes. A picture of so many pixels needs so much time, and
no more; the child process that takes more is ended by the system.
"""

from __future__ import annotations

import signal

BASE_SECONDS = 1.0
# Twice what the slowest honest file needs: JPEG 2000 of colour noise.
SECONDS_PER_MEGAPIXEL = 1.0
# Where the system cannot count, a child is bounded by the parent's clock alone.
CAN_COUNT = hasattr(signal, "setitimer") and hasattr(signal, "SIGPROF")


class _Allowance:
    """Off in every process but the child."""

    on = False


def start_counting() -> None:
    """From now on this process may take `BASE_SECONDS` of processor time, until it has told a picture's size."""
    if CAN_COUNT:
        _Allowance.on = True
        allow_for(0)


def allow_for(pixels: int) -> None:
    """Allow what a picture of so many pixels may take, from now on; without effect where nothing is counted."""
    if _Allowance.on:
        # Left to its default, the signal ends the process, in the middle of a codec too.
        signal.setitimer(signal.ITIMER_PROF, BASE_SECONDS + SECONDS_PER_MEGAPIXEL * pixels / 1e6)


def ended_by_the_count(code: int) -> bool:
    """Whether a child's return code says that it took too much processor time."""
    signals = ("SIGPROF", "SIGXCPU")
    return code in {-int(getattr(signal, name)) for name in signals if hasattr(signal, name)}
