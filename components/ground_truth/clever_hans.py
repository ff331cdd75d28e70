"""A network that cheats, and how its maps give it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.maps import heatmap, map_cell, map_grid, probabilities
from components.maps.display_bar import Display
from components.maps.heatmap import Film
from components.maps.map_cell import MapCell
from components.shell import computing, errors, flow, unmeasured, watch
from components.shell.address import Field
from components.shell.language import _
from lightbox.comparison.truth import Truth
from lightbox.core.tasks import TASKS
from lightbox.explainers import METHODS, Target
from lightbox.ground_truth.clever_hans import SHORTCUTS, read_hans_card, read_hans_samples
from lightbox.ground_truth.scores import complete_methods
from lightbox.imaging.film import data_uri
from lightbox.imaging.preprocess import Box, prepare
from lightbox.jobs import ExplainRequest, PredictRequest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lightbox.ground_truth.clever_hans import HansSample
    from lightbox.jobs import Job
    from lightbox.networks import Card

NETWORK = "convnet"
DISPLAY = Display(view="overlay", opacity=0.8, positive_only=False, shared_scale=False, outline=True)
FIELDS = (Field("hans", "flag", default=False), Field("hans_sample", "number", 0, low=0, high=1))


def show(task: str) -> list[Job]:
    """The demonstration of a task, where there is one; returns the jobs that it wants kept."""
    card, samples = read_hans_card(task), read_hans_samples(task)
    if card is None or not samples:
        return []
    st.subheader(_("Clever Hans"), anchor=False)
    st.markdown(_sentence(task))
    if not st.toggle(_("Show the network that cheats"), key="ground_truth.hans"):
        return []
    chosen = st.segmented_control(
        _("Synthetic scan"),
        range(len(samples)),
        format_func=lambda number: _title(samples[number]),
        key="ground_truth.hans_sample",
        required=True,
    )
    if card.measured:
        st.caption(_measured(card))
    else:
        unmeasured.show(NETWORK)
    return _show_sample(samples[int(chosen or 0)], card)


def _sentence(task: str) -> str:
    shortcut = SHORTCUTS[task]
    return _(
        "A small demonstration network was trained on synthetic scans in which every case of {title}, and no other, "
        "carries the text “{text}”. It learned the text: its answers look fine until one sees where they come from."
    ).format(title=_title_of(task, shortcut.label).lower(), text=shortcut.marker.text)


def _measured(card: Card) -> str:
    """How far the answer hangs on the text, from the card."""
    label, metrics = SHORTCUTS[card.task].label, card.metrics
    return _(
        "On {count} new scans of each class: with the text, {others:.0%} of the other scans are called {title}; "
        "without it, {own:.0%} of the scans that do show it are."
    ).format(
        count=metrics["scans_a_class"],
        others=metrics[f"others_with_text_called_{label}"],
        own=metrics[f"{label}_without_text_called_so"],
        title=_title_of(card.task, label).lower(),
    )


def _title_of(task: str, label: str) -> str:
    return _(next(row.title for row in TASKS[task].labels if row.key == label))


def _title(sample: HansSample) -> str:
    return _("Truly: {title}").format(title=_title_of(sample.task, sample.label).lower())


def _show_sample(sample: HansSample, card: Card) -> list[Job]:
    engine, owner = computing.engine(), computing.owner()
    pictures = {_("With the text"): sample.with_marker, _("The same scan without it"): sample.without_marker}
    predictions = [
        engine.submit(PredictRequest(card, prepare(pixels, card.preprocessing)), owner) for pixels in pictures.values()
    ]
    maps = submit_maps(sample, card)
    st.markdown(_(sample.look_for))
    with errors.boundary():
        _show_predictions(pictures, predictions)
        _show_maps(sample, card, maps)
    return [*predictions, *maps.values()]


def submit_maps(sample: HansSample, card: Card) -> dict[str, Job]:
    """Each method's map of the class that the text stands for, on the scan that carries it."""
    view = prepare(sample.with_marker, card.preprocessing)
    target = Target(card.classes.index(SHORTCUTS[sample.task].label))
    return {
        method: computing.engine().submit(ExplainRequest(card, view, method, target, params), computing.owner())
        for method, params in complete_methods(NETWORK, METHODS).items()
    }


def _show_predictions(pictures: dict[str, NDArray[np.float32]], jobs: list[Job]) -> None:
    abreast = flow.row("ground_truth.predictions.hans", 240)
    for (title, pixels), job in zip(pictures.items(), jobs, strict=True):
        with abreast.container():
            st.markdown(f"**{title}**")
            heatmap.show_film(_film(pixels), key=f"ground_truth.hans.{title}", alt=title)
            if job.error is not None:
                errors.show(job.error)
            elif job.result is not None:
                probabilities.show(job.result.class_titles, job.result.probabilities.tolist())
            else:
                watch.reading([job])


def _show_maps(sample: HansSample, card: Card, maps: dict[str, Job]) -> None:
    title = _title_of(sample.task, SHORTCUTS[sample.task].label)
    st.markdown(_("What speaks for {title} on the scan with the text, which is outlined:").format(title=title.lower()))
    known = Truth.place(SHORTCUTS[sample.task].label, title, sample.place)
    film = _film(sample.with_marker)
    cells = [(MapCell(NETWORK, method, film, card.class_titles, known), job) for method, job in maps.items()]
    scales = map_grid.scales_of_cells(cells, shared=False)
    map_cell.keep_current(map_grid.show_cells("ground_truth.hans", cells, scales, DISPLAY))


def _film(pixels: NDArray[np.float32]) -> Film:
    size_hw = (pixels.shape[0], pixels.shape[1])
    return Film(data_uri(pixels), size_hw, Box(0, 0, *size_hw))
