"""The pages, and one way in: every page is reached through app.py, which carries the notice.

Streamlit finds a folder named ``pages`` by itself, and until some session has called ``st.navigation``, a link
straight to a page runs that page's file alone: no notice, no navigation, no wide layout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.shell.language import _

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

_PASSED = "lightbox.entrance"
_LAST = "lightbox.page"
# Whether this run is the first one of the page since another page, or none, was open.
OPENED = "lightbox.opened"
_SENT_BACK = "lightbox.sent_back"


def show() -> StreamlitPage:
    """The navigation; returns the page to run. Called in app.py alone."""
    page = _navigation()
    st.session_state[_PASSED] = True
    st.session_state[OPENED] = st.session_state.get(_LAST) != page.url_path
    st.session_state[_LAST] = page.url_path
    return page


def enter() -> None:
    """First line of every page: a run that did not come through app.py starts again, and then does.

    Once a session: were it ever of no use, the page would still open.
    """
    if st.session_state.pop(_PASSED, False) or st.session_state.get(_SENT_BACK):
        return
    st.session_state[_SENT_BACK] = True
    # Calling st.navigation switches Streamlit's own treatment of the folder off, for the whole server.
    _navigation()
    st.rerun()


def _navigation() -> StreamlitPage:
    return st.navigation(
        [
            st.Page("pages/compare.py", title=_("Compare"), icon=":material/compare:", default=True),
            st.Page("pages/ground_truth.py", title=_("Ground truth"), icon=":material/my_location:"),
            st.Page("pages/networks.py", title=_("Networks"), icon=":material/grid_on:"),
            st.Page("pages/navigator.py", title=_("Library navigator"), icon=":material/travel_explore:"),
        ],
        position="top",
    )
