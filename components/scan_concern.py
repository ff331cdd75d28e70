"""Before the answer: whether the picture seems to be an upright scan of the kind, and what to do where it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from components import scan_input
from components.language import _
from lightbox.core.tasks import TASKS
from lightbox.scan_check.check import correct
from lightbox.scan_check.concern import CORRECT, OPEN_AS, find_concern
from lightbox.scan_check.turns import UPRIGHT

if TYPE_CHECKING:
    from lightbox.imaging.scan import Scan
    from lightbox.scan_check.answers import Answer
    from lightbox.scan_check.concern import Concern

_CHECKED = "compare.scan_check"
_CONFIRMED = "compare.confirmed_scan"
MAPS = "compare-maps"
# The figures only: their captions and checks stay as readable as ever.
_DIM = f"""<style>
.st-key-{MAPS} [data-testid="stPlotlyChart"], .st-key-{MAPS} img {{ opacity: 0.3; filter: grayscale(1); }}
</style>"""


def find(scan: Scan) -> Concern | None:
    """What the check says of the scan; asked once a scan and kind."""
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
    st.html(_DIM)
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
