"""A test set of the user's own: brought, sorted into classes, judged by the networks, shown, and forgotten."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import streamlit as st

from components.networks.own import bring, outcome, sort_classes
from components.networks.results import mean_map
from components.networks.scan_files import ScanFiles
from components.shell import checkpoints, computing, watch
from components.shell.language import _
from lightbox.core.errors import UserFacingError
from lightbox.networks import NETWORKS
from lightbox.provenance.training_files import find_training_files
from lightbox.testsets.run import Evaluation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.jobs import Job
    from lightbox.networks import Card
    from lightbox.provenance.training_files import TrainingFiles
    from lightbox.testsets.item import Brought
    from lightbox.testsets.labels import Sorted

_RUN = "networks.own_run"
_FILES = "networks.own_files"


def show(cards: Mapping[str, Card]) -> list[Job]:
    """From the upload to the figures; returns the jobs that it wants kept.

    Everything lives in this session's memory, under keys that no other session can name, and goes with it.
    """
    first = next(iter(cards.values()))
    st.markdown(
        _(
            "How good are the networks on scans of your own, whose class you know? They stay in memory, are never "
            "written to a disk or a log, and are forgotten when you clear them, or within a minute of closing the tab."
        )
    )
    if not checkpoints.same_classes(cards):
        st.warning(
            _(
                "These networks tell different classes apart, so one test set cannot be judged by all of them. "
                "{classes}. Pick networks with the same classes above."
            ).format(classes=checkpoints.describe_classes({key: card.classes for key, card in cards.items()})),
            icon=":material/call_split:",
        )
        return []
    asked = bring.Asked(first.task, tuple(sorted(first.classes)))
    brought = bring.show(asked, on_forget=forget)
    if brought is None:
        return []
    chosen = sort_classes.show(brought, first.task, first.classes)
    run: Evaluation | None = st.session_state.get(_RUN)
    current = run is not None and _asked(run) == asked
    left_out = [*brought.problems, *chosen.left_out]
    outcome.show_left_out(left_out)
    _offer(brought, chosen, cards, run if current else None)
    if run is None or not current:
        outcome.show_problems(left_out)
        return []
    if not _settle(run):
        watch.until(lambda: _advance(run), lambda: _draw_progress(run))
        return run.jobs
    if not run.judges(chosen):
        st.warning(
            _(
                "The classes above were changed since these scans were judged. The figures below are of the classes "
                "as they were: judge again."
            ),
            icon=":material/sync_problem:",
        )
    absent = [NETWORKS[key].title for key in cards if key not in run.cards]
    if absent:
        st.info(_("Judge again to include {names}.").format(names=", ".join(absent)), icon=":material/refresh:")
    return outcome.show(run, [key for key in cards if key in run.cards], st.session_state[_FILES])


def _asked(run: Evaluation) -> bring.Asked:
    """What the networks of a run were asked about."""
    card = next(iter(run.cards.values()))
    return bring.Asked(card.task, tuple(sorted(card.classes)))


def forget() -> None:
    """Let go of the evaluation, of the scans, and of all that shows them."""
    st.session_state.pop(_FILES, None)
    mean_map.forget()
    run: Evaluation | None = st.session_state.pop(_RUN, None)
    if run is not None:
        run.cancel(computing.engine(), computing.owner())


def _offer(brought: Brought, chosen: Sorted, cards: Mapping[str, Card], run: Evaluation | None) -> None:
    """The button that starts it, named by what it will do."""
    count = len(chosen.labelled)
    names = ", ".join(NETWORKS[key].title for key in cards)
    st.button(
        _("Judge {count} scans with {names}").format(count=count, names=names),
        icon=":material/play_arrow:",
        type="primary" if run is None else "secondary",
        disabled=count == 0 or (run is not None and not run.finished),
        key="networks.own_start",
        on_click=_start,
        args=(brought, chosen, cards),
    )


def _start(brought: Brought, chosen: Sorted, cards: Mapping[str, Card]) -> None:
    forget()
    run = Evaluation(brought, chosen, cards, _find_seen(cards))
    st.session_state[_RUN], st.session_state[_FILES] = run, ScanFiles(run.read, own=True)


def _find_seen(cards: Mapping[str, Card]) -> dict[str, TrainingFiles]:
    """What is known of each network's training files; a list that cannot be read is as if there were none."""
    found = {}
    for network, card in cards.items():
        with suppress(UserFacingError):
            files = find_training_files(card)
            if files is not None:
                found[network] = files
    return found


def _settle(run: Evaluation) -> bool:
    """Wait a moment; whether all is judged. A small set needs no progress bar."""
    deadline = time.monotonic() + computing.PATIENCE_SECONDS
    run.advance(computing.engine(), computing.owner())
    while not run.finished and time.monotonic() < deadline:
        computing.touch()
        for job in run.jobs[:1]:
            job.wait(min(1.0, max(0.0, deadline - time.monotonic())))
        run.advance(computing.engine(), computing.owner())
    return run.finished


def _advance(run: Evaluation) -> bool:
    """Go on with it; whether all is judged."""
    run.advance(computing.engine(), computing.owner())
    return run.finished


def _draw_progress(run: Evaluation) -> None:
    """One line and a way to stop."""
    words = _("{done} of {total} scans").format(done=run.done, total=run.total)
    if run.seconds_left is not None:
        words += ", " + _duration(run.seconds_left)
    st.progress(run.progress, text=words)
    if run.waiting_for:
        st.caption(_(run.waiting_for))
    if st.button(_("Stop, and show what is judged"), icon=":material/stop:", key="networks.own_stop"):
        run.cancel(computing.engine(), computing.owner())
        st.rerun()
    st.caption(_("It pauses while another page or view is open."))


def _duration(seconds: float) -> str:
    if seconds < 90:
        return _("about {count} s left").format(count=max(1, round(seconds)))
    return _("about {count} min left").format(count=round(seconds / 60))
