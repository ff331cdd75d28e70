"""The JSON that reproduces a comparison: every parameter, seed, version and weight hash."""

from __future__ import annotations

import math
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lightbox import __version__
from lightbox.comparison.agreement import find_groups
from lightbox.comparison.in_words import describe_groups
from lightbox.comparison.map_in_words import describe_map
from lightbox.core import notice
from lightbox.core.library_versions import package_versions
from lightbox.core.program_version import program_version
from lightbox.explainers import METHODS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lightbox.comparison.comparison import Comparison, Panel
    from lightbox.comparison.part import Part
    from lightbox.comparison.truth import Truth
    from lightbox.explainers import Attribution

SCHEMA = 1
# Files of an export beside the record.
PICTURE_NAME, SCAN_NAME, TRUTH_NAME = "comparison.png", "scan.png", "truth.png"


def build_record(comparison: Comparison, truth: Truth | None = None, *, below: Sequence[Part] = ()) -> dict[str, Any]:
    """Plain data for ``comparison.json``; numbers that are not finite become null, since JSON has none.

    With the ``truth`` of a synthetic scan, also what was placed, and how each map lies to it; with what stands
    ``below`` on the page, where the records of that lie.
    """
    scan = comparison.scan
    record: dict[str, Any] = _finite(
        {
            "schema": SCHEMA,
            "notice": notice.TEXT,
            "notice_version": notice.VERSION,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "lightbox": program_version(),
            "versions": {"lightbox": __version__, **package_versions()},
            "task": comparison.task,
            "scan": {
                "sha256": scan.sha256,
                "size_hw": scan.size_hw,
                "provenance": asdict(scan.provenance),
                "picture": SCAN_NAME,
            },
            "scan_check": _scan_check(comparison),
            "placed": None if truth is None else {"class": truth.label, "mask": TRUTH_NAME},
            "picture": PICTURE_NAME,
            "in_common": _in_common(comparison),
            "networks": [_panel(panel, truth, scan.size_hw) for panel in comparison.panels],
            "below": [{"folder": part.folder, "row": part.row, "title": part.title} for part in below],
        }
    )
    return record


def _scan_check(comparison: Comparison) -> dict[str, Any]:
    """What the check of the picture said, and whether a person overruled it."""
    concern = comparison.concern
    if not comparison.checked:
        return {"checked": False}
    if concern is None:
        return {"checked": True, "passed": True}
    return {
        "checked": True,
        "passed": False,
        "sentence": str(concern),
        "looks_like": concern.answer._asdict(),
        "confirmed_by_a_person": comparison.confirmed,
    }


def _in_common(comparison: Comparison) -> dict[str, Any]:
    """The sentence about all maps, and the figures behind it."""
    groups = find_groups(comparison)
    return {
        "sentence": describe_groups(groups, comparison),
        "classes": [
            {
                "class": group.label,
                "maps": [
                    {
                        **reading.name._asdict(),
                        "place": "" if reading.place.region is None else reading.place.region.words,
                        "edge": "" if reading.place.edge is None else reading.place.edge.words,
                        "share": reading.place.share,
                        "spread": reading.spread,
                        "concentration": reading.concentration,
                    }
                    for reading in group.readings
                ],
                "pairs": [
                    {
                        "maps": [pair.first._asdict(), pair.second._asdict()],
                        "rank_correlation": pair.rank_correlation,
                        "strongest_overlap": pair.overlap,
                    }
                    for pair in group.pairs
                ],
                "left_out": [{**name._asdict(), "reason": reason} for name, reason in group.left_out],
            }
            for group in groups
        ],
    }


def map_path(panel: Panel, method: str, suffix: str) -> str:
    """Where a map's file lies in the export: ``convnet/lrp.png``."""
    return f"{panel.network}/{method}.{suffix}"


def _panel(panel: Panel, truth: Truth | None, size_hw: tuple[int, int]) -> dict[str, Any]:
    return {
        "network": panel.network,
        "weights_sha256": panel.weights_sha256,
        "classes": list(panel.classes),
        "logits": list(panel.logits),
        "probabilities": list(panel.probabilities),
        "predicted": panel.classes[panel.predicted],
        "preprocessing": asdict(panel.preprocessing),
        "box": asdict(panel.box),
        "input": f"{panel.network}/input.npy",
        "maps": [_map(panel, attribution, truth, size_hw) for attribution in panel.attributions.values()],
        "errors": dict(panel.errors),
    }


def _map(panel: Panel, attribution: Attribution, truth: Truth | None, size_hw: tuple[int, int]) -> dict[str, Any]:
    spec = METHODS[attribution.method]
    values = attribution.values
    target = attribution.target
    against = target.against if spec.contrastive else None
    drawn = not attribution.withheld
    found = truth.localise(values, panel.box) if truth is not None and drawn else None
    return {
        "method": attribution.method,
        "title": spec.title,
        "reference": spec.reference,
        "explains": {
            "what": "logit",
            "class": panel.classes[target.index],
            "against": None if against is None else panel.classes[against],
        },
        "params": dict(attribution.params),
        "seconds": round(attribution.seconds, 4),
        "signed": attribution.signed,
        "values": map_path(panel, attribution.method, "npy"),
        "picture": map_path(panel, attribution.method, "png") if drawn else None,
        "shape": list(values.shape),
        "minimum": float(values.min()),
        "maximum": float(values.max()),
        "sum": float(values.sum(dtype="float64")),
        "localisation": None if found is None else asdict(found),
        "checks": [asdict(check) for check in attribution.checks],
        "caption": attribution.caption,
        "scale_note": attribution.scale_note,
        "withheld": attribution.withheld,
        "description": describe_map(values, panel.box, size_hw, signed=attribution.signed) if drawn else "",
    }


def _finite(value: Any) -> Any:
    """The same data with every number that is not finite replaced by None."""
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
