"""Logs that never hold a scan's content or its name."""

from __future__ import annotations

import logging
import secrets
from functools import cache

from lightbox.core import settings


def get_logger(room: str) -> logging.Logger:
    """The logger of one room of the library, at the level the settings ask for; INFO where they name none."""
    logger = logging.getLogger(f"lightbox.{room}")
    logger.setLevel(_level(settings.get("LOG_LEVEL")))
    return logger


@cache
def _level(text: str) -> int:
    """The level of a name. Loggers are made at import, so a slip of the pen must not take the app down."""
    level = logging.getLevelNamesMapping().get(text.strip().upper())
    if level is None:
        # Cached, and so said once.
        logging.getLogger("lightbox.core").warning("LIGHTBOX_LOG_LEVEL is %r, which is no level; INFO is used", text)
    return logging.INFO if level is None else level


def show_logs() -> None:
    """Write this library's logs to standard error: for programs such as the app. Calling it again changes nothing."""
    root = logging.getLogger("lightbox")
    if not root.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        root.addHandler(handler)


def log_unexpected(logger: logging.Logger, error: BaseException) -> str:
    """Log an error nobody planned for, and return the short reference that the user is shown."""
    reference = secrets.token_hex(4)
    logger.error("unexpected error, reference %s", reference, exc_info=error)
    return reference
