"""Reliability diagrams: is a network as often right as it is sure?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go
import streamlit as st

from components.shell.language import _
from components.shell.palette import COLOURS, STILL
from lightbox.metrics.calibration import BINS, calibrate, tendency
from lightbox.metrics.confusion import score
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.metrics.calibration import Calibration
    from lightbox.metrics.predictions import Predictions
    from lightbox.networks import Card

SMALLEST, LARGEST = 5.0, 22.0


def show(predictions: Mapping[str, Predictions], cards: Mapping[str, Card] | None = None) -> None:
    """One diagram a network.

    Args:
        predictions: by network.
        cards: of the networks, which say whether a temperature was fitted; None where that is not known.
    """
    st.markdown(
        _(
            "Scans are sorted by how probable the network finds the class it calls them, into {bins} bins of equal "
            "width. On the grey line it is right as often as it is sure. Larger dots hold more scans; bars are 95 % "
            "intervals."
        ).format(bins=BINS)
    )
    for column, (network, answers) in zip(st.columns(max(2, len(predictions))), predictions.items(), strict=False):
        calibration = calibrate(answers)
        with column:
            st.markdown(f"**{NETWORKS[network].title}**")
            words = sentence(calibration, score(answers).accuracy)
            if calibration.bins:
                figure = build(calibration, list(predictions).index(network))
                st.plotly_chart(
                    figure, key=f"networks.reliability.{network}", alt=words, config=STILL, theme="streamlit"
                )
            st.markdown(f":small[{words}]")
            if cards and network in cards:
                st.markdown(f":small[{fitted(cards[network])}]")


def sentence(calibration: Calibration, accuracy: float | None) -> str:
    """The expected calibration error, and in which direction the network errs."""
    if calibration.error is None or calibration.confidence is None or accuracy is None:
        return _("No scans.")
    words = {0: _("about as sure as it should be"), 1: _("too sure"), -1: _("too modest")}
    verdict = words[tendency(calibration.confidence, accuracy)]
    return _(
        "Expected calibration error {error:.1%} ({bins} bins). On average {confidence:.0%} sure and {accuracy:.0%} "
        "right: {verdict}."
    ).format(error=calibration.error, bins=BINS, confidence=calibration.confidence, accuracy=accuracy, verdict=verdict)


def fitted(card: Card) -> str:
    """With which temperature the probabilities are told, or that they are softmax's own."""
    if not card.calibrated:
        return _("Not calibrated: the probabilities are softmax's own.")
    return _(
        "Calibrated: logits divided by {temperature:.2f}. On the {count} validation scans that it was fitted to, the "
        "error was {before:.1%} before and {after:.1%} after."
    ).format(
        temperature=card.temperature,
        count=card.calibration["validation_images"],
        before=card.calibration["validation_error_before"],
        after=card.calibration["validation_error_after"],
    )


def build(calibration: Calibration, number: int) -> go.Figure:
    """A dot a bin, at its mean confidence and its accuracy."""
    bins, colour = calibration.bins, COLOURS[number % len(COLOURS)]
    most = max(each.scans for each in bins)
    figure = go.Figure(
        go.Scatter(
            x=[0, 1], y=[0, 1], mode="lines", line={"color": "#808495", "dash": "dot"}, hoverinfo="skip"
        )
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=[each.confidence for each in bins],
            y=[each.accuracy for each in bins],
            error_y={
                "array": [each.interval[1] - each.accuracy for each in bins],
                "arrayminus": [each.accuracy - each.interval[0] for each in bins],
                "color": colour,
                "thickness": 1,
                "width": 0,
            },
            mode="markers",
            marker={"color": colour, "opacity": 1, "line": {"width": 0},
                    "size": [SMALLEST + (LARGEST - SMALLEST) * (each.scans / most) ** 0.5 for each in bins]},
            customdata=[[each.low, each.high, each.scans] for each in bins],
            hovertemplate=_("{scans} scans, {low} to {high} sure<br>on average {x} sure, {y} right").format(
                scans="%{customdata[2]}", low="%{customdata[0]:.0%}", high="%{customdata[1]:.0%}",
                x="%{x:.0%}", y="%{y:.0%}",
            ) + "<extra></extra>",
        )
    )  # fmt: skip
    figure.update_layout(
        height=300,
        margin={"l": 0, "r": 8, "t": 8, "b": 0},
        showlegend=False,
        xaxis={"title": _("How sure"), "range": [0, 1.02], "tickformat": ".0%", "fixedrange": True},
        yaxis={"title": _("How often right"), "range": [-0.02, 1.04], "tickformat": ".0%", "fixedrange": True},
    )
    return figure
