"""The XAI library navigator's table: data, schema, search, and what links it with Lightbox's own methods."""

from __future__ import annotations

from functools import lru_cache

from lightbox.navigator.library import Library
from lightbox.navigator.methods import RUN_HERE
from lightbox.navigator.table import load
from lightbox.navigator.terms import slug

__all__ = ["Library", "libraries_for_method", "load", "methods_run_here", "navigator_query"]


def libraries_for_method(method_key: str) -> tuple[Library, ...]:
    """The libraries that implement one of Lightbox's methods, by name; () where the catalogue has no word for it.

    Args:
        method_key: as in Compare's address, for example "grad_cam".
    """
    word = RUN_HERE.get(method_key, "")
    return tuple(library for library in _shipped() if word in library.methods)


def navigator_query(method_key: str) -> dict[str, str]:
    """Query parameters that open the navigator on those libraries; {} where the catalogue has no word for it."""
    return {"method": slug(RUN_HERE[method_key])} if method_key in RUN_HERE else {}


def methods_run_here(library: Library) -> tuple[str, ...]:
    """Keys of Lightbox's own methods that the library implements too."""
    return tuple(key for key, word in RUN_HERE.items() if word in library.methods)


@lru_cache(maxsize=1)
def _shipped() -> tuple[Library, ...]:
    return load()
