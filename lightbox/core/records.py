"""Frozen dataclasses to JSON and back, checked against their type hints."""

from __future__ import annotations

import json
import types
import typing
from dataclasses import asdict, fields, is_dataclass
from typing import Any


def to_text(record: Any) -> str:
    """The record as JSON, one line a field and one line a row of its lists, so that differences can be read."""
    parts = [f"{json.dumps(key)}: {_lines(value)}" for key, value in asdict(record).items()]
    return "{" + ",\n".join(parts) + "}\n"


def from_text(kind: type[Any], text: str) -> Any:
    """The record that `to_text` wrote.

    Raises:
        ValueError: the text is no JSON, or fields are missing or too many.
        TypeError: a value is of another type.
    """
    return _build(kind, json.loads(text))


def _lines(value: Any) -> str:
    if isinstance(value, tuple) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _build(kind: Any, value: Any) -> Any:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        return None if value is None else _build(inner[0], value)
    if origin is tuple:
        _check(value, list, "a list")
        return tuple(_build(inner[0], part) for part in value)
    if origin is dict:
        _check(value, dict, "a table")
        return {key: _build(inner[1], part) for key, part in value.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        value = _record(kind, value)
    elif kind is float and type(value) is int:
        value = float(value)
    if kind is not Any:
        _check(value, kind, kind.__name__)
    return value


def _record(kind: Any, value: Any) -> Any:
    _check(value, dict, "a table")
    hints = typing.get_type_hints(kind)
    wrong = set(value) ^ {row.name for row in fields(kind)}
    if wrong:
        raise ValueError(f"fields missing or unknown: {', '.join(sorted(wrong))}")
    return kind(**{name: _build(hints[name], part) for name, part in value.items()})


def _check(value: Any, kind: type, words: str) -> None:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"{str(value)[:40]!r} is not {words}")
