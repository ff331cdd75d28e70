"""Bringing a test set: a ZIP archive, loose pictures with a table, or a folder where the server allows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, cast

import streamlit as st

from components.shell import errors, session_lifetime, upload_limit
from components.shell.language import _
from lightbox.core.errors import UserFacingError
from lightbox.testsets.archive import open_archive
from lightbox.testsets.folder import allowed_folder, open_folder
from lightbox.testsets.single_files import gather_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from lightbox.testsets.item import Brought

WAYS = {"zip": "ZIP archive", "files": "Pictures and a CSV", "folder": "Folder on the server"}
_WAY = "networks.own_way"
_HELD = "networks.own_brought"
_ROUND = "networks.own_round"


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """What was brought last, and from what: read once, though the page runs often."""

    identity: tuple[str, ...]
    brought: Brought | None
    error: UserFacingError | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the networks are asked about: what was brought for one question is not there for another.

    Args:
        task: key of the task.
        classes: of the networks, sorted.
    """

    task: str
    classes: tuple[str, ...]

    @property
    def name(self) -> str:
        return ":".join((self.task, *self.classes))


def show(asked: Asked, *, on_forget: Callable[[], None]) -> Brought | None:
    """The ways to bring a test set; returns it, None while there is none or it cannot be used.

    Args:
        asked: what the networks are asked about.
        on_forget: called where what was brought is cleared or replaced.
    """
    ways = [way for way in WAYS if way != "folder" or _folders_allowed()]
    # Streamlit forgets the choice while another page is open; what was brought is still here.
    held: _Held | None = st.session_state.get(_HELD)
    if st.session_state.get(_WAY) not in ways:
        before = held.identity[0] if held is not None else ""
        st.session_state[_WAY] = before if before in ways else ways[0]
    way = st.segmented_control(_("Bring them as"), ways, format_func=lambda key: _(WAYS[key]), key=_WAY, required=True)
    # A new number makes a new widget, which holds no file: Streamlit has no other way to empty one.
    number = st.session_state.setdefault(_ROUND, 0)
    if way == "zip":
        _take_archive(asked, number, on_forget)
    elif way == "files":
        _take_files(asked, number, on_forget)
    else:
        _take_folder(asked, number, on_forget)
    held = cast("_Held | None", st.session_state.get(_HELD))
    if held is None or held.identity[:2] != (str(way), asked.name):
        return None
    if held.error is not None:
        errors.show(held.error)
        return None
    st.button(
        _("Clear"),
        icon=":material/delete:",
        type="tertiary",
        key="networks.own_clear",
        on_click=_clear,
        args=(on_forget,),
    )
    return held.brought


def _take_archive(asked: Asked, number: int, on_forget: Callable[[], None]) -> None:
    file = st.file_uploader(
        _("ZIP archive"),
        key=f"networks.own_zip.{number}",
        max_upload_size=upload_limit.read_megabytes("TEST_SET_MB"),
        help=_("One folder a class, or any folders and a CSV with the columns file and label.")
        + "\n\n"
        + _("Folders are named {names}, or as the public data sets name them.").format(
            names=", ".join(f"`{key}`" for key in asked.classes)
        ),
        on_change=_let_go,
        args=(on_forget,),
    )
    if file is not None:
        _hold(
            ("zip", asked.name, file.file_id),
            lambda: open_archive(cast("IO[bytes]", file), asked.task, asked.classes),
            on_forget,
        )


def _take_files(asked: Asked, number: int, on_forget: Callable[[], None]) -> None:
    files = st.file_uploader(
        _("Pictures, and one CSV with the columns file and label"),
        accept_multiple_files=True,
        key=f"networks.own_files.{number}",
        max_upload_size=upload_limit.read_megabytes("MAX_UPLOAD_MB"),
        help=_("PNG, JPEG or single-frame DICOM."),
        on_change=_let_go,
        args=(on_forget,),
    )
    if files:
        _hold(("files", asked.name, *(file.file_id for file in files)), lambda: _gather(files, asked), on_forget)


def _take_folder(asked: Asked, number: int, on_forget: Callable[[], None]) -> None:
    text = st.text_input(
        _("Folder, below the one that this server allows"),
        key=f"networks.own_folder.{number}",
        on_change=_let_go,
        args=(on_forget,),
    )
    if text:
        _hold(("folder", asked.name, text), lambda: open_folder(text, asked.task, asked.classes), on_forget)


def _gather(files: list[UploadedFile], asked: Asked) -> Brought:
    listed = [(file.name, file.size, file.getvalue) for file in files]
    return gather_files(listed, asked.task, asked.classes)


def _hold(identity: tuple[str, ...], take: Callable[[], Brought], on_forget: Callable[[], None]) -> None:
    """Read what was brought, once."""
    held: _Held | None = st.session_state.get(_HELD)
    if held is not None and held.identity == identity:
        return
    on_forget()
    try:
        with st.spinner(_("Reading the list of files…")):
            st.session_state[_HELD] = _Held(identity, take())
    except UserFacingError as error:
        st.session_state[_HELD] = _Held(identity, None, error)


def _let_go(on_forget: Callable[[], None]) -> None:
    """The user took a file away, or brought another. Coming back to a page, whose widget starts anew, is neither."""
    on_forget()
    st.session_state.pop(_HELD, None)


def _clear(on_forget: Callable[[], None]) -> None:
    _let_go(on_forget)
    session_lifetime.drop_files()
    st.session_state[_ROUND] += 1


def _folders_allowed() -> bool:
    try:
        return allowed_folder() is not None
    except UserFacingError as error:
        errors.show(error)
        return False
