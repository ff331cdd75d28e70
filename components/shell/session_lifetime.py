"""How long a session outlives its tab. All that depends on Streamlit's internals for it stands here."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any

from streamlit import runtime
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.session_manager import SessionClient

from lightbox.core import freed_memory
from lightbox.core.logs import get_logger, log_unexpected
from lightbox.jobs.owner_presence import SECONDS_KEPT_AFTER_LEAVING

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Iterable

    from streamlit.runtime import Runtime

LOOK_SECONDS = 2.0
VISIT_SECONDS = 0.2
VISITOR = "lightbox-visitor"
_SWEEPER = "lightbox-sessions"
_start = threading.Lock()


class Absences:
    """Who left when.

    Args:
        patience: seconds after which one who left is not waited for.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._left_at: dict[str, float] = {}

    def find_gone(self, away: Iterable[str], now: float) -> list[str]:
        """Those of ``away`` who have been so for longer than the patience. Who came back, starts anew."""
        self._left_at = {session: self._left_at.get(session, now) for session in away}
        return [session for session, left_at in self._left_at.items() if now - left_at > self._patience]


def end_sessions_of_closed_tabs() -> None:
    """Have every session end `SECONDS_KEPT_AFTER_LEAVING` after its tab is gone. Calling it again changes nothing.

    Streamlit keeps the session of a tab that is gone, with its file and its maps, so that a short break of the network
    loses nothing; but it drops it only when another one comes after two minutes, and on an idle server never.
    """
    with _start:
        if runtime.exists() and not any(thread.name == _SWEEPER for thread in threading.enumerate()):
            freed_memory.overwrite_when_freed()
            freed_memory.map_large_blocks()
            threading.Thread(target=_sweep, args=(runtime.get_instance(),), name=_SWEEPER, daemon=True).start()


def drop_file(file_id: str) -> None:
    """Let go of an uploaded file of this session before its widget does."""
    context = get_script_run_ctx()
    if context is not None:
        manager: Any = context.uploaded_file_mgr  # the protocol knows only how to drop all of them
        manager.remove_file(context.session_id, file_id)


def drop_files() -> None:
    """Let go of every uploaded file of this session: an emptied uploader alone lets go of none."""
    context = get_script_run_ctx()
    if context is not None:
        context.uploaded_file_mgr.remove_session_files(context.session_id)


def event_loop(server: Runtime) -> AbstractEventLoop:
    """The loop in whose thread sessions may be ended."""
    return server._get_async_objs().eventloop  # noqa: SLF001  (nothing public names it)


def sessions_without_a_tab(server: Runtime) -> list[str]:
    """The ids of the sessions that Streamlit keeps for a tab that might come back."""
    manager: Any = server._session_mgr  # noqa: SLF001  (nothing public lists them)
    return [info.session.id for info in manager.list_sessions() if not manager.is_active_session(info.session.id)]


def _sweep(server: Runtime) -> None:
    absences = Absences(SECONDS_KEPT_AFTER_LEAVING)
    loop = event_loop(server)
    while not loop.is_closed():
        time.sleep(LOOK_SECONDS)
        try:
            if asyncio.run_coroutine_threadsafe(_end_gone(server, absences), loop).result():
                freed_memory.give_back()
        except Exception as error:  # noqa: BLE001  (without a sweeper, scans would stay for ever)
            log_unexpected(get_logger("components"), error)


async def _end_gone(server: Runtime, absences: Absences) -> bool:
    """End the sessions that nobody comes back to; whether there were any. Runs on the server's loop."""
    gone = absences.find_gone(sessions_without_a_tab(server), time.monotonic())
    for session in gone:
        server.close_session(session)
    if gone:
        await _visit(server)
        freed_memory.overwrite_thread_blocks()  # of the server's own thread
    return bool(gone)


async def _visit(server: Runtime) -> None:
    """Have a session without a tab come, send one empty message, and go.

    Between two messages the server's loop holds the last one and its session: on an idle server, for ever.
    """
    visitor = server.connect_session(client=_Nobody(), user_info={}, session_id_override=VISITOR)
    try:
        session = server.get_app_session(visitor)
        if session is not None:
            session._enqueue_forward_msg(ForwardMsg())  # noqa: SLF001  (what a script would do, without running one)
        await asyncio.sleep(VISIT_SECONDS)
    finally:
        server.close_session(visitor)


class _Nobody(SessionClient):
    """A client that throws away what it is sent."""

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        """Nothing."""

    @property
    def client_context(self) -> None:
        """None: there is no connection."""
        return None
