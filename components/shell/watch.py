"""One line that is drawn again and again until what it tells of has ended; then the page is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import streamlit as st

from components.shell import computing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lightbox.jobs import Job

# Quick enough to look alive, slow enough to leave the cores to the maps.
TICK_SECONDS = 0.4


def until(ended: Callable[[], bool], draw: Callable[[], None]) -> None:
    """Draw now and at every tick, and run the page once it has ended.

    Both are kept as long as the line stands, with whatever they refer to: refer to jobs, never to a scan.

    Args:
        ended: asked before each drawing.
        draw: draws the line, and what belongs to it.
    """
    st.fragment(_tick, run_every=TICK_SECONDS)(ended, draw)


def reading(jobs: Sequence[Job]) -> None:
    """A line on predictions that are under way."""
    until(lambda: all(job.ended for job in jobs), lambda: _draw_reading(jobs))


def wait(jobs: Sequence[Job]) -> bool:
    """Wait a moment; True when all predictions have ended, else there is a line that watches them."""
    deadline = time.monotonic() + computing.PATIENCE_SECONDS
    for job in jobs:
        job.wait(max(0.0, deadline - time.monotonic()))
    if all(job.ended for job in jobs):
        return True
    reading(jobs)
    return False


def _draw_reading(jobs: Sequence[Job]) -> None:
    st.progress(0.0, text=computing.describe_reading(jobs))


def _tick(ended: Callable[[], bool], draw: Callable[[], None]) -> None:
    computing.touch()
    if ended():
        st.rerun()
    draw()
