"""From one scan of a test set to its explanations on Compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.networks import choices
from components.scans import scan_input, wanted_file
from components.scans.wanted_file import Wanted
from components.shell import address
from components.shell.language import _
from lightbox.comparison.choice import RUNNER_UP

if TYPE_CHECKING:
    from components.networks.choices import Cell
    from components.networks.scan_files import ScanFiles
    from lightbox.metrics.predictions import Predictions


def open_in_compare(answers: Predictions, index: int, cell: Cell, files: ScanFiles | None) -> None:
    """Go to Compare with the scan open, its network, the class it is called, and against that the true one.

    Where the file is not at hand, Compare says which one to drop there.

    Raises:
        UserFacingError: the file is missing, is another one, or cannot be decoded.
    """
    name, note = answers.names[index], describe(answers, index)
    if files is None:
        scan_input.close()
        wanted_file.ask_for(Wanted(name, answers.sha256[index], note))
    else:
        scan_input.open_file(files.scan(name, answers.sha256[index], answers.task), note)
    address.preset("compare", settings_for(answers, cell))
    st.switch_page("pages/compare.py")


def settings_for(answers: Predictions, cell: Cell) -> dict[str, address.Value]:
    """What Compare is set to: why the called class, rather than the true one."""
    return {
        "sample": "",
        "task": answers.task,
        "networks": [answers.network],
        "explain": cell.called,
        "against": cell.true if cell.mistake else RUNNER_UP,
    }


def describe(answers: Predictions, index: int) -> str:
    """Such as: `path`: truly glioma, called meningioma when it was tested."""
    titles = list(choices.class_titles(answers).values())
    return _("{name}: truly {true}, called {called} in the test.").format(
        name=wanted_file.plain(answers.names[index]),
        true=_(titles[answers.labels[index]]).lower(),
        called=_(titles[answers.predicted[index]]).lower(),
    )
