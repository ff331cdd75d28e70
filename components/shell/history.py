"""The browser's Back and Forward: what counts as a step, and whether this run is one."""

from __future__ import annotations

import json
from pathlib import Path

from streamlit.runtime.scriptrunner import get_script_run_ctx

from components.shell import script

# By a page's path, the settings whose change is a step. Others, an opacity or a colour scale, change the step that is
# there. "*" is all: on the Library navigator every search and every filter can be gone back to.
PLACES = {
    "": ("sample", "task"),
    "ground_truth": ("task",),
    "networks": ("task", "view"),
    "navigator": ("*",),
}


def show() -> None:
    """Put the rule into the page."""
    script.show(Path(__file__).with_suffix(".js"), "history", f"var PLACES = {json.dumps(PLACES)};")


def moved() -> bool:
    """Whether Back or Forward brought this run: then the address says how the page is to be, and no widget does."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation
