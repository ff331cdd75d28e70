"""Two networks on the same scans: where one matrix holds more than the other, and whether that can be chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from components.maps.colour_bar import STOPS, colour_stops
from components.networks import choices
from components.networks.results.matrix import lay_out
from components.shell.language import _
from components.shell.palette import CLICKED
from lightbox.imaging.colour import Scale
from lightbox.metrics.confusion import confusion_matrix
from lightbox.metrics.paired import align, compare
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.metrics.paired import Paired
    from lightbox.metrics.predictions import Predictions

# As is usual, and said beside every p-value.
SIGNIFICANT = 0.05


def show(predictions: Mapping[str, Predictions]) -> None:
    """Two boxes, a sentence, and the difference of the two matrices."""
    if len(predictions) < 2:
        st.info(_("A difference needs two networks; only one has answers for this task, or is picked."))
        return
    a, b = _pick(list(predictions))
    paired = compare(predictions[a], predictions[b])
    st.markdown(sentence(NETWORKS[a].title, NETWORKS[b].title, paired))
    left, right = st.columns(2)
    with left:
        figure = build(predictions[a], align(predictions[b], predictions[a]))
        alt = _("{a}'s confusion matrix minus {b}'s.").format(a=NETWORKS[a].title, b=NETWORKS[b].title)
        st.plotly_chart(figure, key="networks.difference", alt=alt, config=CLICKED, theme=None)
    right.caption(
        _(
            "Scans in each cell, {a} minus {b}. Red: {a} has more there; blue: {b} has. On the diagonal more is "
            "better, elsewhere worse."
        ).format(a=NETWORKS[a].title, b=NETWORKS[b].title)
    )


def build(a: Predictions, b: Predictions) -> go.Figure:
    """The difference of the counts, coolwarm, white at zero."""
    values = confusion_matrix(a) - confusion_matrix(b)
    titles = [_(title).replace(" ", "<br>", 1) for title in choices.class_titles(a).values()]
    scale = Scale(max(1.0, float(np.abs(values).max())), signed=True)
    figure = go.Figure(
        go.Heatmap(
            z=values,
            zmin=-scale.limit,
            zmax=scale.limit,
            colorscale=colour_stops(scale, alpha=np.ones(STOPS)),
            showscale=False,
            xgap=2,
            ygap=2,
            text=[[f"{value:+d}" if value else "0" for value in row] for row in values.tolist()],
            texttemplate="%{text}",
            textfont={"size": 14},
            hoverinfo="skip",
        )
    )
    lay_out(figure, titles)
    return figure


def sentence(a: str, b: str, paired: Paired) -> str:
    """The difference with its interval and the test, in words."""
    low, high = paired.interval
    verdict = (
        _("Chance alone rarely gives such a difference.")
        if paired.p_value < SIGNIFICANT
        else _("Chance alone can give such a difference.")
    )
    return _(
        "Accuracy of {a} minus that of {b}, on the same {scans} scans: **{difference:+.1f} percentage points** "
        "(95 % interval {low:+.1f} to {high:+.1f}). {only_a} scans only {a} calls right, {only_b} only {b}; McNemar's "
        "exact test: {p}. {verdict}"
    ).format(
        scans=paired.scans,
        a=a,
        b=b,
        difference=100 * paired.difference,
        low=100 * low,
        high=100 * high,
        only_a=paired.only_a,
        only_b=paired.only_b,
        p=_("p = {value:.3f}").format(value=paired.p_value) if paired.p_value >= 0.001 else _("p < 0.001"),
        verdict=verdict,
    )


def _pick(networks: list[str]) -> tuple[str, str]:
    """Two different networks."""
    names = ("network_a", "network_b")
    for name, fallback in zip(names, networks, strict=False):
        if choices.get(name) not in networks:
            choices.put(name, fallback)
    if choices.get(names[0]) == choices.get(names[1]):
        choices.put(names[1], next(key for key in networks if key != choices.get(names[0])))
    with st.container(horizontal=True):
        for label, name in zip((_("This network"), _("minus this one")), names, strict=True):
            st.selectbox(
                label, networks, format_func=lambda key: NETWORKS[key].title, key=f"{choices.PAGE}.{name}", width=240
            )
    return choices.get(names[0]), choices.get(names[1])
