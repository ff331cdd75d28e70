"""Compare: one scan, the chosen networks down, the chosen methods across."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import streamlit as st

from components.compare import (
    baseline_picker,
    changed_settings,
    class_picker,
    class_row,
    export,
    familiarity_note,
    method_picker,
    network_picker,
    network_row,
    one_sentence,
    parameters,
    pinned_rows,
    pins,
    reading_guide,
    scan_concern,
    scan_view,
    welcome,
)
from components.maps import display_bar, map_cell, map_grid, truth
from components.maps.viewer import viewer
from components.scans import gallery, modality, scan_input
from components.shell import address, checkpoints, computing, entrance, errors, history, slot
from components.shell.address import Field
from components.shell.language import _
from lightbox.comparison.ask import ask_maps, ask_predictions, gather
from lightbox.comparison.choice import PREDICTED, RUNNER_UP, Choice
from lightbox.explainers import BASELINES, DEFAULT_BASELINE, METHODS
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.comparison.ask import Grid
    from lightbox.comparison.comparison import Comparison
    from lightbox.comparison.truth import Truth
    from lightbox.imaging.views import Views
    from lightbox.jobs import Job, Prediction

PAGE = "compare"
CHECKPOINTS = checkpoints.find_all()
CLASSES = checkpoints.known_classes(CHECKPOINTS)
FIELDS = [
    scan_input.sample_field(),
    scan_input.ABSENT,
    modality.FIELD,
    Field("networks", "many", list(NETWORKS)[:1], list(NETWORKS)),
    Field("methods", "many", list(METHODS), list(METHODS)),
    Field("explain", "one", PREDICTED, [PREDICTED, *CLASSES]),
    Field("against", "one", RUNNER_UP, [RUNNER_UP, *CLASSES]),
    Field("baseline", "one", DEFAULT_BASELINE, list(BASELINES)),
    Field("seed", "number", 0, low=0, high=2**31 - 1),
    Field("network_view", "flag", default=False),
    class_row.FIELD,
    *display_bar.FIELDS,
    *parameters.fields(),
]


def read_truth(views: Views) -> Truth | None:
    """Where the pathology of an open sample is; one that cannot be read says so, and takes no map away."""
    with errors.boundary():
        sample = scan_input.open_sample()
        return None if sample is None else views.once(("truth", sample.key), lambda: truth.read(sample))
    return None


def show_maps(views: Views, asked: Mapping[str, Job], predictions: Mapping[str, Prediction]) -> list[map_cell.Waiting]:
    """The maps of the networks that have answered, each in its network's band, and the way to take them along."""
    grid = ask_maps(computing.engine(), computing.owner(), views, cards, predictions=predictions, choice=choice)
    by_class, pinned = class_row.ask(views, cards, predictions, choice), pins.ask()
    maps = [job for rows in (grid, by_class) for row in rows.values() for job in row.values()]
    computing.hold([*asked.values(), *maps, *pins.held(), *(job for _atlas, job in familiar.values())])
    computing.give_a_moment(maps)
    outlined = known if display.outline else None
    films = {network: scan_view.film_under_maps(views, card) for network, card in cards.items()}
    cells = map_grid.cells_of(films, asked, grid, known=outlined)
    class_cells = class_row.cells(by_class, predictions, films, known=outlined)
    pinned_cells = pinned_rows.cells(pinned, outline=display.outline)
    every = chain.from_iterable(row for rows in (cells, class_cells, pinned_cells) for row in rows.values())
    scales = map_grid.scales_of_cells(every, shared=display.shared_scale)
    viewer.begin(views)
    places = {network: slot.fill(band.maps, clear=fresh) for network, band in bands.items()}
    waiting = map_grid.show(places, asked, cells, scales, display, known=outlined, dimmed=standing.in_doubt)
    for network, row in class_cells.items():
        with places[network], st.container(key=map_grid.key_of("classes", network, dimmed=standing.in_doubt)):
            waiting += class_row.show(network, row, scales, display)

    def gathered(answers: Mapping[str, Prediction], jobs: Grid) -> Comparison | None:
        return gather(views, task, cards, answers, jobs, **standing._asdict())

    complete = all(job.result is not None or job.error is not None for job in asked.values())
    comparison = gathered(predictions, grid) if complete else None
    of_classes = class_row.parts(by_class, predictions, gathered, known=outlined)
    of_pins = pinned_rows.parts(pinned, views=views, choice=choice, outline=display.outline)
    one_sentence.show(line, views, comparison, below=bool(by_class or pinned))
    with st.container(horizontal=True, vertical_alignment="center", key="compare.actions"):
        below = None if of_classes is None or of_pins is None else [*of_classes, *of_pins]
        export.show(comparison, display, outlined, below=below)
        class_row.pick()
        pins.offer(views, task, cards, choice, known, standing=standing)
    waiting += pinned_rows.show(pinned, pinned_cells, scales, display, views=views, choice=choice)
    viewer.show(views, display, outlined, doubted=standing.in_doubt)
    return waiting


entrance.enter()
refused = address.restore(PAGE, FIELDS)
if history.moved():
    scan_input.go_to_sample()
with st.sidebar:
    views = scan_input.show()
    task = st.session_state["compare.task"]
    cards = network_picker.show(CHECKPOINTS[task])
    methods = method_picker.show()
    explain, against = class_picker.show(task, cards, contrastive=any(METHODS[key].contrastive for key in methods))
    baseline = baseline_picker.show(views, cards, methods)
    seed, own = parameters.show(methods)
    changed_settings.show(methods)
choice = Choice(tuple(methods), explain, against, {"baseline": baseline, "seed": seed}, own)
address.publish(PAGE, FIELDS)

bar = st.container(key="compare.bar", horizontal=True, vertical_alignment="center", gap="xsmall")
bar.header(_("Compare"), anchor=False, width="stretch")
address.tell_refused(refused)

if views is None:
    pins.forget()
computing.turn_to("" if views is None else f"{views.scan.modality}/{views.scan.sha256}", keep=pins.held())
if views is None:
    with errors.boundary():
        computing.engine()  # the workers wake up while the user looks for a scan
    with bar:
        reading_guide.show(task, CHECKPOINTS[task].cards)
    welcome.show(task, CHECKPOINTS[task].cards)
    gallery.show(task, CHECKPOINTS[task].cards, folded=False)
    st.stop()

with errors.boundary():
    known = read_truth(views)
    with bar:
        rows_of_maps = len(cards) * (1 + class_row.is_on()) + pins.count()
        display = display_bar.show(rows=rows_of_maps, with_truth=known is not None)
        reading_guide.show(task, CHECKPOINTS[task].cards)
    standing = scan_concern.standing(views.scan)
    scan_concern.show(views, standing.concern)
    asked = ask_predictions(computing.engine(), computing.owner(), views, cards)
    familiar = familiarity_note.ask(views, cards)
    fresh = computing.shows_another()
    line = one_sentence.reserve(clear=fresh)
    bands = network_row.reserve(cards or ["none"], clear=fresh)
    waiting = scan_view.show(
        bands,
        views,
        cards,
        asked,
        familiar,
        fresh=fresh,
        sample=scan_input.open_sample(),
        dimmed=standing.in_doubt,
    )
    # A network that has not answered yet keeps no other waiting.
    predictions: dict[str, Prediction] = {key: job.result for key, job in asked.items() if job.result is not None}
    if cards and methods:
        waiting += show_maps(views, asked, predictions)
    else:
        computing.hold([*asked.values(), *pins.held(), *(job for _atlas, job in familiar.values())])
        with slot.fill(next(iter(bands.values())).maps, clear=fresh):
            st.info(
                _("To see maps, pick a method in the panel on the left.")
                if cards
                else _("To see maps, pick a network in the panel on the left.")
            )
    map_cell.keep_current(waiting, familiarity_note.under_way(familiar))
    computing.tell_drawn()
gallery.show(task, CHECKPOINTS[task].cards, folded=True)
