"""Who counted the stars, said wherever they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lightbox.navigator.library import Library

NAVIGATOR = "SadSabrina/streamlit_XAI_table"
NAVIGATOR_URL = f"https://github.com/{NAVIGATOR}"
SOURCES = {"navigator": f"{NAVIGATOR} (MIT licence)", "github": "GitHub"}


def stars_credit(libraries: Iterable[Library]) -> str:
    """One sentence that names the source and the day of every star count among the libraries; "" without any."""
    counted: dict[str, set[str]] = {}
    for library in libraries:
        if library.stars is not None:
            counted.setdefault(library.stars_source, set()).add(str(library.stars_as_of))
    parts = []
    for source, days in sorted(counted.items(), reverse=True):
        span = min(days) if len(days) == 1 else f"{min(days)} to {max(days)}"
        parts.append(f"{SOURCES[source]}, {span}")
    return f"Star counts: {'; '.join(parts)}." if parts else ""
