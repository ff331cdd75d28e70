"""The sample scans, by class: click one to open it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import streamlit as st

from components.scans import sample_list, scan_input
from components.shell import errors, flow
from components.shell.language import _
from lightbox.core.tasks import TASKS
from lightbox.imaging.film import data_uri
from lightbox.imaging.samples import read_sample

if TYPE_CHECKING:
    from lightbox.imaging.samples import Sample

THUMBNAIL = 240
MOST = 6


def show(task: str, *, folded: bool) -> None:
    """The samples of a modality, a broken one with its reason; ``folded`` into an expander while a scan is open."""
    samples = [sample for sample in sample_list.usable() if sample.task == task]
    if not samples:
        return
    title = _("Sample scans: synthetic, made by this project")
    with st.expander(title, icon=":material/photo_library:", expanded=not folded):
        order = TASKS[task].classes
        samples.sort(key=lambda sample: order.index(sample.label))
        for label, group in groupby(samples, key=lambda sample: sample.label):
            st.markdown(f"**{_(TASKS[task].labels[order.index(label)].title)}**")
            with flow.row(f"compare.gallery.{label}", 140):
                for sample in list(group)[:MOST]:
                    with st.container(), errors.boundary():
                        _show_sample(sample)


def _show_sample(sample: Sample) -> None:
    st.image(_thumbnail(sample.key), width="stretch", alt=_(sample.title))
    st.button(
        _("Open: {which}").format(which=_which(sample)),
        key=f"compare.open.{sample.key}",
        help=_(sample.look_for),
        on_click=_open,
        args=(sample.key, sample.task),
        width="stretch",
    )


def _which(sample: Sample) -> str:
    """What tells a sample from the others of its class: plane and difficulty, else its number."""
    difficulty = sample.title.rpartition(", ")[2] if sample.difficulty is not None else ""
    return ", ".join(filter(None, (sample.plane, difficulty))) or sample.key.rpartition("-")[2]


def _open(key: str, task: str) -> None:
    st.session_state["compare.task"] = task
    scan_input.load_sample(key)


@st.cache_data(max_entries=100, show_spinner=False)
def _thumbnail(key: str) -> str:
    """A shipped picture, small. Samples are public; an upload never comes through a cache."""
    return data_uri(read_sample(sample_list.find(key)).pixels, max_side=THUMBNAIL)
