"""How large an upload may be."""

from __future__ import annotations

from components.shell import errors
from lightbox.core import settings
from lightbox.core.errors import UserFacingError


def read_megabytes(name: str) -> int:
    """The limit that a setting names, in whole megabytes, at least 1.

    A setting that is no number is named on the page, and its default stands in: what is then uploaded is refused
    with the same sentence, and the rest of the page can be used.
    """
    try:
        limit = settings.get_number(name)
    except UserFacingError as error:
        errors.show(error)
        limit = float(next(row.default for row in settings.SETTINGS if row.name == name))
    return max(1, int(limit))
