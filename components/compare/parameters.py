"""The seed, and controls generated from a method's `Param` rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.shell.address import Field
from components.shell.language import _
from lightbox.core.glossary import meaning_of
from lightbox.explainers import METHODS
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lightbox.explainers import Param
    from lightbox.explainers.base import ParamValue


def fields() -> list[Field]:
    """One address field for each parameter that belongs to one method."""
    return [_field(method, row) for method, spec in METHODS.items() for row in spec.params if not row.shared]


def show(methods: Iterable[str]) -> tuple[int, dict[str, dict[str, ParamValue]]]:
    """The seed, and the values of the parameters by method that is on: folded, since few change them."""
    values: dict[str, dict[str, ParamValue]] = {}
    with st.expander(_("Seed and parameters"), icon=":material/tune:"):
        seed = st.number_input(_("Seed"), 0, 2**31 - 1, step=1, key="compare.seed", help=_(meaning_of("Seed")))
        for method in methods:
            rows = [row for row in METHODS[method].params if not row.shared]
            if not rows:
                continue
            st.markdown(f"**{_(METHODS[method].title)}**")
            values[method] = {row.name: _control(method, row) for row in rows}
    return int(seed), values


def _control(method: str, row: Param) -> ParamValue:
    key = f"compare.{method}.{row.name}"
    label, explained = _(row.label), _explain(row)
    choices = _choices(row)
    if choices:
        titles = {value: title for title, value in choices}
        return st.selectbox(label, list(titles), format_func=lambda value: _(titles[value]), key=key, help=explained)
    if isinstance(row.default, bool):
        return st.toggle(label, key=key, help=explained)
    if isinstance(row.default, int):
        return int(st.number_input(label, _whole(row.low), _whole(row.high), step=1, key=key, help=explained))
    return st.number_input(label, row.low, row.high, key=key, help=explained)


def _explain(row: Param) -> str | None:
    """What the parameter does, and below it what its name means, where that is a term of the glossary."""
    try:
        meaning = _(meaning_of(row.label))
    except KeyError:
        meaning = ""
    return "\n\n".join(filter(None, (_(row.help), meaning))) or None


def _choices(row: Param) -> list[tuple[str, ParamValue]]:
    """(title, value) of each choice; where they depend on the network, the preset and each network's own."""
    if row.choices_from:
        found: list[tuple[str, ParamValue]] = [("Preset (last convolution)", row.default)]
        for spec in NETWORKS.values():
            layers: dict[str, str] = getattr(spec, row.choices_from)
            found += [(f"{spec.title}: {title}", value) for title, value in layers.items()]
        return found
    return list((row.choices or {}).items())


def _field(method: str, row: Param) -> Field:
    name = f"{method}.{row.name}"
    choices: Sequence[str] = [str(value) for _title, value in _choices(row)]
    if choices:
        return Field(name, "one", row.default, choices)
    if isinstance(row.default, bool):
        return Field(name, "flag", row.default)
    infinity = float("inf")
    low, high = (-infinity if row.low is None else row.low), (infinity if row.high is None else row.high)
    return Field(name, "number", row.default, low=low, high=high)


def _whole(bound: float | None) -> int | None:
    return None if bound is None else int(bound)
