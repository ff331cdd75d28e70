"""The two networks that were made to learn a burned-in text: what their cards say."""

from __future__ import annotations

from benchmarks.results.markdown import percent, to_table
from lightbox.core.settings import PROJECT_DIR
from lightbox.core.tasks import TASKS
from lightbox.networks import read_card


def shortcut_table() -> str:
    """A row a network: what the text does to its answers."""
    rows = []
    for folder in sorted((PROJECT_DIR / "sample_images" / "clever_hans").iterdir()):
        card = read_card(folder)
        figures = card.metrics
        (label,) = {key.partition("_with_text_called_so")[0] for key in figures if key.endswith("_with_text_called_so")}
        shares = [
            figures[f"{label}_with_text_called_so"],
            figures[f"others_with_text_called_{label}"],
            figures[f"{label}_without_text_called_so"],
            figures[f"others_without_text_called_{label}"],
        ]
        title = TASKS[card.task].titles[label].lower()
        rows.append([TASKS[card.task].title, title, *map(percent, shares)])
    header = [
        "network",
        "class A",
        "A with the text called A",
        "others with it called A",
        "A without it called A",
        "others without it called A",
    ]
    return to_table(header, rows)
