"""What differs between two choices, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.comparison.choice import PREDICTED, RUNNER_UP
from lightbox.core.tasks import class_title
from lightbox.explainers import BASELINES, METHODS

if TYPE_CHECKING:
    from lightbox.comparison.choice import Choice
    from lightbox.explainers import Param
    from lightbox.explainers.base import ParamValue


def describe_differences(one: Choice, other: Choice) -> list[str]:
    """How ``one`` differs from ``other`` in what decides a map: "baseline: Black", "LRP, composite: epsilon".

    Methods that only one of them has are not mentioned: whoever looks sees which maps there are.
    """
    found = []
    if one.explain != other.explain:
        found.append(f"explains: {_class(one.explain)}")
    if one.against != other.against:
        found.append(f"rather than: {_class(one.against)}")
    for name, value in one.shared.items():
        if value != other.shared.get(name):
            found.append(f"{name}: {BASELINES[str(value)].title if name == 'baseline' else value}")
    for method in one.methods:
        if method not in other.methods:
            continue
        for row in METHODS[method].params:
            if row.shared:
                continue
            mine = one.own.get(method, {}).get(row.name, row.default)
            if mine != other.own.get(method, {}).get(row.name, row.default):
                found.append(f"{METHODS[method].title}, {row.label}: {_value(row, mine)}")
    return found


def _class(key: str) -> str:
    return {PREDICTED: "the predicted class", RUNNER_UP: "the runner-up"}.get(key) or class_title(key)


def _value(row: Param, value: ParamValue) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    try:
        return row.title_of(value)
    except KeyError:
        return str(value)
