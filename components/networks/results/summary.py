"""One row a network: how good, how sure, how large, how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.shell import computing, errors, watch
from components.shell.language import _
from lightbox.jobs.request import timing_work
from lightbox.metrics.calibration import BINS, calibrate
from lightbox.metrics.confusion import score
from lightbox.networks import NETWORKS, find_checkpoint
from lightbox.networks.size import read_size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.jobs import Job
    from lightbox.jobs.worker.timing import Timing
    from lightbox.metrics.predictions import Predictions

_WANTED = "networks.timing_wanted"


def show(predictions: Mapping[str, Predictions], shown: Mapping[str, Predictions]) -> list[Job]:
    """The table; returns the jobs that it wants kept.

    Args:
        predictions: on all scans.
        shown: on the scans chosen.
    """
    timings = _timings(shown) if st.session_state.get(_WANTED) else {}
    failed = [job.error for job in timings.values() if job.error is not None]
    done = {network: job.result for network, job in timings.items() if job.result is not None}
    st.dataframe(
        [record(predictions[network], shown[network], done.get(network)) for network in shown],
        hide_index=True,
        key="networks.summary",
        width="stretch",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if not timings:
            st.button(
                _("Measure the time per scan"),
                icon=":material/timer:",
                key="networks.time",
                type="tertiary",
                on_click=_want,
                help=_("On this computer, in a worker: the median of nine forward passes on one scan."),
            )
        elif not all(job.ended for job in timings.values()):
            _watch(list(timings.values()))
        st.caption(_explain(shown))
    for error in failed:
        errors.show(error)
    return list(timings.values())


def record(answers: Predictions, shown: Predictions, timing: Timing | None = None) -> dict[str, str | int]:
    """A network's row as a person reads it."""
    scores, calibration = score(shown), calibrate(shown)
    row: dict[str, str | int] = {_("Network"): NETWORKS[answers.network].title, _("Scans"): scores.scans}
    row[_("Accuracy (95 % interval)")] = with_interval(scores.accuracy, scores.interval)
    # On another test set than the one with leaks there is nothing to set beside it.
    if answers.leaked.any() and set(shown.names) <= set(answers.names):
        without = len(shown) == len(answers)
        title = _("Without the {leaked} leaked") if without else _("All {count} scans")
        other = score(answers.without_leaked() if without else answers)
        row[title.format(leaked=int(answers.leaked.sum()), count=len(answers))] = percent(other.accuracy)
    row |= {
        _("Balanced accuracy"): percent(scores.balanced_accuracy),
        _("Macro precision"): percent(scores.macro_precision),
        _("Macro F1"): percent(scores.macro_f1),
        _("Calibration error"): percent(calibration.error),
    }
    card = find_checkpoint(answers.task, answers.network)
    if card is not None:
        size = read_size(card)
        row |= {_("Parameters"): short_count(size.parameters), _("File"): f"{size.file_bytes / 1e6:.1f} MB"}
    if timing is not None:
        row[_("Time per scan")] = f"{1000 * timing.seconds:.1f} ms"
    return row


def percent(share: float | None) -> str:
    """In a column: 65.0 %; a dash where there is nothing to say. For sentences there is `lightbox.core.percent`."""
    return "–" if share is None else f"{100 * share:.1f} %"


def with_interval(share: float | None, interval: tuple[float, float]) -> str:
    """Such as: 65.0 % (60.1 to 69.5)."""
    if share is None:
        return "–"
    return _("{share:.1f} % ({low:.1f} to {high:.1f})").format(
        share=100 * share, low=100 * interval[0], high=100 * interval[1]
    )


def short_count(count: int) -> str:
    """Such as: 43 k, 23.5 M."""
    return f"{count / 1e6:.1f} M" if count >= 1e6 else f"{count / 1e3:.0f} k" if count >= 1e3 else str(count)


def _explain(shown: Mapping[str, Predictions]) -> str:
    """What the columns mean, in one line, and what chance would give."""
    chances = dict.fromkeys(f"{1 / len(answers.classes):.0%}" for answers in shown.values())
    return _(
        "Interval: Wilson. Balanced accuracy and the macro figures weigh every class the same; guessing has a balanced "
        "accuracy of {chance}. Calibration error: how far the confidence is from the accuracy, over {bins} bins."
    ).format(chance=_(" or ").join(chances), bins=BINS)


def _timings(shown: Mapping[str, Predictions]) -> dict[str, Job]:
    """One job a network that has a checkpoint."""
    cards = {network: find_checkpoint(answers.task, network) for network, answers in shown.items()}
    return {
        network: computing.engine().submit(timing_work(card), computing.owner())
        for network, card in cards.items()
        if card is not None
    }


def _watch(timings: list[Job]) -> None:
    watch.until(lambda: all(job.ended for job in timings), lambda: _draw_progress(timings))


def _draw_progress(timings: list[Job]) -> None:
    share = sum(job.progress for job in timings) / len(timings)
    st.progress(min(1.0, share), text=_("Timing…"))


def _want() -> None:
    st.session_state[_WANTED] = True
