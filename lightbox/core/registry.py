"""Named things found in a package: methods, networks, baselines."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from lightbox.core.errors import UserFacingError

T = TypeVar("T")


class Registry(Mapping[str, T], Generic[T]):
    """A mapping from key to thing, in the order of registration.

    A duplicate key is a programming error (ValueError). An unknown key is a
    `UserFacingError` that lists the known ones, because keys come from URLs and shells.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._things: dict[str, T] = {}

    def add(self, key: str, thing: T) -> T:
        if key in self._things:
            raise ValueError(f"{self.kind} {key!r} is registered twice")
        self._things[key] = thing
        return thing

    def __getitem__(self, key: str) -> T:
        try:
            return self._things[key]
        except KeyError:
            raise UserFacingError(
                f"There is no {self.kind} named {key!r}.", f"Choose one of: {', '.join(self._things) or 'none'}."
            ) from None

    def __contains__(self, key: object) -> bool:
        return key in self._things

    def __iter__(self) -> Iterator[str]:
        return iter(self._things)

    def __len__(self) -> int:
        return len(self._things)


def discover(package: str) -> dict[str, object]:
    """The ``SPEC`` of every public module in ``package``, by module name.

    Modules whose name starts with an underscore, and modules without a ``SPEC``, are
    supporting code. A module that fails to import fails the program: a method that silently
    disappears from a comparison would be worse.
    """
    found: dict[str, object] = {}
    for info in pkgutil.iter_modules(importlib.import_module(package).__path__):
        if info.name.startswith("_"):
            continue
        spec = getattr(importlib.import_module(f"{package}.{info.name}"), "SPEC", None)
        if spec is not None:
            found[info.name] = spec
    return found
