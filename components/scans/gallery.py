"""The sample scans, by class, the one to begin with first: click one to open it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from components.scans import sample_list, scan_input
from components.shell import errors, flow, script
from components.shell.language import _
from lightbox.core.tasks import TASKS
from lightbox.ground_truth.sample_answers import rank, read_answers
from lightbox.imaging.film import data_uri
from lightbox.imaging.samples import read_sample
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lightbox.ground_truth.sample_answers import SampleAnswer
    from lightbox.imaging.samples import Sample
    from lightbox.networks import Card

THUMBNAIL = 240
MOST = 6


def show(task: str, cards: Mapping[str, Card], *, folded: bool) -> None:
    """The samples of a modality, those that suit a beginning first; a broken one with its reason.

    Args:
        task: key of the task.
        cards: of its networks. What is known of their answers decides the order and stands under the pictures.
        folded: into an expander, while a scan is open.
    """
    samples = [sample for sample in sample_list.usable() if sample.task == task]
    if not samples:
        return
    known = read_answers()
    answers = {sample.key: known.of(sample.key, cards) for sample in samples}
    script.show(Path(__file__).with_suffix(".js"), "gallery")
    title = _("Sample scans: synthetic, made by this project")
    with st.expander(title, icon=":material/photo_library:", expanded=not folded):
        for label, group in arrange(samples, answers):
            st.markdown(f"**{_(TASKS[task].titles[label])}**")
            with flow.row(f"compare.gallery.{label}", 140):
                for sample in group[:MOST]:
                    with st.container(key=f"sample-{sample.key}", gap="xxsmall"), errors.boundary():
                        _show_sample(sample, answers[sample.key])


def first(task: str, cards: Mapping[str, Card]) -> str | None:
    """The key of the sample that the gallery begins with; None where there is none."""
    samples = [sample for sample in sample_list.usable(quiet=True) if sample.task == task]
    known = read_answers()
    groups = arrange(samples, {sample.key: known.of(sample.key, cards) for sample in samples})
    return groups[0][1][0].key if groups else None


def arrange(samples: Iterable[Sample], answers: Mapping[str, Sequence[SampleAnswer]]) -> list[tuple[str, list[Sample]]]:
    """The samples by class: in each, and among classes, the best for a beginning first; else the task's own order.

    Args:
        samples: of one task.
        answers: the networks' answers to each, by the sample's key.
    """
    groups: dict[str, list[Sample]] = {}
    for sample in sorted(samples, key=lambda each: rank(answers[each.key])):
        groups.setdefault(sample.label, []).append(sample)
    # Where nothing is known all ranks are equal, and the classes stand as in their task.
    order = TASKS[next(iter(groups.values()))[0].task].classes if groups else ()
    return sorted(groups.items(), key=lambda group: (rank(answers[group[1][0].key]), order.index(group[0])))


def describe(answers: Sequence[SampleAnswer]) -> str:
    """Which networks call a sample what it is; "" where that is not known."""
    if not answers:
        return ""
    right = [NETWORKS[row.network].title for row in answers if row.right]
    names = _("none of {count} networks").format(count=len(answers)) if not right else ", ".join(right)
    if len(right) == len(answers) > 1:
        names = _("all {count} networks").format(count=len(answers))
    words = _("Correct: {names}").format(names=names)
    return _("A mistake worth studying. {words}").format(words=words) if 2 * len(right) < len(answers) else words


def _show_sample(sample: Sample, answers: Sequence[SampleAnswer]) -> None:
    """The picture, which style.css makes a part of the button below it, and what networks make of it."""
    st.image(_thumbnail(sample.key), width="stretch", alt=_(sample.title))
    st.button(
        _("Open: {which}").format(which=_which(sample)),
        key=f"compare.open.{sample.key}",
        help=_(sample.look_for),
        on_click=_open,
        args=(sample.key, sample.task),
        width="stretch",
    )
    if answers:
        st.caption(describe(answers))


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
