"""What people are told when there is no result."""

from __future__ import annotations

from lightbox.core.errors import UserFacingError


def queue_full(*, waiting: int, mine: int, seconds: float) -> UserFacingError:
    """Too many jobs wait, ``mine`` of them the asker's; a new one would start in ``seconds``."""
    wait = f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"
    return UserFacingError(
        f"The queue is full: {waiting} computations wait already, {mine} of them yours. "
        f"A new one would start in about {wait}.",
        "Wait for some to finish, or switch some maps off.",
    )


def killed_twice() -> UserFacingError:
    """Two worker processes died of the same job."""
    return UserFacingError(
        "This computation ended its worker process twice, probably because memory ran out.",
        "Choose a smaller network or fewer samples, or give the workers more memory (LIGHTBOX_WORKER_MEMORY_GB).",
    )


def failed(reference: str) -> UserFacingError:
    """Something nobody planned for; the log has it under the reference."""
    return UserFacingError(
        f"This computation failed unexpectedly (reference {reference}).",
        "Try again; if it fails again, tell whoever runs this server the reference.",
    )


def unavailable(reference: str) -> UserFacingError:
    """There is no cluster to compute on; the log says why under the reference."""
    return UserFacingError(
        f"The processes that compute are not available (reference {reference}).",
        "Try again in a minute; if it stays so, tell whoever runs this server the reference.",
    )
