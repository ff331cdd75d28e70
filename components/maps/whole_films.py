"""Films as large as their boxes, whatever a box did while its chart was drawn."""

from __future__ import annotations

from pathlib import Path

from components.shell import script


def keep() -> None:
    """Put the rule into the page."""
    script.show(Path(__file__).with_suffix(".js"), "whole_films")
