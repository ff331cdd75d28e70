"""ROC and precision-recall curves: one small chart a class, one line a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go
import streamlit as st

from components.networks import choices
from components.shell.language import _
from components.shell.palette import COLOURS, STILL
from lightbox.metrics.curves import MOST_POINTS, precision_recall, roc
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.metrics.curves import Curve
    from lightbox.metrics.predictions import Predictions

DASHES = ("solid", "dash", "dot", "dashdot")
AREAS = {"roc": "AUC", "precision_recall": "AP"}
AXES = {
    "roc": ("False positive rate", "True positive rate"),
    "precision_recall": ("Recall", "Precision"),
}
MEANINGS = {
    "roc": "Each class against all others, over every threshold. AUC is the chance that a scan of the class gets a "
    "higher probability than one of the others; the grey line, 0.5, is guessing.",
    "precision_recall": "Each class against all others, over every threshold. AP, the average precision, is the area; "
    "the grey line is guessing: the share of scans that are of the class.",
}


def show(predictions: Mapping[str, Predictions], kind: str) -> None:
    """The curves of one kind, "roc" or "precision_recall"."""
    draw = roc if kind == "roc" else precision_recall
    curves = {network: {curve.key: curve for curve in draw(answers)} for network, answers in predictions.items()}
    titles = {key: title for answers in predictions.values() for key, title in choices.class_titles(answers).items()}
    drawn = [key for key in titles if any(key in own for own in curves.values())]
    if not drawn:
        st.info(_("A curve needs scans of a class and scans of another; this set has no such class."))
        return
    st.markdown(_(MEANINGS[kind]))
    for column, key in zip(st.columns(max(2, len(drawn))), drawn, strict=False):
        lines = {network: own[key] for network, own in curves.items() if key in own}
        with column:
            st.markdown(f"**{_(titles[key])}**")
            figure = build(lines, kind, total=len(predictions[next(iter(lines))]))
            alt = describe(_(titles[key]), lines, kind)
            st.plotly_chart(figure, key=f"networks.{kind}.{key}", alt=alt, config=STILL, theme="streamlit")
            for network, line in lines.items():
                st.markdown(f":small[{NETWORKS[network].title}: {_(AREAS[kind])} **{line.area:.3f}**]")
    if any(len(line.x) >= MOST_POINTS / 2 for own in curves.values() for line in own.values()):
        st.caption(
            _("Drawn with at most {points} points; the areas are of the whole curves.").format(points=MOST_POINTS)
        )
    absent = [_(titles[key]) for key in titles if key not in drawn]
    if absent:
        st.caption(_("No curve, because the set lacks such scans or others: {names}.").format(names=", ".join(absent)))


def build(lines: Mapping[str, Curve], kind: str, *, total: int) -> go.Figure:
    """One class: a line a network, and grey where guessing is."""
    scans = next(iter(lines.values())).scans
    chance = [0, 1] if kind == "roc" else [scans / total] * 2
    figure = go.Figure(
        go.Scatter(
            x=[0, 1],
            y=chance,
            mode="lines",
            line={"color": "#808495", "width": 1, "dash": "dot"},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    for number, (network, line) in enumerate(lines.items()):
        figure.add_trace(
            go.Scatter(
                x=line.x,
                y=line.y,
                mode="lines",
                # A step in the ROC's own sense; precision between two recalls is not defined by a line.
                line={"color": COLOURS[number % 4], "width": 2, "dash": DASHES[number % 4],
                      "shape": "linear" if kind == "roc" else "vh"},
                name=NETWORKS[network].title,
                hovertemplate="%{x:.0%}, %{y:.0%}",
                showlegend=len(lines) > 1,
            )
        )  # fmt: skip
    across, up = AXES[kind]
    figure.update_layout(
        height=260,
        margin={"l": 0, "r": 8, "t": 8, "b": 0},
        legend={"orientation": "h", "y": -0.35, "x": 0},
        xaxis={"title": _(across), "range": [0, 1.01], "tickformat": ".0%", "fixedrange": True},
        yaxis={"title": _(up), "range": [0, 1.02], "tickformat": ".0%", "fixedrange": True},
    )
    return figure


def describe(title: str, lines: Mapping[str, Curve], kind: str) -> str:
    """The areas in words."""
    areas = ", ".join(f"{NETWORKS[network].title} {line.area:.3f}" for network, line in lines.items())
    name = _("ROC curve") if kind == "roc" else _("Precision-recall curve")
    return _("{name} of {title}. {area}: {areas}.").format(name=name, title=title, area=_(AREAS[kind]), areas=areas)
