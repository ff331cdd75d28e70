"""The same measurement on new scans, here and now: does the table hold?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from components.ground_truth.selection import SICK, SUBSETS, TITLES, class_titles
from components.shell import computing, errors, watch
from components.shell.address import Field
from components.shell.language import _
from lightbox.explainers import METHODS
from lightbox.ground_truth.scores import complete_methods, score_work
from lightbox.ground_truth.summary import ALL, RIGHT, score_of, summarise
from lightbox.networks import NETWORKS, get_card
from lightbox.phantoms.seeds import FRESH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.ground_truth.selection import Selection
    from lightbox.ground_truth.localisation_table import Table
    from lightbox.ground_truth.scores import PhantomScore
    from lightbox.ground_truth.summary import Row
    from lightbox.jobs import Job
    from lightbox.networks import Card

MOST = 20
_WANTED = "ground_truth.wanted"
FIELDS = (
    Field("network", "one", next(iter(NETWORKS)), list(NETWORKS)),
    Field("methods", "many", ["lrp", "contrastive_lrp", "grad_cam"], list(METHODS)),
    Field("count", "number", 6, low=2, high=MOST),
    Field("seed", "number", 0, low=0, high=9999),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for when the button was pressed.

    Args:
        task: key of the task.
        network: key of the architecture.
        methods: keys of the methods.
        count: scans in all, the classes with a pathology in turn.
        seed: which scans.
    """

    task: str
    network: str
    methods: tuple[str, ...]
    count: int
    seed: int


def show(table: Table, selection: Selection) -> list[Job]:
    """Controls, progress, and the new figures beside the shipped ones; returns the jobs that it wants kept."""
    st.subheader(_("Try it on new scans"), anchor=False)
    wanted = _ask(selection.task)
    if wanted is None:
        return []
    card = get_card(wanted.task, wanted.network)
    jobs = submit(wanted, card)
    failed = next((job.error for job in jobs if job.error is not None), None)
    if failed is not None:
        errors.show(failed)
    elif not all(job.ended for job in jobs):
        watch.until(lambda: _settled(jobs), lambda: _draw_progress(jobs))
    else:
        _show_result(table, wanted, card, [job.result for job in jobs], selection)
    return jobs


def _ask(task: str) -> Wanted | None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Network"), list(NETWORKS), format_func=lambda key: NETWORKS[key].title, key="ground_truth.network"
        )
        st.number_input(_("New scans"), 2, MOST, step=1, key="ground_truth.count")
        st.number_input(_("Seed"), 0, 9999, step=1, key="ground_truth.seed", help=_("Other seed, other scans."))
        st.button(
            _("Compute"),
            icon=":material/play_arrow:",
            type="primary",
            key="ground_truth.compute",
            on_click=_want,
            args=(task,),
        )
        st.button(_("Clear"), key="ground_truth.clear", on_click=_forget)
    st.pills(
        _("Methods"),
        list(METHODS),
        format_func=lambda key: _(METHODS[key].title),
        selection_mode="multi",
        key="ground_truth.methods",
    )
    wanted: Wanted | None = st.session_state.get(_WANTED)
    if wanted is None or wanted.task != task:
        return None
    if not wanted.methods:
        st.info(_("Pick at least one method."))
        return None
    return wanted


def _want(task: str) -> None:
    """Remember the controls as they stand: changing them later starts nothing."""
    network, methods, count, seed = (st.session_state[f"ground_truth.{field.name}"] for field in FIELDS)
    chosen = tuple(key for key in METHODS if key in methods)
    st.session_state[_WANTED] = Wanted(task, network, chosen, int(count), int(seed))


def _forget() -> None:
    st.session_state.pop(_WANTED, None)


def submit(wanted: Wanted, card: Card) -> list[Job]:
    """One job a scan; asking again for what is there costs nothing."""
    methods = complete_methods(wanted.network, wanted.methods)
    labels = SICK[wanted.task]
    first = FRESH.start + MOST * wanted.seed
    works = [score_work(card, labels[n % len(labels)], first + n, methods) for n in range(wanted.count)]
    return [computing.engine().submit(work, computing.owner()) for work in works]


def _settled(jobs: list[Job]) -> bool:
    """Whether all is there, or something has failed."""
    return all(job.ended for job in jobs) or any(job.error is not None for job in jobs)


def _draw_progress(jobs: list[Job]) -> None:
    done = sum(job.ended for job in jobs)
    words = _("{done} of {count} scans").format(done=done, count=len(jobs))
    st.progress(min(1.0, sum(job.progress for job in jobs) / len(jobs)), text=words)


def _show_result(table: Table, wanted: Wanted, card: Card, scores: list[PhantomScore], selection: Selection) -> None:
    right = sum(score.right for score in scores)
    st.markdown(
        _("{network} calls {right} of these {count} new scans right.").format(
            network=NETWORKS[wanted.network].title, right=right, count=len(scores)
        )
    )
    chosen = (selection.label, selection.subset)
    rows = summarise(wanted.task, wanted.network, scores, complete_methods(wanted.network, wanted.methods))
    fresh = [row for row in rows if (row.label, row.subset) == chosen]
    if not fresh:
        st.info(why_nothing(scores, selection))
        return
    shipped = {row.method: row for row in table.rows if (row.task, row.network) == (wanted.task, wanted.network)
               and (row.label, row.subset) == chosen}  # fmt: skip
    st.markdown(f"**{headline(selection)}**")
    st.dataframe(
        [compare(row, shipped.get(row.method), selection.measure) for row in fresh],
        hide_index=True,
        key="ground_truth.again",
    )
    run = table.run_of(wanted.task, wanted.network)
    if run is not None and run.weights_sha256 != card.sha256:
        st.warning(_("The table was measured on other weights of this network, so the two need not agree."))
    st.caption(_("Few scans give wide intervals; one in twenty misses the true value by chance."))


def headline(selection: Selection) -> str:
    """What is set beside what: All pathologies, all scans: new scans beside the shipped table."""
    label = _("All pathologies") if selection.label == ALL else _(class_titles(selection.task)[selection.label])
    return _("{label}, {scans}: new scans beside the shipped table").format(
        label=label, scans=_(SUBSETS[selection.subset]).lower()
    )


def why_nothing(scores: Sequence[PhantomScore], selection: Selection) -> str:
    """Why no new map is of what is chosen above."""
    of_label = [score for score in scores if selection.label in (ALL, score.label)]
    if not of_label:
        return _("None of these new scans shows this: {title}. Take more of them, or choose all pathologies.").format(
            title=_(class_titles(selection.task)[selection.label]).lower()
        )
    if selection.subset == RIGHT and not any(score.right for score in of_label):
        return _("None of them is called right, so there is nothing to show for those alone.")
    return _("None of their maps could be scored, so there is nothing to compare.")


def compare(row: Row, shipped: Row | None, measure: str) -> dict[str, str | int]:
    """The new figure, the table's, and whether the table's lies in the new interval."""
    score, low, high = score_of(row, measure)
    there = None if shipped is None else score_of(shipped, measure)[0]
    what = "" if row.label == ALL else ": " + _(class_titles(row.task)[row.label]).lower()
    agrees = _("not in the table") if there is None else _("yes") if low <= there <= high else _("no")
    return {
        _("Method"): _(METHODS[row.method].title),
        _("Maps"): row.count,
        _("{measure}, new scans").format(measure=_(TITLES[measure])) + what: f"{score:.1%} ({low:.0%} – {high:.0%})",
        _("Shipped table") + what: "–" if there is None else f"{there:.1%}",
        _("Agrees"): agrees,
    }
