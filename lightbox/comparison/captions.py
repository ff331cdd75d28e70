"""What stands under an exported map, in words: one rule for single pictures, the combined one and what is cited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.explainers import METHODS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lightbox.comparison.comparison import Comparison, Panel
    from lightbox.explainers import Attribution

FAILED = "FAILED: "
RATHER_THAN = "{a} rather than {b}"


def name_explained(panel: Panel, attribution: Attribution) -> str:
    """The class that a map explains: "Glioma", and for a contrastive method "Glioma rather than Meningioma"."""
    title, other = titles_explained(attribution, panel.class_titles)
    return title if other is None else RATHER_THAN.format(a=title, b=other)


def titles_explained(attribution: Attribution, class_titles: Sequence[str]) -> tuple[str, str | None]:
    """The class explained, and the one that it is set against where the map does so."""
    against = attribution.target.against if METHODS[attribution.method].contrastive else None
    return class_titles[attribution.target.index], None if against is None else class_titles[against]


def describe_checks(attribution: Attribution) -> list[str]:
    """What each check found, a failed one marked as such."""
    return [(FAILED if check.passed is False else "") + check.sentence for check in attribution.checks]


def describe_concern(comparison: Comparison) -> str:
    """What may be wrong with the scan itself; "" where nothing seems to be."""
    if comparison.concern is None:
        return ""
    confirmation = " A person said that it is right as it is." if comparison.confirmed else ""
    return f"CONCERN: {comparison.concern.sentence}{confirmation}"


def describe_answer(panel: Panel) -> str:
    """The likeliest class with its probability: "Glioma 97.1%"."""
    return f"{panel.class_titles[panel.predicted]} {max(panel.probabilities):.1%}"
