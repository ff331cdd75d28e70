"""The one kind of error whose text is written for the person in front of the screen."""

from __future__ import annotations


class UserFacingError(Exception):
    """A problem the user can understand and act on.

    Args:
        message: what happened, as one sentence.
        hint: what to do about it, as one sentence.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}"


class PassingError(UserFacingError):
    """One that nothing of the user's is to blame for, and that may be gone at the next try: no record may keep it."""
