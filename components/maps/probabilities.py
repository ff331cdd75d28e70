"""Class probabilities as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.shell.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence


def show(titles: Sequence[str], probabilities: Sequence[float]) -> None:
    """One bar a class, in the order of the classes, the likeliest in bold."""
    best = max(range(len(probabilities)), key=lambda index: probabilities[index])
    for index, (title, probability) in enumerate(zip(titles, probabilities, strict=True)):
        words = f"{_(title)} · {probability:.1%}"
        st.progress(float(probability), text=f"**{words}**" if index == best else words)
