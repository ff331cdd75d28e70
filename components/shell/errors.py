"""The one place where an error becomes words on the page."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException, StopException

from components.shell.language import _
from lightbox.core.errors import UserFacingError
from lightbox.core.logs import get_logger, log_unexpected

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = get_logger("components")


def show(error: BaseException) -> None:
    """What happened and what to do; for an error nobody planned for, a reference into the log."""
    if isinstance(error, UserFacingError):
        st.error(f"{_(error.message)} {_(error.hint)}", icon=":material/error:")
        return
    reference = log_unexpected(logger, error)
    st.error(
        _("Something went wrong here. The rest of the page is not affected.")
        + " "
        + _("Reference for the log: {reference}.").format(reference=reference),
        icon=":material/error:",
    )


@contextmanager
def boundary() -> Iterator[None]:
    """Errors inside are shown in place, and the rest of the page goes on."""
    try:
        yield
    except (RerunException, StopException):
        raise
    except Exception as error:  # noqa: BLE001  (the boundary is the one place that catches everything)
        show(error)
