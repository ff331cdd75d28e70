"""Bringing a scan: drop it, browse for it, or click a sample."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from components import errors, modality, sample_list, upload_limit, wanted_file
from components.address import Field
from components.language import _
from lightbox.core.errors import UserFacingError
from lightbox.imaging.decode import decode
from lightbox.imaging.samples import read_sample

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from lightbox.imaging.samples import Sample
    from lightbox.imaging.scan import Scan

_STATE = "compare.loaded"
_SEEN = "compare.seen_upload"
SAMPLE = "compare.sample"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the user brought last.

    Args:
        source: "upload", "sample" or "file": another page opened it.
        scan: None where it could not be read.
        error: why not.
        note: a sentence on what it is, where that is known.
    """

    source: str
    scan: Scan | None
    error: UserFacingError | None = None
    note: str = ""


def sample_field() -> Field:
    """The address field of the sample that is open. An upload is never in the address."""
    return Field("sample", "one", "", ["", *(sample.key for sample in sample_list.usable(quiet=True))])


def show() -> Scan | None:
    """The modality and the file; returns the scan, or None while there is none. Call it in the sidebar."""
    task = modality.show("compare", width="stretch")
    # No list of extensions: the server would answer a wrong one with a red box in place of the page, and
    # hospital exports often have none. What the file is, its first bytes tell.
    if "compare.upload" not in st.session_state:
        # A fresh uploader: the page was left and is open again. Its file is gone, what was read of it is not.
        st.session_state[_SEEN] = ""
    upload = st.file_uploader(
        _("Scan"),
        key="compare.upload",
        max_upload_size=upload_limit.read_megabytes("MAX_UPLOAD_MB"),
        help=_("PNG, JPEG or single-frame DICOM. It stays in memory and is forgotten when you close the tab."),
    )
    identity = "" if upload is None else upload.file_id
    if identity != st.session_state.get(_SEEN, ""):
        _take_upload(identity, None if upload is None else upload.getvalue(), task)
    elif st.session_state.get(SAMPLE) and _STATE not in st.session_state:
        load_sample(st.session_state[SAMPLE])
    return _loaded(task)


def open_sample() -> Sample | None:
    """The sample that is on show, None while it is an upload or nothing."""
    loaded: Loaded | None = st.session_state.get(_STATE)
    if loaded is None or loaded.source != "sample":
        return None
    key = st.session_state.get(SAMPLE)
    return next((sample for sample in sample_list.usable(quiet=True) if sample.key == key), None)


def load_sample(key: str) -> None:
    """Put a sample in the place of the scan, or the reason why it cannot be shown."""
    try:
        st.session_state[_STATE] = Loaded("sample", read_sample(sample_list.find(key)))
    except UserFacingError as error:
        st.session_state[_STATE] = Loaded("sample", None, error)
    st.session_state[SAMPLE] = key
    wanted_file.ask_for(None)


def current() -> Scan | None:
    """The scan that is open on Compare, for other pages; None where there is none, or it could not be read."""
    loaded: Loaded | None = st.session_state.get(_STATE)
    return None if loaded is None else loaded.scan


def open_file(scan: Scan, note: str) -> None:
    """Put a scan that another page has read in the place of the scan."""
    st.session_state[_STATE] = Loaded("file", scan, note=note)
    wanted_file.ask_for(None)


def replace_scan(scan: Scan) -> None:
    """Put a scan made from the present one, such as the same turned upright, in its place: whose it is stays.

    A sample ends being one: what is known of it, its outline above all, lies elsewhere on the changed scan.
    """
    loaded: Loaded | None = st.session_state.get(_STATE)
    if loaded is None or loaded.scan is None:
        raise ValueError("there is no scan to replace")
    st.session_state[_STATE] = replace(loaded, scan=scan)
    st.session_state[SAMPLE] = ""


def ask_for_task(key: str) -> None:
    """Have the next run of the page take the scan as one of this task. An upload stays; others know what they are."""
    modality.ask_for(key)


def close() -> None:
    """Take the scan away."""
    st.session_state.pop(_STATE, None)


def _take_upload(identity: str, content: bytes | None, task: str) -> None:
    """Decode a new upload, once. Taking the file away takes its scan away, and no other.

    A click elsewhere interrupts the run at any Streamlit call, the spinner's too. So the upload counts as seen
    only together with what was read of it; an interrupted one is read by the next run.
    """
    loaded: Loaded | None = None
    if content is not None:
        waiting = st.empty()
        with st.spinner(_("Reading the file…")):
            try:
                loaded = Loaded("upload", decode(content, task, on_wait=lambda: _say_waiting(waiting)))
            except UserFacingError as error:
                loaded = Loaded("upload", None, error)
        waiting.empty()
    if loaded is None or content is None:
        _close_upload()
    else:
        note = "" if loaded.scan is None else wanted_file.receive(content)
        st.session_state[_STATE] = replace(loaded, note=note)
        st.session_state[SAMPLE] = ""
    st.session_state[_SEEN] = identity


def _say_waiting(place: DeltaGenerator) -> None:
    place.caption(_("Other files are being read; yours has its turn soon."))


def _close_upload() -> None:
    """Take the scan away if it is the upload's; what was opened since stays."""
    loaded: Loaded | None = st.session_state.get(_STATE)
    if loaded is not None and loaded.source == "upload":
        del st.session_state[_STATE]


def _loaded(task: str) -> Scan | None:
    loaded: Loaded | None = st.session_state.get(_STATE)
    if loaded is None:
        wanted_file.show()
        return None
    if loaded.error is not None:
        errors.show(loaded.error)
    scan = loaded.scan
    if loaded.source != "upload" and scan is not None and scan.modality != task:
        # The modality of an upload is the user's to say; of others it is known, and picking another closes them.
        st.session_state.pop(_STATE)
        st.session_state[SAMPLE] = ""
        return None
    if loaded.note:
        st.caption(loaded.note)
    return scan if scan is None or scan.modality == task else replace(scan, modality=task)
