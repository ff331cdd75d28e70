"""Where the network looks on average in the scans of one cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from components.maps import heatmap
from components.maps.display_bar import Display
from components.maps.heatmap import Film
from components.maps.map_cell import describe_wait
from components.networks import choices
from components.shell import computing, errors, watch
from components.shell.language import _
from lightbox.comparison.mean_map import MeanMap, mean_map_work
from lightbox.core.errors import UserFacingError
from lightbox.explainers import METHODS
from lightbox.imaging.colour import scale_limit
from lightbox.imaging.describe import describe
from lightbox.imaging.film import data_uri
from lightbox.imaging.preprocess import Box, prepare
from lightbox.jobs.request import fingerprint
from lightbox.metrics.confusion import scans_in_cell
from lightbox.networks import NETWORKS, find_checkpoint, get_card

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from components.networks.choices import Cell
    from components.networks.scan_files import ScanFiles
    from lightbox.jobs import Job
    from lightbox.metrics.predictions import Predictions

MOST = 20
WIDTH = 330
DISPLAY = Display(view="overlay", opacity=0.8, positive_only=False, shared_scale=False)
_ASKED = "networks.mean_map_asked"


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A mean map that was asked for.

    Args:
        about: which: the cell, the method, the scans by name and content, and the network's weights.
        job: its computation.
        mean: (S, S) float32 in 0..1, the mean of what the network sees of the scans.
        unread: scans whose files could not be read.
    """

    about: tuple[object, ...]
    job: Job
    mean: NDArray[np.float32]
    unread: int


def show(answers: Predictions, cell: Cell, files: ScanFiles) -> list[Job]:
    """A button, progress with a way to stop, and the map; returns the job that it wants kept."""
    answers = answers.take(scans_in_cell(answers, *cell.indices(answers))[:MOST])
    if not len(answers):
        return []
    st.markdown(f"**{_('Mean map of this cell')}**")
    with st.container(horizontal=True, vertical_alignment="center"):
        method = st.segmented_control(
            _("Method"),
            choices.MEAN_METHODS,
            format_func=lambda key: _(METHODS[key].title),
            key=f"{choices.PAGE}.mean_method",
            required=True,
            label_visibility="collapsed",
        )
        about = _about(answers, cell, str(method))
        asked: Asked | None = st.session_state.get(_ASKED)
        current = asked if asked is not None and asked.about == about and asked.job.state != "cancelled" else None
        with errors.boundary():
            if current is None and st.button(
                _("Average over {count} scans").format(count=len(answers)),
                icon=":material/stacks:",
                key="networks.mean_map",
            ):
                with st.spinner(_("Reading the scans…")):
                    current = st.session_state[_ASKED] = ask(answers, cell, str(method), files)
                st.rerun()
    if current is None:
        return []
    called = _(choices.class_titles(answers)[cell.called])
    _show_state(current, called, NETWORKS[cell.network].title, str(method), len(answers))
    return [current.job]


def ask(answers: Predictions, cell: Cell, method: str, files: ScanFiles) -> Asked:
    """Read the scans and send them off. Files that cannot be read are left out and counted.

    Raises:
        UserFacingError: none can be read, there is no checkpoint, or the engine is full.
    """
    card = get_card(answers.task, answers.network)
    views, refusals = [], []
    for name, sha256 in zip(answers.names, answers.sha256, strict=True):
        try:
            scan = files.scan(name, sha256, answers.task)
        except UserFacingError as error:
            refusals.append(error)
        else:
            views.append(prepare(scan.pixels, card.preprocessing))
    if not views:
        raise refusals[0]
    work = mean_map_work(card, method, views, cell.called, kept=not files.own)
    job = computing.engine().submit(work, computing.owner())
    mean = np.stack([view.pixels for view in views]).mean(axis=0)
    return Asked(_about(answers, cell, method), job, mean, len(refusals))


def forget() -> None:
    """Let go of the map that was asked for: it may show somebody's scan."""
    st.session_state.pop(_ASKED, None)


def _about(answers: Predictions, cell: Cell, method: str) -> tuple[object, ...]:
    """What a mean map is of. Names alone do not tell: another test set may use them, and weights are replaced."""
    card = find_checkpoint(answers.task, answers.network)
    weights = "" if card is None else fingerprint(card)
    return cell, method, answers.names, answers.sha256, weights


def caption(result: MeanMap, called: str, unread: int, *, of: int) -> str:
    """What was averaged, and how: the explained class in words, files not read, of how many."""
    words = _(
        "Evidence for {called}, mean of {scans} maps (the most confident of the cell, at most {most}), on the "
        "network's own grid. Each raw map was divided by the sum of its absolute values, so that every scan weighs "
        "the same; scans differ in place and plane, so a mean is blurred. Under the map: the mean of what the network "
        "saw."
    ).format(called=called.lower(), scans=result.scans, most=MOST)
    notes = (
        (result.silent, _("{count} of the maps are zero everywhere and count as such.")),
        (result.failed, _("{count} of the maps failed a check.")),
        (result.withheld, _("{count} of {all} maps were withheld and are not in the mean.")),
        (unread, _("{count} of {all} files could not be read.")),
    )
    return " ".join([words, *(text.format(count=number, all=of) for number, text in notes if number)])


def _show_state(asked: Asked, called: str, network: str, method: str, count: int) -> None:
    if asked.job.error is not None:
        errors.show(asked.job.error)
    elif asked.job.result is None:
        _watch(asked.job)
        st.button(_("Stop"), icon=":material/stop:", key="networks.mean_map_stop", on_click=forget)
    else:
        _draw(asked, asked.job.result, f"{_('Mean map')}, {network}, {_(METHODS[method].title)}, {called}", method)
        st.caption(caption(asked.job.result, called, asked.unread, of=count))


def _draw(asked: Asked, result: MeanMap, title: str, method: str) -> None:
    signed = METHODS[method].signed
    height, width = result.values.shape
    film = Film(data_uri(asked.mean), (height, width), Box(0, 0, height, width))
    with st.container(width=WIDTH):
        heatmap.show(
            film,
            result.values,
            scale_limit(result.values, signed=signed),
            DISPLAY,
            key="networks.mean_map_figure",
            alt=f"{title}: {describe(result.values, signed=signed)}",
        )


def _watch(job: Job) -> None:
    watch.until(lambda: job.ended, lambda: _draw_progress(job))


def _draw_progress(job: Job) -> None:
    st.progress(min(1.0, job.progress), text=describe_wait(job))
