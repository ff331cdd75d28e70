"""What to write into a paper about a comparison: methods and versions as Markdown, the sources as BibTeX."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from lightbox import __version__
from lightbox.comparison.captions import describe_answer, name_explained
from lightbox.comparison.papers import escape_tex, find_entries
from lightbox.core import notice
from lightbox.core.library_versions import package_versions
from lightbox.core.program_version import program_version, version_text
from lightbox.core.tasks import TASKS
from lightbox.explainers import METHODS
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lightbox.comparison.comparison import Comparison, Panel

# As in CITATION.cff, which an installed package does not have.
TITLE = "Lightbox: explanations of medical image classifiers, side by side and checked"
AUTHOR = "The Lightbox authors"
RELEASED = date(2026, 11, 29)


def to_markdown(comparison: Comparison, *, day: date | None = None) -> str:
    """Networks with weights, methods with every parameter and seed, and all versions, as tables.

    Args:
        comparison: one panel a network, one or more.
        day: the day that is named; today (UTC) where None.
    """
    when = (day or datetime.now(UTC).date()).isoformat()
    scan, task = comparison.scan, TASKS[comparison.task].title
    height, width = scan.size_hw
    networks = [
        (
            panel.title,
            NETWORKS[panel.network].reference if panel.network in NETWORKS else "",
            describe_answer(panel),
            f"`{panel.weights_sha256}`",
        )
        for panel in comparison.panels
    ]
    maps = [row for panel in comparison.panels for row in _maps(panel)]
    packages = ", ".join(f"{name} {release}" for name, release in package_versions().items())
    parts = [
        "## Explanations of one scan",
        f"{task}, {width} × {height} px, pixels `{scan.sha256}`. Made with Lightbox {version_text()} on {when}.",
        _table(("Network", "Paper", "Answer", "Weights (sha256)"), networks),
        _table(("Method", "Network", "Explains the logit of", "Parameters", "Paper"), maps),
        f"Packages: {packages}.",
        notice.TEXT,
    ]
    return "\n\n".join(parts) + "\n"


def to_bibtex(comparison: Comparison) -> str:
    """Lightbox first, then the papers of each method that was asked for."""
    asked = {method for panel in comparison.panels for method in (*panel.attributions, *panel.errors)}
    entries = [_lightbox()]
    for method, spec in METHODS.items():
        if method in asked:
            entries += find_entries(spec)
    return "\n\n".join(dict.fromkeys(entries)) + "\n"


def _lightbox() -> str:
    commit = program_version()["commit"]
    note = f"  note = {{Commit {escape_tex(commit)}}},\n" if commit else ""
    return (
        "@software{lightbox,\n"
        f"  author = {{{{{AUTHOR}}}}},\n"
        f"  title = {{{{{TITLE}}}}},\n"
        f"  version = {{{__version__}}},\n"
        f"{note}"
        f"  year = {{{RELEASED.year}}}\n"
        "}"
    )


def _maps(panel: Panel) -> list[tuple[str, ...]]:
    """A row a method; of a map that is not there, why."""
    rows: list[tuple[str, ...]] = []
    for method, spec in METHODS.items():
        attribution = panel.attributions.get(method)
        if attribution is not None:
            explained = name_explained(panel, attribution)
            if attribution.withheld:
                explained += f" (map withheld: {attribution.withheld})"
            settings = ", ".join(f"{name} = {value}" for name, value in attribution.params.items())
            rows.append((spec.title, panel.title, explained, settings, spec.reference))
        elif method in panel.errors:
            rows.append((spec.title, panel.title, f"no map: {panel.errors[method]}", "", spec.reference))
    return rows


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([_cell(text) for text in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|") or "–"
