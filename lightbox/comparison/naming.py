"""What the files of a comparison are called: by kind of scan, answer, networks and day, never by the upload's name."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lightbox.comparison.comparison import Comparison, Panel


def name_file(comparison: Comparison, suffix: str, *, day: date | None = None) -> str:
    """Such as ``lightbox_chest-xray_viral-pneumonia_convnet_2026-11-29.zip``.

    Where networks disagree each has its answer: ``lightbox_brain-mri_convnet-glioma_vgg16-meningioma_2026-11-29.zip``.

    Args:
        comparison: one panel a network, one or more.
        suffix: without the dot.
        day: today (UTC) where None.
    """
    answers = [_answer(panel) for panel in comparison.panels]
    networks = [_plain(panel.network) for panel in comparison.panels]
    if len(set(answers)) == 1:
        said = [answers[0], "-".join(networks)]
    else:
        said = [f"{network}-{answer}" for network, answer in zip(networks, answers, strict=True)]
    when = (day or datetime.now(UTC).date()).isoformat()
    return "_".join(["lightbox", _plain(comparison.task), *said, when]) + f".{suffix}"


def _answer(panel: Panel) -> str:
    """The class in letters that every file system takes, at worst its number."""
    return _plain(panel.class_titles[panel.predicted]) or f"class-{panel.predicted}"


def _plain(text: str) -> str:
    """Small Latin letters, digits and hyphens."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", letters.lower()).strip("-")
