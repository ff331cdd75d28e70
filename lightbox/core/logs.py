"""Logs that never hold a scan's content or its name."""

from __future__ import annotations

import logging
import secrets

from lightbox.core import settings


def get_logger(room: str) -> logging.Logger:
    """The logger of one room of the library, at the level the settings ask for."""
    logger = logging.getLogger(f"lightbox.{room}")
    logger.setLevel(settings.get("LOG_LEVEL").upper())
    return logger


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
