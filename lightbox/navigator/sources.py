"""What GitHub and a package index have in common: a release, and the ways in which either fails to answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class NoNetworkError(Exception):
    """The server could not be reached at all."""


class SourceError(Exception):
    """The server answered, but not with what was asked for; the text says why."""


@dataclass(frozen=True, slots=True)
class Release:
    """The newest release: its version or tag, its day, what it allows (keys of `vocabulary.RUNS_WITH`), and its pins.

    ``known`` is False where its requirements could not be read, so that ``runs_with``, ``not_with`` and ``pins`` say
    nothing.
    """

    version: str
    day: date | None
    runs_with: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()
    pins: tuple[str, ...] = ()
    known: bool = False
