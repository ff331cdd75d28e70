"""Sessions end soon after their tab, and what this needs of Streamlit's internals is still there."""

import inspect

from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.session_manager import SessionManager
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from components.shell.session_lifetime import LOOK_SECONDS, SECONDS_KEPT_AFTER_LEAVING, Absences, _Nobody
from lightbox.core import settings

CHANGED = "Streamlit was upgraded and has no {name} any more: mend components/shell/session_lifetime.py, or scans stay."


def test_who_stays_away_is_gone_and_who_comes_back_starts_anew():
    absences = Absences(patience=10)
    assert absences.find_gone(["ann", "bob"], now=0) == []
    assert absences.find_gone(["bob"], now=9) == []
    assert absences.find_gone(["ann", "bob"], now=11) == ["bob"]
    assert absences.find_gone(["ann"], now=20) == []
    assert absences.find_gone(["ann"], now=22) == ["ann"]


def test_the_longest_time_to_forget_is_less_than_the_minute_that_is_promised():
    assert SECONDS_KEPT_AFTER_LEAVING + 2 * LOOK_SECONDS + 5 < 60


def test_streamlit_still_keeps_sessions_longer_than_we_do():
    ttl = inspect.signature(MemorySessionStorage).parameters["ttl_seconds"].default
    assert ttl > SECONDS_KEPT_AFTER_LEAVING, (
        "Streamlit forgets sooner by itself: a short break of the network loses the scan."
    )


def test_what_this_module_uses_of_streamlit_is_still_there():
    for owner, names in {
        Runtime: ("_get_async_objs", "close_session", "connect_session", "get_app_session"),
        SessionManager: ("list_sessions", "is_active_session"),
        WebsocketSessionManager: ("list_sessions", "is_active_session", "close_session"),
        AppSession: ("_enqueue_forward_msg", "shutdown"),
        MemoryUploadedFileManager: ("remove_file", "remove_session_files"),
    }.items():
        for name in names:
            assert hasattr(owner, name), CHANGED.format(name=f"{owner.__name__}.{name}")
    assert "_session_mgr" in inspect.getsource(Runtime.__init__), CHANGED.format(name="Runtime._session_mgr")
    assert "eventloop" in inspect.getsource(Runtime), CHANGED.format(name="AsyncObjects.eventloop")
    taken = inspect.signature(Runtime.connect_session).parameters
    assert {"client", "user_info", "session_id_override"} <= taken.keys(), CHANGED.format(name="such connect_session")


def test_the_visitor_is_a_client_as_streamlit_wants_it():
    assert not inspect.isabstract(_Nobody)
    assert _Nobody().client_context is None


def test_the_app_ends_sessions_before_any_page_runs():
    lines = (settings.PROJECT_DIR / "app.py").read_text(encoding="utf-8").splitlines()
    assert lines.index("session_lifetime.end_sessions_of_closed_tabs()") < lines.index("page = entrance.show()")
