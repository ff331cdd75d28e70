"""Writes a checkpoint folder: weights, card, history, predictions, training mean."""

from __future__ import annotations

import csv
import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import safetensors.torch
from PIL import Image

from lightbox.core.whole_file import write_whole
from lightbox.embedding.atlas import ATLAS_NAME
from lightbox.metrics.predictions import NEW_SOURCES_NAME, PREDICTIONS_NAME
from lightbox.metrics.robustness import ROBUSTNESS_NAME
from lightbox.networks.card import CARD_NAME, TRAINING_MEAN_NAME, WEIGHTS_NAME
from lightbox.provenance.data_audit import NAME as AUDIT_NAME
from lightbox.provenance.history import HISTORY_NAME
from lightbox.training.fit import HISTORY_COLUMNS, History

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import torch
    from numpy.typing import NDArray

    from lightbox.training.arrays import Pictures


def forget_answers(folder: Path) -> None:
    """Delete what is of the weights in a folder: beside other weights it would look as if it were theirs."""
    for name in (PREDICTIONS_NAME, NEW_SOURCES_NAME, HISTORY_NAME, ATLAS_NAME, ROBUSTNESS_NAME, AUDIT_NAME):
        (folder / name).unlink(missing_ok=True)


def write_weights(folder: Path, state: Mapping[str, torch.Tensor]) -> str:
    """Save as float16 safetensors; return the sha256 of the file.

    Batch norm's variances stay float32: float16 ends at 65 504, and a squared activation can pass it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        name: tensor.contiguous().half()
        if tensor.is_floating_point() and "running_" not in name
        else tensor.contiguous()
        for name, tensor in state.items()
    }
    content = safetensors.torch.save(tensors)
    write_whole(folder / WEIGHTS_NAME, content)
    return hashlib.sha256(content).hexdigest()


def write_card(folder: Path, sections: Mapping[str, Any]) -> None:
    """Save ``card.toml``: plain values first, then one table for each mapping."""
    plain = {key: value for key, value in sections.items() if not isinstance(value, dict)}
    lines = [f"{key} = {_toml(value)}" for key, value in plain.items()]
    for name, table in sections.items():
        if isinstance(table, dict):
            lines += ["", f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in table.items())]
    (folder / CARD_NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _toml(value: object) -> str:
    # A JSON string, number, boolean or list of them is valid TOML.
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def write_history(folder: Path, history: History) -> None:
    with (folder / HISTORY_NAME).open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, HISTORY_COLUMNS, restval="")
        writer.writeheader()
        for row in history:
            writer.writerow({key: f"{value:.5g}" if isinstance(value, float) else value for key, value in row.items()})


def write_predictions(
    path: Path, test: Pictures, probabilities: NDArray[np.float32], classes: Sequence[str], leaked: set[str]
) -> None:
    """One row a test picture: path, sha256, label, predicted, leaked, and p_<class> for each class."""
    columns = ["path", "sha256", "label", "predicted", "leaked", *(f"p_{key}" for key in classes)]
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines)
        writer.writerow(columns)
        for example, row in zip(test.examples, probabilities, strict=True):
            predicted = classes[int(row.argmax())]
            leak = str(example.name in leaked).lower()
            writer.writerow(
                [example.name, example.sha256, example.label, predicted, leak, *(f"{value:.6f}" for value in row)]
            )


def write_training_mean(folder: Path, train: Pictures) -> None:
    """The mean prepared training picture: a baseline. An average of thousands shows nobody."""
    mean = train.pixels.mean(axis=0, dtype=np.float64)
    Image.fromarray(np.rint(mean).astype(np.uint8)).save(folder / TRAINING_MEAN_NAME)
