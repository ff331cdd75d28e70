"""The colours of figures, and what Plotly lets a reader do with them."""

from __future__ import annotations

from typing import Any

# Of networks, in their order: apart for the colour-blind too, and readable on light and dark.
COLOURS = ("#0f766e", "#b45309", "#7c3aed", "#475569")

# A figure that is looked at.
STILL: dict[str, Any] = {"displayModeBar": False}
# One that is a picture: scrolling over it scrolls the page.
PICTURE: dict[str, Any] = {**STILL, "scrollZoom": False, "showTips": False}
# One whose cells are clicked: a second click must not reset it.
CLICKED: dict[str, Any] = {**PICTURE, "doubleClick": False}
# One that is zoomed into.
EXPLORED: dict[str, Any] = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"]}
