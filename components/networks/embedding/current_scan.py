"""Which scan is put among the known ones: the one that is open on Compare, or a sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.scans import sample_list, scan_input
from components.shell import errors
from components.shell.address import Field
from components.shell.language import _
from lightbox.imaging.film import data_uri
from lightbox.imaging.samples import read_sample
from lightbox.imaging.views import Views

if TYPE_CHECKING:
    from lightbox.imaging.samples import Sample
    from lightbox.imaging.scan import Scan

NOBODY, COMPARE = "", "compare"
THUMBNAIL = 120


_KEY = "networks.map_scan"


def field() -> Field:
    """The address field of the choice, made anew on every run of the page: samples come and go."""
    keys = [sample.key for sample in sample_list.usable(quiet=True)]
    return Field("map_scan", "one", NOBODY, [NOBODY, COMPARE, *keys])


def show(task: str) -> Views | None:
    """The choice; returns the scan, None while there is none."""
    samples = {sample.key: sample for sample in sample_list.usable()}
    opened = scan_input.current()
    choices = [NOBODY, *([COMPARE] if opened is not None else []), *_ordered(samples, task)]
    if st.session_state.get(_KEY) not in choices:
        st.session_state[_KEY] = NOBODY
    if st.session_state[_KEY] == NOBODY and opened is not None and "networks.map_offered" not in st.session_state:
        # Who comes from Compare wants to see that scan; who then takes it away is not given it again.
        st.session_state["networks.map_offered"] = True
        st.session_state[_KEY] = COMPARE
    chosen = st.selectbox(
        _("Scan to place"),
        choices,
        format_func=lambda key: _title(key, samples, task),
        key=_KEY,
        help=_("A scan of your own: open it on Compare, then come back."),
    )
    if chosen == COMPARE and opened is not None:
        return opened
    if chosen in samples:
        with errors.boundary():
            return Views(read_sample(samples[chosen]))
    return None


def _ordered(samples: dict[str, Sample], task: str) -> list[str]:
    """The task's own samples, then the others: to see what the network says of what it has never seen."""
    own = [key for key, sample in samples.items() if sample.task == task]
    return [*own, *(key for key in samples if key not in own)]


def _title(key: str, samples: dict[str, Sample], task: str) -> str:
    if key == NOBODY:
        return _("None")
    if key == COMPARE:
        return _("The scan that is open on Compare")
    strange = "" if samples[key].task == task else " " + _("(of the other kind)")
    return f"{_(samples[key].title)} · {key.rpartition('-')[2]}{strange}"


def show_thumbnail(scan: Scan) -> None:
    """The scan, small. A data URI: nothing is left on the server."""
    picture = f'<img src="{data_uri(scan.pixels, max_side=THUMBNAIL)}" alt="{_("The scan that is placed")}">'
    st.html(picture, width=THUMBNAIL)
