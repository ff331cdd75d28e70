"""Translation of what users read. English is the source; catalogues live in ``components/locale``."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

LOCALE_DIR = Path(__file__).parents[1] / "locale"


def _(message: str) -> str:
    """``message`` in the user's language, itself where no catalogue has it."""
    return _catalogue("en").gettext(message)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("lightbox", LOCALE_DIR, languages=[language], fallback=True)
