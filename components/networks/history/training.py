"""How the networks were trained: their curves, epoch by epoch, and what their cards say."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import plotly.graph_objects as go
import streamlit as st

from components.shell import errors, unmeasured
from components.shell.language import _
from components.shell.palette import COLOURS, STILL
from lightbox.networks import NETWORKS
from lightbox.provenance.history import SPLITS, read_history

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lightbox.networks import Card
    from lightbox.provenance.history import Epoch

FIGURES = {"loss": "Loss", "accuracy": "Accuracy", "learning_rate": "Learning rate"}
FORMATS = {"loss": ".3f", "accuracy": ".1%", "learning_rate": ".2e"}
TRAIN, VALIDATION = COLOURS[1], COLOURS[0]
TITLES = {"train": "Train", "validation": "Validation"}
SHADE = "rgba(128,132,149,0.14)"
# What the cards call the rows of the table, in words; what a card does not say is left out.
FACTS = {
    "remark": "Remark",
    "data": "Data",
    "train_images": "Training images",
    "validation_images": "Validation images",
    "test_images": "Test images",
    "phantom_images": "Of the training images, synthetic",
    "initial_weights": "Initial weights",
    "teachers": "Teachers",
    "epochs_done": "Epochs",
    "best_epoch": "Best epoch, which is shipped",
    "sizes": "Sizes in pixels",
    "batch_size": "Batch size",
    "learning_rate": "Peak learning rate",
    "weight_decay": "Weight decay",
    "augmentation": "Augmentation, factor",
    "style": "Change of style, probability",
    "label_smoothing": "Label smoothing",
    "ema_decay": "Decay of the averaged weights",
    "validation_share": "Held out for validation",
    "seed": "Seed",
    "lightbox_version": "Lightbox",
    "torch_version": "torch",
}


def show(cards: Mapping[str, Card]) -> None:
    """A row of curves a network, then what the cards say, side by side."""
    st.caption(
        _(
            "Train: the mean over the pass, on augmented pictures, with class weights and label smoothing in the loss. "
            "Validation: after the pass, with the averaged weights that are shipped, on pictures as they are. So a "
            "training loss above the validation loss is no surprise. Shaded: training on smaller pictures. "
            "Green line: the epoch that is shipped."
        )
    )
    for network, card in cards.items():
        st.markdown(f"**{NETWORKS[network].title}**")
        with errors.boundary():
            _show_curves(network, card)
    st.subheader(_("What the cards say"), anchor=False)
    st.dataframe(facts(cards), hide_index=True, key="networks.facts", width="stretch")


def _show_curves(network: str, card: Card) -> None:
    epochs = read_history(card)
    if not epochs:
        st.info(_("This checkpoint came without a training history (history.csv)."))
        return
    if not card.measured:
        unmeasured.show(network)
        return
    best = card.training.get("best_epoch")
    for column, (name, title) in zip(st.columns(3, gap="medium"), FIGURES.items(), strict=True):
        figure = build(epochs, name, best=best if isinstance(best, int) else None)
        with column:
            st.markdown(f":small[{_(title)}]")
            st.plotly_chart(
                figure,
                key=f"networks.{name}.{network}",
                alt=describe(epochs, name),
                config=STILL,
                theme="streamlit",
            )


def build(epochs: Sequence[Epoch], name: str, *, best: int | None) -> go.Figure:
    """One figure over the epochs, a line a split; the smaller sizes shaded, the shipped epoch marked."""
    figure = go.Figure()
    # The rate is one for both.
    splits = SPLITS[:1] if name == "learning_rate" else SPLITS
    for split in splits:
        rows = [epoch for epoch in epochs if epoch.split == split]
        figure.add_trace(
            go.Scatter(
                x=[epoch.number for epoch in rows],
                y=[getattr(epoch, name) for epoch in rows],
                mode="lines+markers" if len(rows) == 1 else "lines",
                line={"color": TRAIN if split == "train" else VALIDATION, "width": 2,
                      "dash": "dot" if split == "train" and len(splits) > 1 else "solid"},
                name=_(TITLES[split]),
                hovertemplate=f"%{{y:{FORMATS[name]}}}",
            )
        )  # fmt: skip
    largest = max(epoch.size for epoch in epochs)
    for number, (first, last, size) in enumerate(stages(epochs)):
        if size < largest:
            figure.add_vrect(
                x0=first - 0.5, x1=last + 0.5, fillcolor=SHADE, line_width=0, layer="below",
                # Every other label a line higher: a stage of one epoch is narrower than its label.
                annotation={"text": f"{size} px", "font": {"size": 11, "color": "#808495"}, "yshift": number % 2 * 14},
                annotation_position="bottom right",
            )  # fmt: skip
    if best is not None:
        figure.add_vline(x=best, line={"color": "#22c55e", "width": 1.5})
    figure.update_layout(
        height=240,
        margin={"l": 0, "r": 8, "t": 26, "b": 0},
        hovermode="x unified",
        showlegend=len(splits) > 1,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={"title": _("Epoch"), "fixedrange": True},
        yaxis={"fixedrange": True, "tickformat": ".0%" if name == "accuracy" else None, "rangemode": "tozero"},
    )
    return figure


def stages(epochs: Sequence[Epoch]) -> Iterator[tuple[int, int, int]]:
    """(first epoch, last epoch, size) of each stretch of training at one size."""
    rows = [epoch for epoch in epochs if epoch.split == "train"]
    for size, group in groupby(rows, key=lambda epoch: epoch.size):
        numbers = [epoch.number for epoch in group]
        yield numbers[0], numbers[-1], size


def describe(epochs: Sequence[Epoch], name: str) -> str:
    """First and last value of each line."""
    parts = []
    for split in SPLITS:
        values = [getattr(epoch, name) for epoch in epochs if epoch.split == split]
        if values:
            parts.append(f"{_(TITLES[split])}: {values[0]:.3g} – {values[-1]:.3g}")
    return _("{title} over {count} epochs. ").format(
        title=_(FIGURES[name]), count=max(epoch.number for epoch in epochs)
    ) + "; ".join(parts)


def facts(cards: Mapping[str, Card]) -> list[dict[str, str]]:
    """One row a fact, one column a network, as text: the facts are of many kinds."""
    rows = []
    for key, title in FACTS.items():
        said = {network: card.training.get(key) for network, card in cards.items()}
        if any(value is not None for value in said.values()):
            if key == "teachers":
                said = {network: _named(value, cards) for network, value in said.items()}
            values = {NETWORKS[network].title: _text(value) for network, value in said.items()}
            rows.append({_("Training"): _(title), **values})
    rows.append({_("Training"): _("Date"), **{NETWORKS[key].title: card.date for key, card in cards.items()}})
    weights = {NETWORKS[key].title: f"sha256 {card.sha256[:12]}…" for key, card in cards.items()}
    return [*rows, {_("Training"): _("Weights"), **weights}]


def _named(teachers: object, cards: Mapping[str, Card]) -> object:
    """Teachers by name where they, or what they became, are on show, else by the start of their weights' sha256."""
    if not isinstance(teachers, list):
        return teachers
    titles = {
        str(card.training.get("initial_weights", "")).removeprefix("checkpoint "): _(
            "{network} before its last training"
        ).format(network=NETWORKS[network].title)
        for network, card in cards.items()
    }
    titles |= {card.sha256[:12]: NETWORKS[network].title for network, card in cards.items()}
    return [titles.get(str(sha256)[:12], f"sha256 {str(sha256)[:12]}…") for sha256 in teachers]


def _text(value: object) -> str:
    if value is None or value in ("", []):
        return "–"
    if not isinstance(value, list | tuple):
        return str(value)
    # "30 times 64, 5 times 224" in short, for sizes that are named once an epoch.
    runs = [(part, len(list(group))) for part, group in groupby(value)]
    return ", ".join(str(part) if count == 1 else f"{count} × {part}" for part, count in runs)
