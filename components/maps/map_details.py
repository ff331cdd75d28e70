"""What stands behind a map: how it was made, its checks in sentences, and who else implements the method."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.maps import unchanged_charts
from components.shell.language import _
from lightbox.explainers import METHODS
from lightbox.navigator import navigator_query

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streamlit.delta_generator import DeltaGenerator

    from lightbox.explainers import Attribution, ParamValue
    from lightbox.imaging.views import Views


def show(
    result: Attribution, sentences: Iterable[str], place: DeltaGenerator, views: Views | None, *, name: str
) -> None:
    """The method in a sentence, then what is special about this map, then its parameters.

    Args:
        result: the map.
        sentences: what is known of its picture: where the evidence lies, where the colours end.
        place: the container that is being filled.
        views: of the scan, where it is known: what does not change is kept there.
        name: tells this map from the scan's others.
    """
    spec = METHODS[result.method]
    st.markdown(_(spec.summary))
    for sentence in (*sentences, result.caption, result.scale_note):
        if sentence:
            st.markdown(_(sentence))
    for check in result.checks:
        st.markdown(f"- {_(check.sentence)}")
    st.caption(_("{reference} · computed in {seconds:.1f} s").format(reference=spec.reference, seconds=result.seconds))
    st.page_link(
        "pages/navigator.py",
        label=_("Libraries that implement it"),
        icon=":material/travel_explore:",
        query_params=navigator_query(result.method),
    )
    rows = dict(_name(result.method, parameter, value) for parameter, value in result.params.items())
    unchanged_charts.show(views, result, place, lambda place: place.table(rows), name=name)


def _name(method: str, parameter: str, value: ParamValue) -> tuple[str, str]:
    """A parameter and its value as the panel names them."""
    row = next((row for row in METHODS[method].params if row.name == parameter), None)
    if row is None:
        return parameter, str(value)
    if row.choices:
        return _(row.label), _(row.title_of(value))
    if isinstance(value, bool):
        return _(row.label), _("on") if value else _("off")
    return _(row.label), str(value)
