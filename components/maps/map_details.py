"""What stands behind a map: how it was made, its checks in sentences, and who else implements the method."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.shell.language import _
from lightbox.explainers import METHODS
from lightbox.navigator import navigator_query

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lightbox.explainers import Attribution


def show(result: Attribution, sentences: Iterable[str]) -> None:
    """The method in a sentence, then what is special about this map, then its parameters.

    Args:
        result: the map.
        sentences: what is known of its picture: where the evidence lies, where the colours end.
    """
    spec = METHODS[result.method]
    st.markdown(_(spec.summary))
    for sentence in (*sentences, result.caption, result.scale_note):
        if sentence:
            st.markdown(_(sentence))
    for check in result.checks:
        st.markdown(f"- {_(check.sentence)}")
    st.caption(spec.reference)
    st.page_link(
        "pages/navigator.py",
        label=_("Libraries that implement it"),
        icon=":material/travel_explore:",
        query_params=navigator_query(result.method),
    )
    st.table({str(name): str(value) for name, value in result.params.items()})
