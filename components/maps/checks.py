"""The measured validity of a map, as badges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import streamlit as st

from components.shell.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lightbox.explainers import Check

# A figure in the fewest words that still say what it is; the sentence is one hover away.
SHORT = {
    "conservation": "sum {value:.4f} of the logit",
    "conservation_a": "A sums to {value:.4f}",
    "conservation_b": "opposite sums to {value:.4f}",
    "completeness_gap": "gap {value:.2%}",
    "surrogate_r2": "R² {value:.2f}",
    "stability": "stability {value:.2f}",
    "positive_evidence": "positive evidence",
    "places_not_zero": "{value:.0%} of the places not zero",
}
_LOOKS: dict[bool | None, tuple[Literal["green", "red", "gray"], str]] = {
    True: ("green", "check"),
    False: ("red", "warning"),
    None: ("gray", "straighten"),
}


def show(checks: Iterable[Check]) -> None:
    """One badge a check: green passed, red failed, grey measured without a threshold."""
    with st.container(horizontal=True, gap="xsmall"):
        for check in checks:
            colour, icon = _LOOKS[check.passed]
            words = _(SHORT.get(check.key, check.key.replace("_", " ") + " {value:.3g}")).format(value=check.value)
            st.badge(words, color=colour, icon=f":material/{icon}:", help=_(check.sentence))
