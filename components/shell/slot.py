"""A place on the page that is emptied before the wait for what belongs there.

Until a run replaces it, Streamlit leaves what the run before has drawn. While a run waits for the answer about a new
scan, the old one's maps would stand under the new film.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator


def reserve(*, clear: bool) -> DeltaGenerator:
    """The place for what comes later; with ``clear`` whatever stands there goes at once."""
    return st.empty() if clear else st.container()


def fill(place: DeltaGenerator, *, clear: bool) -> DeltaGenerator:
    """The container in a reserved place, at the same path whether or not it was cleared: nothing is mounted anew."""
    return place.container() if clear else place
