"""What stands under an exported map, in words: one rule for single pictures, the combined one and what is cited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.explainers import METHODS

if TYPE_CHECKING:
    from lightbox.comparison.comparison import Comparison, Panel
    from lightbox.explainers import Attribution

FAILED = "FAILED: "


def name_explained(panel: Panel, attribution: Attribution) -> str:
    """The class that a map explains: "Glioma", and for a contrastive method "Glioma rather than Meningioma"."""
    target = attribution.target
    explained = panel.class_titles[target.index]
    if METHODS[attribution.method].contrastive and target.against is not None:
        explained += f" rather than {panel.class_titles[target.against]}"
    return explained


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
