"""Between a page and the engine: who asks, what is still wanted, and waiting without freezing the page."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from components.shell.language import _
from lightbox import jobs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lightbox.jobs import Engine, Job

# A prediction takes milliseconds once a worker is warm: waiting this long at most spares the page a flicker.
PATIENCE_SECONDS = 1.5
MOMENT_SECONDS = 0.25
# What importing torch and the engines takes on two busy cores: a wait that is said too long is forgiven.
USUAL_SECONDS_TO_START = 20
_HELD = "lightbox.held"
_SUBJECT = "lightbox.subject"
_DRAWN = "lightbox.drawn_subject"
_WAITED_FOR = "lightbox.waited_for"


def engine() -> Engine:
    """The process-wide engine; its workers start behind the first page.

    It asks Streamlit who is still there: closing a tab stops what only that tab wanted.
    """
    started = jobs.get_engine()
    if runtime.exists():
        started.watch_owners(runtime.get_instance().is_active_session)
    return started


def owner() -> str:
    """The name of this browser session."""
    context = get_script_run_ctx()
    return "" if context is None else context.session_id


def touch() -> None:
    """Tell the engine that this session still watches."""
    engine().touch(owner())


def hold(wanted: Iterable[Job]) -> None:
    """Keep these jobs and let go of every other that this session asked for: switched off means stopped."""
    held = {job.key: job for job in wanted}
    for key, job in st.session_state.get(_HELD, {}).items():
        if key not in held:
            engine().release(job, owner())
    st.session_state[_HELD] = held


def turn_to(subject: str, keep: Iterable[Job] = ()) -> None:
    """Say what the page is about now, before asking for anything: what was asked about another subject stops.

    Without it, the prediction of a new scan would wait behind the slow maps of the one before, which nobody
    lets go of until that prediction is there. ``keep``: jobs that stay wanted, whatever they are about.
    """
    if st.session_state.get(_SUBJECT, subject) != subject:
        hold(keep)
    st.session_state[_SUBJECT] = subject


def shows_another() -> bool:
    """Whether what is drawn on the page may still be of another subject than the one that it is about now.

    So it is until a run has come to its end: a run that a click interrupts has replaced some of it only.
    """
    return bool(st.session_state.get(_DRAWN) != st.session_state.get(_SUBJECT))


def tell_drawn() -> None:
    """Say that all of the page is about its subject now. Call it at the end of a run."""
    st.session_state[_DRAWN] = st.session_state.get(_SUBJECT)


def give_a_moment(jobs_by_speed: Iterable[Job]) -> None:
    """Let the fast maps end before the page is drawn, so that they need not wait for its next turn."""
    deadline = time.monotonic() + MOMENT_SECONDS
    for job in jobs_by_speed:
        job.wait(max(0.0, deadline - time.monotonic()))


def be_patient(jobs: Iterable[Job]) -> None:
    """Give jobs the time that a warm worker needs, once each: a page drawn again does not wait for the same ones."""
    waited_for: set[str] = st.session_state.setdefault(_WAITED_FOR, set())
    asked = list(jobs)
    deadline = time.monotonic() + PATIENCE_SECONDS
    for job in asked:
        if job.key not in waited_for:
            job.wait(max(0.0, deadline - time.monotonic()))
    st.session_state[_WAITED_FOR] = {job.key for job in asked}


def describe_reading(jobs: Iterable[Job]) -> str:
    """How far predictions are that have not ended."""
    starting = engine().status().starting_seconds
    if starting is not None:
        return _(
            "The computing processes are starting, as once after every start: usually within {usual} seconds, "
            "{seconds} so far…"
        ).format(usual=USUAL_SECONDS_TO_START, seconds=round(starting))
    waiting = list(jobs)
    places = [place for job in waiting if (place := job.position) is not None]
    if any(job.state == "running" for job in waiting) or not places:
        return _("The network is reading the scan…")
    return _("Waiting for other computations to end: place {place} in the queue…").format(place=min(places))
