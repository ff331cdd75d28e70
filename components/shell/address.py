"""A page's settings in the address bar, so that a link opens the same view. Never the scan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import streamlit as st

from components.shell import entrance, history
from components.shell.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Value = str | int | float | bool | list[str]

# Settings that every page shares under the same name: what one page is set to, the next one is.
SHARED_NAMES = frozenset({"task"})
_SHARED = "lightbox.shared"


@dataclass(frozen=True, slots=True)
class Field:
    """One setting.

    Args:
        name: in the address; the widget's key is ``"<page>.<name>"``.
        kind: "one" of the choices, "many" of them (comma-separated in the address), "number" or "flag".
        default: left out of the address.
        choices: keys allowed, for "one" and "many"; empty allows any short key.
        low: smallest number, included.
        high: largest number, included.
    """

    name: str
    kind: Literal["one", "many", "number", "flag"]
    default: Value
    choices: Sequence[str] = ()
    low: float = 0.0
    high: float = 1.0


def restore(page: str, fields: Iterable[Field]) -> list[str]:
    """Take settings from the address into the widgets' state; return the names whose values were of no use.

    The address is read when the page opens, and when Back or Forward lead to it; otherwise widgets keep their state.
    What the address of a page that opens does not say is as it was when it was last open in the session: Streamlit
    forgets the widgets of a page that is left, or falls back to what was put into the state before they were drawn. A
    setting that pages share is as the last page left it. After Back and Forward it is the default, which was on show
    when that address was written.
    """
    refused = []
    moved = history.moved()
    opened = st.session_state.pop(entrance.OPENED, False) or moved
    remembered = {} if moved else {**st.session_state.get(f"lightbox.{page}", {}), **st.session_state.get(_SHARED, {})}
    for field in fields:
        key = f"{page}.{field.name}"
        if key in st.session_state and not opened:
            # Said again on every run, or Streamlit forgets it while the widget is not drawn.
            st.session_state[key] = st.session_state[key]
            continue
        text = st.query_params.get(field.name)
        value = None if text is None else parse(field, text)
        if text is not None and value is None:
            refused.append(field.name)
        st.session_state[key] = remembered.get(field.name, field.default) if value is None else value
    return refused


def tell_refused(names: Sequence[str]) -> None:
    """Say which settings of the address `restore` had no use for; nothing where there are none."""
    if names:
        words = _("The link held settings that this page does not know; they were left out: {names}.")
        st.info(words.format(names=", ".join(names)))


def publish(page: str, fields: Sequence[Field]) -> None:
    """Put the settings that differ from their defaults into the address, and remember all of them."""
    values = {field.name: st.session_state.get(f"{page}.{field.name}", field.default) for field in fields}
    _remember(page, values)
    wanted = {
        field.name: _text(values[field.name])
        for field in fields
        if values[field.name] is not None and values[field.name] != field.default
    }
    if not _says(fields, values):
        st.query_params.from_dict(wanted)


def _says(fields: Sequence[Field], values: Mapping[str, object]) -> bool:
    """Whether the address stands for these values already, and for nothing else, in whatever form it was typed.

    Each new form of it is an entry of the browser's history until history.js is there: a link opened by a quick server
    would take two steps back.
    """
    address = st.query_params.to_dict()
    known = {field.name: field for field in fields}
    said = {name: parse(known[name], text) for name, text in address.items() if name in known}
    if len(said) < len(address) or None in said.values():
        return False
    return all(said.get(field.name, field.default) == _or_default(values[field.name], field) for field in fields)


def _or_default(value: object, field: Field) -> object:
    return field.default if value is None else value


def preset(page: str, values: Mapping[str, Value]) -> None:
    """What a page shows when it is opened next, by the names of its fields; the others stay as they were there."""
    _remember(page, {**st.session_state.get(f"lightbox.{page}", {}), **values})


def _remember(page: str, values: Mapping[str, object]) -> None:
    st.session_state[f"lightbox.{page}"] = dict(values)
    shared = {name: values[name] for name in SHARED_NAMES & values.keys()}
    st.session_state[_SHARED] = {**st.session_state.get(_SHARED, {}), **shared}


def parse(field: Field, text: str) -> Value | None:
    """The value that ``text`` stands for, or None where it stands for none."""
    if field.kind == "flag":
        return {"1": True, "0": False}.get(text)
    if field.kind == "number":
        try:
            number = float(text)
        except ValueError:
            return None
        whole = isinstance(field.default, int)
        if not field.low <= number <= field.high or (whole and number != int(number)):
            return None
        return int(number) if whole else number
    keys = [part for part in text.split(",") if part] if field.kind == "many" else [text]
    if not all(key in field.choices or (not field.choices and _short(key)) for key in keys):
        return None
    return list(dict.fromkeys(keys)) if field.kind == "many" else text


def _short(key: str) -> bool:
    return 0 < len(key) <= 64 and key.replace("_", "").replace("-", "").isalnum()


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return f"{value:g}"
    return ",".join(value) if isinstance(value, list | tuple) else str(value)
