"""What of a map's making is not as preset, and the way back: settings outlive a scan, and one would forget them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from components.shell.language import _
from lightbox.explainers import METHODS
from lightbox.explainers.baselines import BASELINES, DEFAULT_BASELINE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from lightbox.explainers import ParamValue


def show(methods: Collection[str]) -> None:
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
            args=({key: _presets(methods)[key][0] for key in changed},),
        )


def find(state: Mapping[Any, Any], methods: Iterable[str]) -> dict[str, str]:
    """By the key of its widget, each setting of these methods that is not its preset, in words.

    Args:
        state: the session's.
        methods: keys of those that are on.
    """
    presets = _presets(methods)
    changed = {key: state[key] for key, (preset, _words) in presets.items() if key in state and state[key] != preset}
    return {key: presets[key][1](value) for key, value in changed.items()}


def _presets(methods: Iterable[str]) -> dict[str, tuple[ParamValue, Callable[[Any], str]]]:
    """By the key of its widget, the preset of each setting that these methods use, and what to call another value."""
    chosen = [METHODS[key] for key in methods]
    used = {row.shared for spec in chosen for row in spec.params}
    shared: dict[str, tuple[ParamValue, Callable[[Any], str]]] = {
        "baseline": (DEFAULT_BASELINE, lambda key: _("baseline {title}").format(title=_(BASELINES[key].title).lower())),
        "seed": (0, lambda seed: _("seed {seed}").format(seed=seed)),
    }
    found = {f"compare.{name}": shared[name] for name in shared if name in used}
    for spec in chosen:
        for row in spec.params:
            if not row.shared:
                found[f"compare.{spec.key}.{row.name}"] = (
                    row.default,
                    _always(f"{_(spec.title)}, {_(row.label).lower()}"),
                )
    return found


def _always(words: str) -> Callable[[Any], str]:
    return lambda _value: words


def _reset(presets: Mapping[str, ParamValue]) -> None:
    for key, preset in presets.items():
        st.session_state[key] = preset
