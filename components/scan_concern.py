"""Before the answer: whether the picture seems to be an upright scan of the kind, and what to do where it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from components import scan_input
from components.language import _
from lightbox.core.tasks import TASKS
from lightbox.metrics.intervals import wilson
from lightbox.scan_check.check import correct
from lightbox.scan_check.concern import CORRECT, OPEN_AS, find_concern
from lightbox.scan_check.rates import read_rates
from lightbox.scan_check.turns import UPRIGHT

if TYPE_CHECKING:
    from lightbox.imaging.scan import Scan
    from lightbox.scan_check.answers import Answer
    from lightbox.scan_check.concern import Concern
    from lightbox.scan_check.rates import Rate

_CHECKED = "compare.scan_check"
_CONFIRMED = "compare.confirmed_scan"


def find(scan: Scan) -> Concern | None:
    """What the check says of the scan; asked once a scan and kind. Of a sample it is known that it is right."""
    if scan_input.open_sample() is not None:
        return None
    subject = (scan.sha256, scan.modality)
    held = st.session_state.get(_CHECKED)
    if held is None or held[0] != subject:
        held = st.session_state[_CHECKED] = (subject, find_concern(scan.pixels, scan.modality))
    concern: Concern | None = held[1]
    return concern


def confirmed(scan: Scan) -> bool:
    """Whether the user has said that this scan is right as it is."""
    return bool(st.session_state.get(_CONFIRMED) == (scan.sha256, scan.modality))


def show(scan: Scan, concern: Concern | None) -> None:
    """The concern with its remedy, above everything that a network says. Maps stay dim until it is answered."""
    if concern is None:
        return
    if confirmed(scan):
        st.caption(_("{sentence} You said that it is right as it is.").format(sentence=_(concern.sentence)))
        return
    with st.container(border=True, key="compare-concern"):
        st.markdown(f":material/help_center: **{_(concern.sentence)}** {_(concern.consequence)}")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _offer(scan, concern)
            st.button(
                _("It is right as it is"),
                key="compare.confirm_scan",
                on_click=_confirm,
                args=(scan,),
                help=_("Shows the maps as usual. What the check said stays in the exported record."),
            )
            with st.popover(_("How often is this check wrong?"), icon=":material/rule:", type="tertiary"):
                st.markdown(_("Measured on pictures that the check has not learned from:"))
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


def _offer(scan: Scan, concern: Concern) -> None:
    """The one button that would put it right, where there is one."""
    if concern.remedy == OPEN_AS:
        st.button(
            _("Open as {kind}").format(kind=_(TASKS[concern.answer.kind].title)),
            type="primary",
            key="compare.open_as",
            on_click=scan_input.ask_for_task,
            args=(concern.answer.kind,),
        )
    elif concern.remedy == CORRECT:
        st.button(
            _name_correction(concern.answer),
            type="primary",
            key="compare.correct_scan",
            on_click=_correct,
            args=(scan, concern.answer),
        )


def _name_correction(answer: Answer) -> str:
    if answer.turn == UPRIGHT:
        return _("Exchange black and white")
    return _("Turn upright, exchange black and white") if answer.inverted else _("Turn upright")


def _confirm(scan: Scan) -> None:
    st.session_state[_CONFIRMED] = (scan.sha256, scan.modality)


def _correct(scan: Scan, answer: Answer) -> None:
    note = "Set right in Lightbox at the reader's wish: " + ", ".join(
        [
            *(["turned upright"] if answer.turn != UPRIGHT else []),
            *(["black and white exchanged"] if answer.inverted else []),
        ]
    )
    origin = replace(scan.provenance, notes=(*scan.provenance.notes, f"{note}."))
    scan_input.replace_scan(replace(scan, pixels=correct(scan.pixels, answer), provenance=origin))
