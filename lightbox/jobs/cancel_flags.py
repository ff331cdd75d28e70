"""Which attempts are still wanted: a few bytes that the engine writes and the workers of its own cluster read.

A word sent through the scheduler passes three event loops, each of which may wait for a core. This is a small file that
both sides have mapped into their memory; it holds random numbers and process ids, and nothing of any scan.
"""

from __future__ import annotations

import mmap
import os
import signal
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# A place: the token of an attempt, whether it is wanted, whether its process was ended over it, that process.
TOKEN, WANTED, ENDED, PROCESS, PLACE = 32, 32, 33, slice(40, 48), 64
PLACES = 1024
# After the places, a byte for each worker of the embedded cluster by its number, set once it is warm.
WORKERS = slice(PLACES * PLACE, PLACES * PLACE + 1024)
VARIABLE = "LIGHTBOX_CANCEL_FLAGS_FILE"  # of the environment, from the cluster's process to its workers
YES, NO = b"1", b"0"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a worker of this machine finds one attempt's place."""

    path: str
    offset: int


class CancelFlags:
    """The engine's side. Safe from any thread."""

    def __init__(self) -> None:
        descriptor, self.path = tempfile.mkstemp(prefix="lightbox-cancel-flags-")
        os.ftruncate(descriptor, WORKERS.stop)
        self._bytes = mmap.mmap(descriptor, WORKERS.stop)
        os.close(descriptor)
        self._free = list(range(0, PLACES * PLACE, PLACE))
        self._lock = threading.Lock()

    def add(self, token: str) -> CancelFlag:
        """A place for an attempt, which is wanted from now on.

        Raises:
            ValueError: it is closed.
            IndexError: every place is taken.
        """
        with self._lock:
            offset = self._free.pop(0)
            content = token.encode().ljust(TOKEN)[:TOKEN] + YES + NO + bytes(PLACE - TOKEN - 2)
            self._bytes[offset : offset + PLACE] = content
        return CancelFlag(self, offset)

    def write(self, offset: int, content: bytes) -> None:
        with self._lock, suppress(ValueError):  # closed: the processes that would read it are ending
            self._bytes[offset : offset + len(content)] = content

    def read(self, offset: int, length: int) -> bytes:
        with self._lock:
            return b"" if self._bytes.closed else self._bytes[offset : offset + length]

    def give_back(self, offset: int) -> None:
        """The place may be another attempt's; who still works on this one finds that it is not wanted."""
        self.write(offset, bytes(PLACE))
        with self._lock:
            self._free.append(offset)

    @property
    def warm(self) -> int:
        """How many of the workers have been warm since the cluster began."""
        return self.read(WORKERS.start, WORKERS.stop - WORKERS.start).count(YES)

    @property
    def found(self) -> bool:
        """Whether workers can open the file: a system that tidies its folder of temporary files may remove it."""
        return Path(self.path).exists()

    def close(self) -> None:
        """Remove the file."""
        with self._lock:
            self._bytes.close()
        with suppress(OSError):
            Path(self.path).unlink(missing_ok=True)


class CancelFlag:
    """One attempt's place, as the engine sees it."""

    def __init__(self, flags: CancelFlags, offset: int) -> None:
        self._flags = flags
        self._offset = offset

    @property
    def address(self) -> Address:
        return Address(self._flags.path, self._offset)

    def withdraw(self) -> None:
        """Nobody wants it any more: its worker stops before its next operation."""
        self._flags.write(self._offset + WANTED, NO)

    def end_process(self) -> bool:
        """End the process that works on it; whether there was one."""
        process = int.from_bytes(self._flags.read(self._offset + PROCESS.start, PROCESS.stop - PROCESS.start), "little")
        if not process:
            return False
        self._flags.write(self._offset + ENDED, YES)
        with suppress(ProcessLookupError):
            os.kill(process, getattr(signal, "SIGKILL", signal.SIGTERM))
        return True

    def give_back(self) -> None:
        """The attempt is over."""
        self._flags.give_back(self._offset)


class Reader:
    """A worker's side of one attempt.

    Raises:
        OSError: the file is gone: the engine has ended.
    """

    def __init__(self, address: Address, token: str) -> None:
        with Path(address.path).open("r+b") as file:
            self._bytes = mmap.mmap(file.fileno(), 0)
        self._offset = address.offset
        self._expected = token.encode().ljust(TOKEN)[:TOKEN] + YES

    def is_wanted(self) -> bool:
        return self._bytes[self._offset : self._offset + len(self._expected)] == self._expected

    def begin(self) -> None:
        """Say which process works on it."""
        self._sign(os.getpid())

    def end(self) -> None:
        """This process does not work on it any more, and must not be ended over it."""
        self._sign(0)
        self._bytes.close()

    def _sign(self, process: int) -> None:
        # Where the place is another attempt's already, its process is none of this one's business.
        if self._bytes[self._offset : self._offset + TOKEN] == self._expected[:TOKEN]:
            place = slice(self._offset + PROCESS.start, self._offset + PROCESS.stop)
            self._bytes[place] = process.to_bytes(PROCESS.stop - PROCESS.start, "little")


def note_warm(path: str, number: int) -> None:
    """The worker of this number has imported what methods need."""
    with suppress(OSError), Path(path).open("r+b") as file:
        file.seek(WORKERS.start + number)
        file.write(YES)


def count_warm(path: str) -> int:
    """See `CancelFlags.warm`; for the process that watches the workers. 0 where the engine has ended."""
    try:
        return Path(path).read_bytes()[WORKERS].count(YES)
    except OSError:
        return 0


def find_ended(path: str) -> Callable[[str], bool]:
    """For the process that watches the workers: whether an attempt's process was ended because nobody wanted it.

    Returns:
        A function of the attempt's token.
    """
    with Path(path).open("r+b") as file:
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def was_ended(token: str) -> bool:
        offset = content.find(token.encode())
        return offset >= 0 and content[offset + ENDED : offset + ENDED + 1] == YES

    return was_ended
