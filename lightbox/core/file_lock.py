"""One process at a time."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def hold(path: Path, message: str, hint: str) -> Iterator[None]:
    """Hold the file ``path`` for this process; the system lets go when the process ends, however that happens.

    Raises:
        UserFacingError: with ``message`` and ``hint``; another process holds it.
    """
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UserFacingError(message, hint) from error
        yield
