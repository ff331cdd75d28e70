"""Where the navigator's settings live: in the address of the page, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from lightbox import navigator
from lightbox.navigator import address as addresses
from lightbox.navigator import maintenance
from lightbox.navigator.index import Index
from lightbox.navigator.short_answers import Question, questions

if TYPE_CHECKING:
    from datetime import date

    from lightbox.core.errors import UserFacingError
    from lightbox.navigator.address import Address

PAGE = "pages/navigator.py"
COMPARE_PAGE = "pages/compare.py"


def get_index() -> Index:
    """The catalogue as today sees it, read once a day."""
    return _index(maintenance.current_day())


@st.cache_resource(max_entries=2, show_spinner=False)
def _index(today: date) -> Index:
    return Index(navigator.load(), today)


@st.cache_resource(max_entries=2, show_spinner=False)
def _questions(today: date) -> tuple[Question, ...]:
    return questions(_index(today))


def get_questions() -> tuple[Question, ...]:
    """The common questions that have a short answer."""
    return _questions(maintenance.current_day())


def read() -> tuple[Address, list[UserFacingError]]:
    """What the address bar says, and what of it could not be understood."""
    return addresses.read(st.query_params.to_dict(), get_index())


def say_again() -> None:
    """Put the settings of this run into the address bar: a link of the page to itself brings them, and leaves it."""
    st.query_params.from_dict(st.query_params.to_dict())


def link(address: Address, **changes: Any) -> dict[str, str]:
    """Query parameters of the address with some settings changed."""
    return addresses.write(replace(address, **changes))


def change(**changes: Any) -> None:
    """Write changed settings into the address bar; whatever is narrowed anew starts at page 1. For callbacks."""
    address, _ = read()
    st.query_params.from_dict(link(address, **{"page": 1} | changes))


def seed(key: str, value: Any) -> str:
    """Make the widget ``key`` show ``value``, and return the key.

    The address is the only memory: a widget that kept a state of its own would contradict a link
    that was just opened, or the browser's back button. Writing also where nothing differs makes
    Streamlit send the value again, without which the browser goes on holding options by labels
    whose counts have changed.
    """
    st.session_state[key] = value
    return key
