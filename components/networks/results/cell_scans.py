"""The scans of one cell of a confusion matrix, the most confident first, each one click from its explanation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from components.networks import choices, open_in_compare
from components.networks.choices import Cell
from components.shell import errors
from components.shell.language import _
from lightbox.core.errors import UserFacingError
from lightbox.metrics.confusion import scans_in_cell
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.delta_generator import DeltaGenerator

    from components.networks.scan_files import ScanFiles
    from lightbox.metrics.predictions import Predictions

PER_PAGE = 6
THUMBNAIL_WIDTH = 72


def show(predictions: Mapping[str, Predictions], cell: Cell, files: ScanFiles | None) -> None:
    """Three boxes that choose the cell as a click does, its scans, and a pager."""
    st.subheader(_("Scans in one cell"), anchor=False)
    _pick(predictions, cell)
    answers = predictions[cell.network]
    indices = scans_in_cell(answers, *cell.indices(answers))
    st.markdown(headline(answers, cell, len(indices)))
    if not len(indices):
        return
    page = _page(len(indices))
    for index in indices[page * PER_PAGE : (page + 1) * PER_PAGE]:
        _show_scan(answers, int(index), cell, files)
    _show_pager(page, len(indices))
    if files is None:
        st.caption(
            _("The image files are not on this server: “Explain” sets Compare up and says which file to drop there.")
        )


def headline(answers: Predictions, cell: Cell, count: int) -> str:
    """What the cell is, in one sentence."""
    titles = choices.class_titles(answers)
    words = {
        "network": NETWORKS[cell.network].title,
        "true": _(titles[cell.true]).lower(),
        "called": _(titles[cell.called]).lower(),
        "count": count,
    }
    if not count:
        return _("No scan is truly {true} and called {called} by {network}.").format(**words)
    scans = _("1 scan") if count == 1 else _("{count} scans, the most confident first").format(count=count)
    right = _("**Truly {true}, and {network} says so**: ") if not cell.mistake else ""
    return (right or _("**Truly {true}, but {network} calls it {called}**: ")).format(**words) + scans + "."


def _pick(predictions: Mapping[str, Predictions], cell: Cell) -> None:
    """The cell in three boxes, for the keyboard and for whoever does not see the matrix."""
    titles = choices.class_titles(predictions[cell.network])
    networks = {key: NETWORKS[key].title for key in predictions}
    columns = st.columns(3, gap="small")
    _box(columns[0], _("Network"), "network", cell, networks)
    _box(columns[1], _("Truly"), "true", cell, titles)
    _box(columns[2], _("Called"), "called", cell, titles)


def _box(column: DeltaGenerator, label: str, name: str, cell: Cell, titles: Mapping[str, str]) -> None:
    key = f"networks.pick_{name}"
    st.session_state[key] = getattr(cell, name)
    column.selectbox(
        label, list(titles), format_func=lambda each: _(titles[each]), key=key, on_change=_take_pick, args=(cell,)
    )


def _take_pick(cell: Cell) -> None:
    picked = {name: st.session_state[f"networks.pick_{name}"] for name in ("network", "true", "called")}
    if Cell(**picked) != cell:
        choices.choose_cell(Cell(**picked))


def _page(count: int) -> int:
    """The page on show, from 0; one beyond the last gives way to the last."""
    last = (count - 1) // PER_PAGE
    return min(int(choices.get("list_page")) - 1, last)


def _show_pager(page: int, count: int) -> None:
    pages = -(-count // PER_PAGE)
    if pages == 1:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Previous"), icon=":material/chevron_left:", key="networks.previous", disabled=page == 0,
            on_click=choices.put, args=("list_page", page),
        )  # fmt: skip
        st.button(
            _("Next"), icon=":material/chevron_right:", key="networks.next", disabled=page == pages - 1,
            on_click=choices.put, args=("list_page", page + 2),
        )  # fmt: skip
        st.caption(_("Page {page} of {pages}").format(page=page + 1, pages=pages))


def _show_scan(answers: Predictions, index: int, cell: Cell, files: ScanFiles | None) -> None:
    """One row: what it looks like, what it is called, and the way to its maps."""
    with st.container(border=True), errors.boundary():
        with st.container(horizontal=True, vertical_alignment="center"):
            if files is not None:
                _show_thumbnail(answers, index, files)
            with st.container(width="stretch", gap="xsmall"):
                st.text(answers.names[index])
                st.markdown(f":small[{probabilities(answers, index)}]")
            opens = st.button(
                _("Explain"), icon=":material/compare:", key=f"networks.open.{index}",
                help=_("Open in Compare, with this network, and with the class it calls set against the true one."),
            )  # fmt: skip
        if opens:
            open_in_compare.open_in_compare(answers, index, cell, files)


def _show_thumbnail(answers: Predictions, index: int, files: ScanFiles) -> None:
    """The picture as the page's own data: the server stores nothing of it."""
    name = answers.names[index]
    try:
        uri = files.thumbnail(name, answers.sha256[index], answers.task)
    except UserFacingError as error:
        st.caption(_(error.message))
        return
    st.image(uri, width=THUMBNAIL_WIDTH, alt=_("The scan {name}.").format(name=name))


def probabilities(answers: Predictions, index: int) -> str:
    """Such as: **Meningioma 85 %** · No tumour 11 % · Pituitary tumour 3 %."""
    values, titles = answers.probabilities[index], list(choices.class_titles(answers).values())
    parts = [f"{_(titles[place])} {values[place]:.0%}" for place in np.argsort(-values, kind="stable")]
    return " · ".join([f"**{parts[0]}**", *parts[1:]])
