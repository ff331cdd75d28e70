"""Who is next: one job from each owner in turn, so that a long list does not starve a short one."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lightbox.jobs.job import Job


class FairQueue:
    """Round-robin over owners; within one urgent jobs first, then quick ones, then the rest, the quickest first.

    Equals are served in the order in which they came.

    A job that several owners wait for stands in each one's line and leaves all of them at once.
    Not thread-safe: the engine holds its lock.
    """

    def __init__(self) -> None:
        self._lines: OrderedDict[str, OrderedDict[str, Job]] = OrderedDict()
        self._jobs: set[str] = set()
        self._places: dict[str, int] | None = None

    def __len__(self) -> int:
        return len(self._jobs)

    def count(self, owner: str) -> int:
        """How many jobs one owner waits for."""
        return len(self._lines.get(owner, ()))

    def push(self, owner: str, job: Job) -> None:
        """Put a job at the end of an owner's line; nothing changes where it stands there already."""
        line = self._lines.setdefault(owner, OrderedDict())
        line.setdefault(job.key, job)
        self._jobs.add(job.key)
        self._places = None

    def discard(self, owner: str, job: Job) -> None:
        """Take a job out of one owner's line."""
        line = self._lines.get(owner)
        if line is None or line.get(job.key) is not job:
            return
        del line[job.key]
        self._places = None
        if not line:
            del self._lines[owner]
        if not any(job.key in other for other in self._lines.values()):
            self._jobs.discard(job.key)

    @property
    def has_quick(self) -> bool:
        """Whether a quick job waits."""
        return any(job.quick for line in self._lines.values() for job in line.values())

    def pop(self, *, quick: bool = False) -> Job | None:
        """The next job, and its owner goes to the end of the round; None where nobody waits.

        Args:
            quick: pass over the owners who wait for no quick job.
        """
        lines = self._lines.items()
        owner = next((owner for owner, line in lines if not quick or any(job.quick for job in line.values())), None)
        if owner is None:
            return None
        job = min(self._lines[owner].values(), key=_patience)
        for other in list(self._lines):
            self.discard(other, job)
        if owner in self._lines:
            self._lines.move_to_end(owner)
        return job

    def position(self, job: Job) -> int | None:
        """Its place, from 1, if nothing is added or taken away; None where it does not wait."""
        if self._places is None:
            self._places = {waiting.key: place for place, waiting in enumerate(self, start=1)}
        return self._places.get(job.key)

    def __iter__(self) -> Iterator[Job]:
        """The jobs in the order in which they will start."""
        round_of_lines = deque(iter(sorted(line.values(), key=_patience)) for line in self._lines.values())
        seen: set[str] = set()
        while round_of_lines:
            line = round_of_lines.popleft()
            job = next((waiting for waiting in line if waiting.key not in seen), None)
            if job is not None:
                seen.add(job.key)
                round_of_lines.append(line)
                yield job


def _patience(job: Job) -> tuple[bool, bool, float]:
    return not job.urgent, not job.quick, job.expected.seconds
