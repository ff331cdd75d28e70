"""Bringing a scan: drop it, browse for it, or click a sample."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from components.scans import modality, paste, sample_list, wanted_file
from components.shell import errors, session_lifetime, upload_limit
from components.shell.address import Field
from components.shell.language import _
from lightbox.core.errors import UserFacingError
from lightbox.core.tasks import TASKS
from lightbox.imaging.decode import decode
from lightbox.imaging.samples import read_sample
from lightbox.imaging.views import Views

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from lightbox.imaging.samples import Sample
    from lightbox.imaging.scan import Scan

_STATE = "compare.loaded"
_NUMBER = "compare.upload_number"
_BROUGHT = "compare.brought"
SAMPLE = "compare.sample"
# Whether a scan is open that no link can open, and whose it is. Nothing of the scan.
ABSENT = Field("scan", "one", "", ["", "upload", "file"])
_ABSENT = f"compare.{ABSENT.name}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the user brought last.

    Args:
        source: "upload", "sample" or "file": another page opened it.
        views: the scan, with what is made of it meanwhile; None where it could not be read.
        error: why not.
        note: a sentence on what it is, where that is known.
    """

    source: str
    views: Views | None
    error: UserFacingError | None = None
    note: str = ""

    @property
    def scan(self) -> Scan | None:
        return None if self.views is None else self.views.scan


def sample_field() -> Field:
    """The address field of the sample that is open. An upload is never in the address."""
    return Field("sample", "one", "", ["", *(sample.key for sample in sample_list.usable(quiet=True))])


def show() -> Views | None:
    """The modality and the file; returns the scan, or None while there is none. Call it in the sidebar."""
    if st.session_state.get(SAMPLE) and _STATE not in st.session_state:
        load_sample(st.session_state[SAMPLE])
    task = modality.show("compare", width="stretch")
    _take_upload(task)
    views = _loaded(task)
    _note_absence()
    return views


def show_absence() -> None:
    """Say that a scan is missing, where the address was written beside one: a reload, another tab, a shared link.

    Streamlit gives each of them a session of its own, and a scan never goes from one session to another.
    """
    absent = st.session_state.get(_ABSENT, "")
    if absent == "upload":
        st.info(_("This link opens the same settings; add your scan again."), icon=":material/upload_file:")
    elif absent == "file":
        words = _("This link opens the same settings; open the scan again from the Networks page, or add one.")
        st.info(words, icon=":material/upload_file:")


def open_sample() -> Sample | None:
    """The sample that is on show, None while it is an upload or nothing."""
    loaded: Loaded | None = st.session_state.get(_STATE)
    if loaded is None or loaded.source != "sample":
        return None
    key = st.session_state.get(SAMPLE)
    return next((sample for sample in sample_list.usable(quiet=True) if sample.key == key), None)


def load_sample(key: str) -> None:
    """Put a sample in the place of the scan, or the reason why it cannot be shown, with the modality that it has."""
    try:
        sample = sample_list.find(key)
        modality.ask_for(sample.task)
        st.session_state[_STATE] = Loaded("sample", Views(read_sample(sample)))
    except UserFacingError as error:
        st.session_state[_STATE] = Loaded("sample", None, error)
    st.session_state[SAMPLE] = key
    wanted_file.ask_for(None)


def go_to_sample() -> None:
    """Show the sample that the address names, or what there was without one: a step Back or Forward leads there."""
    key = st.session_state.get(SAMPLE)
    loaded: Loaded | None = st.session_state.get(_STATE)
    if key:
        load_sample(key)
    elif loaded is not None and loaded.source == "sample":
        close()


def current() -> Views | None:
    """The scan that is open on Compare, for other pages; None where there is none, or it could not be read."""
    loaded: Loaded | None = st.session_state.get(_STATE)
    return None if loaded is None else loaded.views


def open_file(scan: Scan, note: str) -> None:
    """Put a scan that another page has read in the place of the scan."""
    st.session_state[_STATE] = Loaded("file", Views(scan), note=note)
    wanted_file.ask_for(None)


def replace_scan(views: Views) -> None:
    """Put a scan made from the present one, such as the same turned upright, in its place: whose it is stays.

    A sample ends being one, and is a file from then on: what is known of it, its outline above all, lies elsewhere on
    the changed scan, and no address opens that.
    """
    loaded: Loaded | None = st.session_state.get(_STATE)
    if loaded is None or loaded.scan is None:
        raise ValueError("there is no scan to replace")
    source = "file" if loaded.source == "sample" else loaded.source
    st.session_state[_STATE] = replace(loaded, views=views, source=source)
    st.session_state[SAMPLE] = ""


def ask_for_task(key: str) -> None:
    """Have the next run of the page take the scan as one of this task. An upload stays; others know what they are."""
    modality.ask_for(key)


def close() -> None:
    """Take the scan away."""
    st.session_state.pop(_STATE, None)
    st.session_state[SAMPLE] = ""


def _take_upload(task: str) -> None:
    """The uploader, and what was put into it: decoded once, and let go of at once.

    A new number makes a new uploader, which is empty: the file and its name are kept no longer than its decoding.
    A click elsewhere interrupts the run at any Streamlit call, the spinner's too. So the number moves on only
    after what was read is in place; an interrupted upload is read by the next run.
    """
    number = st.session_state.setdefault(_NUMBER, 0)
    # No list of extensions: the server would answer a wrong one with a red box in place of the page, and
    # hospital exports often have none. What the file is, its first bytes tell.
    upload = st.file_uploader(
        _("Scan"),
        key=f"compare.upload.{number}",
        max_upload_size=upload_limit.read_megabytes("MAX_UPLOAD_MB"),
        help=_(
            "PNG, JPEG or single-frame DICOM. It stays in memory. The file is forgotten as soon as it is read, the "
            "scan within a minute of closing the tab."
        ),
    )
    if upload is None:
        paste.show()
        return
    content = upload.getvalue()
    waiting = st.empty()
    with st.spinner(_("Reading the file…")):
        try:
            loaded = Loaded("upload", Views(decode(content, task, on_wait=lambda: _say_waiting(waiting))))
        except UserFacingError as error:
            loaded = Loaded("upload", None, error)
    note = "" if loaded.views is None else wanted_file.receive(content)
    st.session_state[_STATE] = replace(loaded, note=note)
    st.session_state[SAMPLE] = ""
    st.session_state[_NUMBER] = number + 1
    session_lifetime.drop_file(upload.file_id)
    st.rerun()


def _say_waiting(place: DeltaGenerator) -> None:
    place.caption(_("Other files are being read; yours has its turn soon."))


def _loaded(task: str) -> Views | None:
    """The scan as one of the task, under a line on what it is; None where there is none."""
    loaded: Loaded | None = st.session_state.get(_STATE)
    if loaded is None:
        wanted_file.show()
        return None
    if loaded.error is not None:
        errors.show(loaded.error)
    views, scan = loaded.views, loaded.scan
    if loaded.source != "upload" and scan is not None and scan.modality != task:
        # The modality of an upload is the user's to say; of others it is known, and picking another closes them.
        close()
        return None
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
        if scan is not None:
            st.caption(_describe(scan), width="content")
        st.button(_("Remove"), icon=":material/close:", type="tertiary", key="compare.remove", on_click=close)
    if loaded.note:
        st.caption(loaded.note)
    if views is None or scan is None or scan.modality == task:
        return views
    words = _("Added as {added}, read as {read} now.")
    st.caption(words.format(added=_(TASKS[scan.modality].title), read=_(TASKS[task].title)))
    return views.read_as(task)


def _describe(scan: Scan) -> str:
    """Such as: JPEG · 224 × 224 px. Never the file's name, which nobody need keep."""
    height, width = scan.size_hw
    return _("{format} · {width} × {height} px").format(format=scan.provenance.format, width=width, height=height)


def _note_absence() -> None:
    """Keep in the address whether there is a scan that it does not open; what it said stands until there is one."""
    loaded: Loaded | None = st.session_state.get(_STATE)
    if loaded is not None:
        st.session_state[_BROUGHT] = True
    if st.session_state.get(_BROUGHT):
        bare = loaded is None or loaded.scan is None or loaded.source == "sample"
        st.session_state[_ABSENT] = "" if loaded is None or bare else loaded.source
