"""What a user takes away of an evaluation."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

from lightbox.core import notice
from lightbox.core.program_version import version_text
from lightbox.metrics.predictions import PREDICTIONS_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lightbox.metrics.predictions import Predictions
    from lightbox.networks.card import Card
    from lightbox.testsets.item import Remark

READ_ME = """Lightbox: a test set of your own
================================

{notice}

NETWORK/predictions.csv   one row a scan: path, sha256 of the file, true class, predicted class, and the probability of
                          each class; the same columns as the file that ships beside each checkpoint.
                          "leaked" is false throughout: whether a network was trained on your scans is not known here.
left_out.csv              files that were not judged, and why
concerns.csv              files that were judged and may be no upright scans of the kind, and why

Lightbox {version}
{networks}
"""
# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def zip_bytes(
    predictions: Mapping[str, Predictions],
    problems: Sequence[Remark],
    cards: Mapping[str, Card],
    concerns: Sequence[Remark] = (),
) -> bytes:
    """All files in one ZIP, made in memory."""
    buffer = io.BytesIO()
    networks = "\n".join(f"{network}: weights {cards[network].sha256}" for network in predictions)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", READ_ME.format(notice=notice.TEXT, networks=networks, version=version_text()))
        for network, answers in predictions.items():
            archive.writestr(f"{network}/{PREDICTIONS_NAME}", predictions_csv(answers))
        for name, listed in (("left_out.csv", problems), ("concerns.csv", concerns)):
            rows = [["path", "reason"], *([_harmless(row.name), row.reason] for row in listed)]
            archive.writestr(name, _csv(rows))
    return buffer.getvalue()


def predictions_csv(answers: Predictions) -> str:
    """The table that `lightbox.metrics.predictions.read_predictions` reads."""
    rows: list[list[str]] = [
        ["path", "sha256", "label", "predicted", "leaked", *(f"p_{key}" for key in answers.classes)]
    ]
    for index, name in enumerate(answers.names):
        rows.append(
            [
                _harmless(name),
                answers.sha256[index],
                answers.classes[answers.labels[index]],
                answers.classes[answers.predicted[index]],
                str(bool(answers.leaked[index])).lower(),
                *(f"{value:.6f}" for value in answers.probabilities[index]),
            ]
        )
    return _csv(rows)


def _csv(rows: Sequence[Sequence[str]]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()


def _harmless(name: str) -> str:
    """The same path, written so that no spreadsheet runs it."""
    return f"./{name}" if name.startswith(FORMULA) else name
