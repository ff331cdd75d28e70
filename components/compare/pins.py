"""Pinned rows: what was on the page stays below what is there now, so that two scans or two settings stand together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from components.shell import computing
from components.shell.language import _
from lightbox.comparison.ask import ask_maps, ask_predictions
from lightbox.comparison.differences import describe_differences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.compare.scan_concern import Standing
    from lightbox.comparison.ask import Grid
    from lightbox.comparison.choice import Choice
    from lightbox.comparison.truth import Truth
    from lightbox.imaging.views import Views
    from lightbox.jobs import Job
    from lightbox.networks import Card

MOST = 3
_PINS, _NUMBER, _JOBS = "compare.pins", "compare.pin_number", "compare.pin_jobs"


@dataclass(frozen=True, slots=True)
class Pin:
    """A scan with the choices that were made for it.

    Args:
        number: tells it from every other pin of the session; 0 before it is one.
        views: of the scan; forgotten when the pin goes.
        task: key of the task.
        cards: of the networks.
        choice: what decides the maps.
        known: where the pathology is, where that is known.
        standing: what the check said of the scan.
    """

    number: int
    views: Views
    task: str
    cards: Mapping[str, Card]
    choice: Choice
    known: Truth | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Pinned:
    """A pin with what was computed for it.

    Args:
        pin: the pin.
        asked: a job a network: its prediction.
        grid: the maps of the networks whose prediction is there.
    """

    pin: Pin
    asked: Mapping[str, Job]
    grid: Grid

    @property
    def jobs(self) -> list[Job]:
        """All that it needs."""
        return [*self.asked.values(), *(job for row in self.grid.values() for job in row.values())]


def held() -> list[Job]:
    """The jobs of pinned rows, which stay wanted while another scan comes."""
    return list(st.session_state.get(_JOBS, ()))


def forget() -> None:
    """Take every pin away: the scan was removed, and nothing of it may stay."""
    for key in (_PINS, _JOBS):
        st.session_state.pop(key, None)


def count() -> int:
    """How many there are."""
    return len(_pins())


def offer(
    views: Views, task: str, cards: Mapping[str, Card], choice: Choice, known: Truth | None, *, standing: Standing
) -> None:
    """The button that pins what is on the page; not while it is in doubt whether the scan should be read at all."""
    full = count() >= MOST
    words = _("Keeps these maps below while you open another scan or change a setting.")
    if standing.in_doubt:
        words = _("Answer the question about the scan above first.")
    elif full:
        words = _("There are {most} pinned rows already: unpin one first.").format(most=MOST)
    st.button(
        _("Pin to compare"),
        icon=":material/keep:",
        key="compare.pin",
        on_click=_pin,
        args=(Pin(0, views, task, dict(cards), choice, known, standing),),
        disabled=standing.in_doubt or full or not (cards and choice.methods),
        help=words,
    )


def ask() -> list[Pinned]:
    """Ask for all that the pinned rows need; what is there already costs nothing."""
    engine, owner = computing.engine(), computing.owner()
    rows = []
    for pin in _pins():
        asked = ask_predictions(engine, owner, pin.views, pin.cards)
        predictions = {network: job.result for network, job in asked.items() if job.result is not None}
        grid = ask_maps(engine, owner, pin.views, pin.cards, predictions=predictions, choice=pin.choice)
        rows.append(Pinned(pin, asked, grid))
    st.session_state[_JOBS] = [job for row in rows for job in row.jobs]
    return rows


def describe(pin: Pin, views: Views, choice: Choice) -> str:
    """What a pinned row is: another scan, other settings, or both."""
    parts = []
    if (pin.views.scan.sha256, pin.views.scan.modality) != (views.scan.sha256, views.scan.modality):
        parts.append(_("another scan"))
    parts += [_(words) for words in describe_differences(pin.choice, choice)]
    return " · ".join(parts) if parts else _("the same scan and settings as above")


def _pins() -> list[Pin]:
    pins: list[Pin] = st.session_state.get(_PINS, [])
    return pins


def unpin(number: int) -> None:
    """Take one away."""
    st.session_state[_PINS] = [pin for pin in _pins() if pin.number != number]


def _pin(pin: Pin) -> None:
    number = st.session_state.get(_NUMBER, 0) + 1
    st.session_state[_NUMBER] = number
    st.session_state[_PINS] = [*_pins(), replace(pin, number=number)]
