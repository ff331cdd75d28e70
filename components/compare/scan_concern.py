"""Before the answer: whether the picture seems to be an upright scan of the kind, and what to do where it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from components.scans import scan_input
from components.shell.language import _
from lightbox.core.tasks import TASKS
from lightbox.imaging.views import Views
from lightbox.metrics.intervals import wilson
from lightbox.scan_check.check import KINDS, correct
from lightbox.scan_check.concern import CORRECT, OPEN_AS, find_concern
from lightbox.scan_check.rates import read_rates
from lightbox.scan_check.turns import FLIPPED, MIRRORED, UPRIGHT

if TYPE_CHECKING:
    from lightbox.imaging.scan import Scan
    from lightbox.scan_check.concern import Concern
    from lightbox.scan_check.rates import Rate
    from lightbox.scan_check.verdicts import Answer

_CHECKED = "compare.scan_check"
_CONFIRMED = "compare.confirmed_scan"


class Standing(NamedTuple):
    """What is known of whether a scan should be read, as `lightbox.comparison.comparison.Comparison` has it."""

    concern: Concern | None
    confirmed: bool
    checked: bool

    @property
    def in_doubt(self) -> bool:
        """Whether nobody has said that the scan is right in spite of a concern."""
        return self.concern is not None and not self.confirmed


def standing(scan: Scan) -> Standing:
    """Of the scan that is open."""
    return Standing(find(scan), confirmed(scan), is_checked(scan))


def find(scan: Scan) -> Concern | None:
    """What the check says of the scan; asked once a scan and kind. A sample is taken for what its manifest says."""
    if not is_checked(scan):
        return None
    subject = (scan.sha256, scan.modality)
    held = st.session_state.get(_CHECKED)
    if held is None or held[0] != subject:
        held = st.session_state[_CHECKED] = (subject, find_concern(scan.pixels, scan.modality))
    concern: Concern | None = held[1]
    return concern


def is_checked(scan: Scan) -> bool:
    """Whether `find` looks at the scan at all: not at a sample, nor where the check does not know the kind."""
    return scan.modality in KINDS and scan_input.open_sample() is None


def confirmed(scan: Scan) -> bool:
    """Whether the user has said that this scan is right as it is."""
    return bool(st.session_state.get(_CONFIRMED) == (scan.sha256, scan.modality))


def show(views: Views, concern: Concern | None) -> None:
    """The concern with its remedy, above everything that a network says. Maps stay dim until it is answered."""
    if concern is None:
        return
    scan = views.scan
    if confirmed(scan):
        st.caption(_("{sentence} You said that it is right as it is.").format(sentence=_(concern.sentence)))
        return
    with st.container(border=True, key="compare-concern"):
        st.markdown(f":material/help_center: **{_(concern.sentence)}** {_(concern.consequence)}")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _offer(views, concern)
            st.button(
                _("It is right as it is"),
                key="compare.confirm_scan",
                on_click=_confirm,
                args=(scan,),
                help=_("Shows the maps as usual. What the check said stays in the exported record and pictures."),
            )
            with st.popover(_("How often is this check wrong?"), icon=":material/rule:", type="tertiary"):
                words = _(
                    "Measured on test scans and on pictures kept apart from training. The check's two limits were "
                    "chosen with the test scans in view, so the figures may flatter a little."
                )
                st.markdown(words)
                rows = [_record(rate) for rate in read_rates() if rate.task == scan.modality]
                st.dataframe(rows, hide_index=True, key="compare.scan_check_rates")


def _record(rate: Rate) -> dict[str, str | int]:
    """One group of pictures as a person reads it."""
    wrong = rate.flagged if rate.harmless else rate.count - rate.flagged
    low, high = wilson(wrong, rate.count)
    return {
        _("Pictures"): _(rate.words),
        _("Shown"): rate.count,
        _("Wrong"): _("false alarm") if rate.harmless else _("missed"),
        _("Share"): f"{wrong / rate.count:.1%} ({low:.1%} – {high:.1%})",
    }


def _offer(views: Views, concern: Concern) -> None:
    """The one button that would put it right, where there is one."""
    if concern.remedy == OPEN_AS:
        st.button(
            _("Open as {kind}").format(kind=_(TASKS[concern.answer.kind].title)),
            type="primary",
            key="compare.open_as",
            on_click=_open_as,
            args=(views, concern.answer.kind),
        )
    elif concern.remedy == CORRECT:
        st.button(
            _name_correction(concern.answer),
            type="primary",
            key="compare.correct_scan",
            on_click=_correct,
            args=(views.scan, concern.answer),
        )


def _name_correction(answer: Answer) -> str:
    turning = {UPRIGHT: "", MIRRORED: _("Exchange left and right"), FLIPPED: _("Flip top to bottom")}
    words = turning.get(answer.turn, _("Turn upright"))
    if not answer.inverted:
        return words
    return _("{turn}, exchange black and white").format(turn=words) if words else _("Exchange black and white")


def _confirm(scan: Scan) -> None:
    st.session_state[_CONFIRMED] = (scan.sha256, scan.modality)


def _correct(scan: Scan, answer: Answer) -> None:
    if not _is_open(scan):
        return
    faults = [answer.turn.replace("_", " ")] if answer.turn != UPRIGHT else []
    faults += ["black and white exchanged"] if answer.inverted else []
    note = f"Set right in Lightbox at the reader's wish; as stored it was taken for: {', '.join(faults)}."
    # The file's word on left and right was about the picture as it lay.
    origin = replace(scan.provenance, notes=(*scan.provenance.notes, note), sides=None)
    scan_input.replace_scan(Views(replace(scan, pixels=correct(scan.pixels, answer), provenance=origin)))


def _open_as(views: Views, kind: str) -> None:
    if _is_open(views.scan):
        # Also one that another page opened, whose kind is known there: picking another would close it.
        scan_input.replace_scan(views.read_as(kind))
        scan_input.ask_for_task(kind)


def _is_open(scan: Scan) -> bool:
    """Whether a button is about the scan that is open now: it may have been clicked while another one came."""
    now = scan_input.current()
    return now is not None and now.scan.sha256 == scan.sha256
