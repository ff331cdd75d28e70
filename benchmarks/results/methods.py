"""What the documents list of methods and settings: from the registries themselves."""

from __future__ import annotations

from benchmarks.results.markdown import to_table
from lightbox.core.settings import PROJECT_DIR, SETTINGS
from lightbox.explainers import METHODS


def methods_table() -> str:
    """A row a method: what its map says, and where it comes from."""
    rows = [[f"`{key}`", spec.title, spec.summary, spec.reference] for key, spec in METHODS.items()]
    return to_table(["key", "method", "what it does", "paper"], rows)


def settings_table() -> str:
    """A row a setting."""
    rows = [[f"`{setting.variable}`", f"`{_shorten(setting.default)}`", setting.help] for setting in SETTINGS]
    return to_table(["variable", "default", "what it does"], rows)


def _shorten(default: str) -> str:
    return default.removeprefix(f"{PROJECT_DIR}/") or "empty"
