"""The stock libraries and ours in turn: seconds, ratios, and how near the maps are to exact ones."""

from __future__ import annotations

import statistics
from typing import Any

from benchmarks.results.markdown import to_table
from benchmarks.results.records import read_record
from lightbox.core.tasks import TASKS
from lightbox.explainers import METHODS
from lightbox.networks import NETWORKS


def panel_table() -> str:
    """A row a network that was measured: of each method and of all five the seconds, and the median ratio."""
    rows = []
    for key, figures in _measured():
        cells = [_cell(figures["seconds"][method]) for method in METHODS]
        whole = {whose: _sums(figures["seconds"], whose) for whose in ("stock", "ours")}
        rows.append([_title(key), str(figures["scans"]), *cells, _cell(whole)])
    return to_table(["stock / ours, s", "scans", *(spec.title for spec in METHODS.values()), "all five"], rows)


def panel_fidelity_table() -> str:
    """A row a network and method: how near our map, and the stock library's, is to an exact one of its own question."""
    rows = []
    for key, figures in _measured():
        for method in METHODS:
            found = [scan[method] for scan in figures["fidelity"]]
            if found:
                rows.append([_title(key), METHODS[method].title, *(_least(found, name) for name in _FIGURES)])
    return to_table(["network", "method", *_FIGURES.values()], rows)


_FIGURES = {
    "pearson": "ours, Pearson",
    "spearman": "ours, Spearman",
    "top": "ours, top five",
    "gap": "ours, gap",
    "stock_pearson": "stock, Pearson",
    "stock_spearman": "stock, Spearman",
    "stock_top": "stock, top five",
    "stock_gap": "stock, gap",
}


def _measured() -> list[tuple[str, dict[str, Any]]]:
    figures = read_record("panel").figures
    return [
        (key, figures[key]) for key in (f"{task}/{network}" for task in TASKS for network in NETWORKS) if key in figures
    ]


def _title(key: str) -> str:
    task, network = key.split("/")
    return f"{TASKS[task].title}, {NETWORKS[network].title}"


def _sums(seconds: dict[str, dict[str, list[float]]], whose: str) -> list[float]:
    return [sum(each) for each in zip(*(both[whose] for both in seconds.values()), strict=True)]


def _ratio(both: dict[str, list[float]]) -> float:
    return statistics.median(stock / ours for stock, ours in zip(both["stock"], both["ours"], strict=True))


def _cell(both: dict[str, list[float]]) -> str:
    stock, ours = (statistics.median(both[whose]) for whose in ("stock", "ours"))
    return f"{stock:.2g} / {ours:.2g}: {_ratio(both):.1f} times"


def _least(found: list[dict[str, float]], name: str) -> str:
    """The worst of the scans; a dash where the figure is none of the method's."""
    values = [scan[name] for scan in found if name in scan]
    if not values:
        return "–"
    return f"{max(values):.2%}" if name.endswith("gap") else f"{min(values):.4f}"
