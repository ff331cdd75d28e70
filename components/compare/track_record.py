"""Beside each network's answer: how often it was right when it gave this answer, and whether it is as sure as right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.shell import test_set_answers
from components.shell.language import _
from lightbox.core.errors import UserFacingError
from lightbox.core.unchanged_files import read_once
from lightbox.metrics.calibration import BINS, tendency
from lightbox.metrics.predictions import PREDICTIONS_NAME
from lightbox.metrics.track_record import FEW, find_track_record
from lightbox.metrics.unseen import ALL, NEW, UNLEAKED, find_seen
from lightbox.provenance.data_audit import audit_path, find_audit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.jobs import Prediction
    from lightbox.metrics.track_record import TrackRecord
    from lightbox.networks import Card

# Which of its test scans a figure is of: in short, and spelled out.
WHICH = {ALL: "test scans", UNLEAKED: "test scans not trained on", NEW: "new test scans"}
SPELLED_OUT = {
    ALL: "Counted on all {count} scans of this network's test split.",
    UNLEAKED: "Counted on the {count} scans of this network's test split that are not byte for byte in its training "
    "data.",
    NEW: "Counted on the {count} scans of this network's test split that it has learned from in no form, not even as a "
    "copy (`lightbox audit`). It may know the others by heart.",
}
FEW_WORDS = (
    "{title}: only {truly} of {scans} {which} are, **too few to tell;** it says so of {called}, rightly of {right}."
)
NONE_WORDS = "{title}: **nothing is known of this answer.** None of {scans} {which} is; it says so of {called}."


def show(card: Card, prediction: Prediction) -> None:
    """What it says in two or three short lines, and what stands behind them one click away.

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
    with st.container(gap="xxsmall", key=f"compare.record.{card.network}"):
        st.markdown(f"{describe(found, title)}  \n{describe_calibration(found, card)}")
        with st.popover(_("How good is it?"), icon=":material/query_stats:", type="tertiary"):
            _show_details(card, found, prediction)


def describe(found: TrackRecord, title: str) -> str:
    """Such as: Glioma: finds 50 of 77 new test scans; where it says so it is right in 30 of 32.

    Red where the answer is mostly wrong. Of a class that hardly any of these scans is of, only that is said.
    """
    which = _(WHICH[found.subset])
    if found.too_few:
        words = _(FEW_WORDS) if found.truly else _(NONE_WORDS)
        return words.format(
            title=title, truly=found.truly, scans=found.scans, which=which, called=found.called, right=found.right
        )
    words = _("{title}: finds {right} of {truly} {which};")
    finds = words.format(title=title, which=which, right=found.right, truly=found.truly)
    if not found.called:
        return finds + " " + _("**it never says so, so nothing is known of this answer.**")
    words = _(":red[**where it says so it is right in only {right} of {called}.**]") if found.wrong_more_often else ""
    words = words or _("where it says so it is right in {right} of {called}.")
    return finds + " " + words.format(called=found.called, right=found.right)


def describe_calibration(found: TrackRecord, card: Card) -> str:
    """Whether the probabilities were adjusted, and how far off they are on average on new scans."""
    calibration = found.calibration
    if calibration.error is None or calibration.confidence is None or found.accuracy is None:
        return _("Its percentages are calibrated.") if card.calibrated else _("Its percentages are not calibrated.")
    lean = {0: "", 1: _(", mostly too high"), -1: _(", mostly too low")}[
        tendency(calibration.confidence, found.accuracy)
    ]
    words = _("Its percentages are {points:.0f} points off here{lean}, though calibrated.") if card.calibrated else ""
    words = words or _("Its percentages are {points:.0f} points off here{lean}; not calibrated.")
    return words.format(points=100 * calibration.error, lean=lean)


def spell_out(found: TrackRecord, title: str) -> list[str]:
    """The same in whole sentences, with intervals."""
    sentences = [_(SPELLED_OUT[found.subset]).format(count=found.scans)]
    if found.truly:
        words = _("It finds {right} of the {truly} that are {title}: {share}.")
        share = with_interval(found.right, found.truly, found.found_interval)
        sentences.append(words.format(right=found.right, truly=found.truly, title=title, share=share))
    else:
        sentences.append(_("None of them is {title}.").format(title=title))
    if found.called:
        words = _("Of the {called} that it calls {title}, {right} are: {share}.")
        share = with_interval(found.right, found.called, found.right_interval)
        sentences.append(words.format(right=found.right, called=found.called, title=title, share=share))
    else:
        words = _("It calls none of them {title}, so how often that answer is right is not known.")
        sentences.append(words.format(title=title))
    return sentences


def describe_mix(found: TrackRecord, titles: Mapping[str, str]) -> str:
    """Of how many scans of each class the figures are, and why that matters."""
    mix = ", ".join(f"{count} {titles[key]}" for key, count in found.scans_of)
    return _(
        "By class these scans are: {mix}. Where a class is rarer than here, an answer that names it is right less "
        "often."
    ).format(mix=mix)


def explain_calibration(card: Card) -> str:
    """What was done so that of answers at 90 % nine in ten are right, or that nothing was."""
    if not card.calibrated:
        return _(
            "Its probabilities are its own, as softmax gives them: nobody has adjusted them so that of answers at 90 % "
            "nine in ten are right."
        )
    return _(
        "Its probabilities are calibrated: its logits are divided by {temperature:.2f}, so that of answers at 90 % "
        "nine in ten are right on the {count} scans that it was validated on. Those resemble its training scans."
    ).format(temperature=card.temperature, count=card.calibration.get("validation_images", "?"))


def _off(found: TrackRecord) -> str:
    return _(
        "On the scans counted here they are {points:.0f} percentage points off on average (expected calibration error, "
        "{bins} bins)."
    ).format(points=100 * (found.calibration.error or 0.0), bins=BINS)


def with_interval(part: int, whole: int, interval: tuple[float, float]) -> str:
    """``82 % (70 to 90 %)``."""
    low, high = interval
    return f"{100 * part / whole:.0f} % ({100 * low:.0f} to {100 * high:.0f} %)"


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
        return read_once(("track record", card.sha256, label), (path, audit), lambda: _count(card, label))
    except (UserFacingError, OSError):
        # The Networks page says what is wrong with the file.
        return unknown + _("its answers on its test set cannot be read.")


def _count(card: Card, label: str) -> TrackRecord:
    return find_track_record(test_set_answers.read(card), label, find_seen(find_audit(card.task), [card]))


def _show_details(card: Card, found: TrackRecord, prediction: Prediction) -> None:
    titles = {key: _(title) for key, title in zip(prediction.classes, prediction.class_titles, strict=True)}
    sentences = spell_out(found, titles[found.label])
    if found.confused_with and found.called - found.right >= FEW:
        words = _("What it wrongly calls {title} is most often {other}.")
        sentences.append(words.format(title=titles[found.label], other=titles[found.confused_with]))
    st.markdown(" ".join(sentences))
    st.markdown(describe_mix(found, titles))
    st.markdown(f"{explain_calibration(card)} {_off(found)}")
    st.caption(_("Intervals: 95 %, Wilson. Scans of another hospital may be harder than these."))
    st.page_link(
        "pages/networks.py",
        label=_("These scans in the confusion matrix"),
        icon=":material/grid_on:",
        query_params=link_to_cell(card, found),
    )
