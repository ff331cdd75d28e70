"""What of a map's making is not as preset, and the way back: settings outlive a scan, and one would forget them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from components.shell.language import _
from lightbox.explainers import METHODS
from lightbox.explainers.baselines import BASELINES, DEFAULT_BASELINE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PRESETS = {"compare.baseline": DEFAULT_BASELINE, "compare.seed": 0}


def show(methods: Iterable[str]) -> None:
    """Under the parameters, which of the chosen methods' were changed, and a button; nothing where none is."""
    changed = find(st.session_state, methods)
    if not changed:
        return
    with st.container(key="compare.changed", gap="xxsmall"):
        st.caption(_("Changed: {names}.").format(names="; ".join(changed.values())))
        st.button(
            _("Back to the presets"),
            icon=":material/restart_alt:",
            type="tertiary",
            key="compare.presets",
            on_click=_reset,
            args=(tuple(changed),),
        )


def find(state: Mapping[Any, Any], methods: Iterable[str]) -> dict[str, str]:
    """By the key of its widget, each setting of these methods that is not its preset, in words.

    Args:
        state: the session's.
        methods: keys of those that are on.
    """
    found = {}
    chosen = [METHODS[key] for key in methods]
    shared = {row.shared for spec in chosen for row in spec.params}
    baseline = state.get("compare.baseline", DEFAULT_BASELINE)
    if "baseline" in shared and baseline != DEFAULT_BASELINE:
        found["compare.baseline"] = _("baseline {title}").format(title=_(BASELINES[str(baseline)].title).lower())
    seed = state.get("compare.seed", 0)
    if "seed" in shared and seed != 0:
        found["compare.seed"] = _("seed {seed}").format(seed=seed)
    for spec in chosen:
        for row in spec.params:
            key = f"compare.{spec.key}.{row.name}"
            if not row.shared and key in state and state[key] != row.default:
                found[key] = f"{_(spec.title)}, {_(row.label).lower()}"
    return found


def _reset(keys: Iterable[str]) -> None:
    for key in keys:
        if key in PRESETS:
            st.session_state[key] = PRESETS[key]
            continue
        _page, method, name = key.split(".")
        st.session_state[key] = next(row.default for row in METHODS[method].params if row.name == name)
