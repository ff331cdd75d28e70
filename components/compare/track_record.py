"""Beside each network's answer: how often it was right when it gave this answer, and that it is not calibrated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.shell import answers
from components.shell.language import _
from lightbox.core.errors import UserFacingError
from lightbox.metrics.calibration import BINS, tendency
from lightbox.metrics.predictions import PREDICTIONS_NAME
from lightbox.metrics.track_record import find_track_record
from lightbox.metrics.unseen import ALL, NEW, UNLEAKED, find_seen
from lightbox.provenance.data_audit import audit_path, find_audit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.jobs import Prediction
    from lightbox.metrics.track_record import TrackRecord
    from lightbox.networks import Card

# Of fewer scans a share alone would promise too much, so its interval stands beside it.
FEW = 100
# Which of its test scans a figure is of: in the sentence, and spelled out.
WHICH = {ALL: "test scans", UNLEAKED: "test scans that it was not trained on", NEW: "test scans that are new to it"}
SPELLED_OUT = {
    ALL: "All {count} scans of this network's test split.",
    UNLEAKED: "The {count} scans of this network's test split that are not byte for byte in its training data.",
    NEW: "The {count} scans of this network's test split whose picture is in its training data in no form, as "
    "`lightbox audit` found. It may know the others by heart.",
}


def show(card: Card, prediction: Prediction) -> None:
    """Two lines of small text, and what stands behind them one click away.

    Args:
        card: of the network.
        prediction: what it says of the scan.
    """
    index = int(prediction.probabilities.argmax())
    found = _find(card, prediction.classes[index])
    if isinstance(found, str):
        st.caption(found)
        return
    title = _(prediction.class_titles[index])
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"compare.record.{card.network}"):
        st.caption(f"{describe(found, title)} {describe_calibration(found)}", width="stretch")
        with st.popover(_("How good?"), icon=":material/query_stats:", type="tertiary"):
            _show_details(card, found, title, prediction)


def describe(found: TrackRecord, title: str) -> str:
    """Such as: finds 50 of the 100 Glioma test scans that are new to it; of 61 called Glioma, 50 are (82 %, 71–90)."""
    which = _(WHICH[found.subset])
    if not found.truly:
        first = _("None of its {which} is {title}").format(which=which, title=title)
    else:
        first = _("It finds {right} of {truly} {title} {which}{interval}").format(
            right=found.right,
            truly=found.truly,
            title=title,
            which=which,
            interval=_interval(found.right, found.truly, found.found_interval),
        )
    if not found.called:
        return first + _("; it calls none of them {title}, so nothing is known of this answer.").format(title=title)
    second = _("; of {called} that it calls {title} {right} are{interval}").format(
        called=found.called,
        title=title,
        right=found.right,
        interval=_interval(found.right, found.called, found.right_interval),
    )
    if found.wrong_more_often:
        return f"{first}{second}: " + _("**this answer is wrong more often than right.**")
    return f"{first}{second}."


def describe_calibration(found: TrackRecord) -> str:
    """That the probabilities are the network's own, and how far off they are on average."""
    calibration = found.calibration
    if calibration.error is None or calibration.confidence is None or found.accuracy is None:
        return _("Its probabilities are not calibrated.")
    lean = {0: "", 1: _(", too sure"), -1: _(", too modest")}[tendency(calibration.confidence, found.accuracy)]
    words = _(
        "Its probabilities are not calibrated: on these scans {points:.0f} percentage points off on average{lean}."
    )
    return words.format(points=100 * calibration.error, lean=lean)


def link_to_cell(card: Card, found: TrackRecord) -> Mapping[str, str]:
    """The address of the Networks page at the cell of what is wrongly called so most often, else of what is right."""
    return {
        "task": card.task,
        "networks": card.network,
        "scans": found.subset,
        "cell_network": card.network,
        "true": found.confused_with or found.label,
        "called": found.label,
    }


def _find(card: Card, label: str) -> TrackRecord | str:
    """The record, or a sentence why there is none."""
    unknown = _("How often this network is right is not known: ")
    path, audit = card.folder / PREDICTIONS_NAME, audit_path(card.task)
    if not path.is_file():
        return unknown + _("it came without its answers on a test set.")
    if not card.measured:
        return unknown + _("what was measured of it may be of other weights.")
    try:
        changed = (path.stat().st_mtime_ns, audit.stat().st_mtime_ns if audit.is_file() else 0)
        return _count(str(card.folder), card.sha256, changed, label, card)
    except (UserFacingError, OSError):
        # The Networks page says what is wrong with the file.
        return unknown + _("its answers on its test set cannot be read.")


@st.cache_resource(max_entries=50, show_spinner=False)
def _count(folder: str, weights: str, changed: tuple[int, int], label: str, _card: Card) -> TrackRecord:  # noqa: ARG001  (the key)
    """Counted once for everybody, until a file changes."""
    return find_track_record(answers.read(_card), label, find_seen(find_audit(_card.task), [_card]))


def _show_details(card: Card, found: TrackRecord, title: str, prediction: Prediction) -> None:
    st.markdown(_(SPELLED_OUT[found.subset]).format(count=found.scans))
    if found.scans:
        lines = [
            _("**{truly}** of {scans} are {title}. How many of those called so are right depends on that: where the "
              "class is rarer, fewer are.").format(truly=found.truly, scans=found.scans, title=title)
        ]  # fmt: skip
        if found.confused_with:
            other = dict(zip(prediction.classes, prediction.class_titles, strict=True))[found.confused_with]
            words = _("What it wrongly calls {title} is most often {other}.")
            lines.append(words.format(title=title, other=_(other)))
        st.markdown("  \n".join(lines))
    st.markdown(
        _(
            "Probabilities are the network's own, as softmax gives them: nobody has adjusted them so that of answers "
            "at 90 % nine in ten are right. The figure is the expected calibration error over {bins} bins."
        ).format(bins=BINS)
    )
    st.caption(_("Intervals: 95 %, Wilson. Scans of another hospital may be harder than these."))
    st.page_link(
        "pages/networks.py",
        label=_("These scans in the confusion matrix"),
        icon=":material/grid_on:",
        query_params=link_to_cell(card, found),
    )


def _interval(part: int, whole: int, interval: tuple[float, float]) -> str:
    """`` (82 %, 71 to 90)``; of many scans the share alone."""
    if whole >= FEW:
        return f" ({part / whole:.0%})"
    return _(" ({share:.0%}, {low:.0%} to {high:.0%})").format(share=part / whole, low=interval[0], high=interval[1])
