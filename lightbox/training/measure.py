"""A checkpoint judged as the app uses it, float16 and all: its temperature, its figures, its answers on test scans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from lightbox.metrics.predictions import NEW_SOURCES_NAME, PREDICTIONS_NAME
from lightbox.networks import load_checkpoint
from lightbox.networks.network import to_probabilities
from lightbox.training import checkpoint
from lightbox.training.architectures import find_architecture
from lightbox.training.datasets.new_sources import SPLIT as NEW_SOURCES
from lightbox.training.fit import predict
from lightbox.training.temperature import calibrate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from lightbox.networks import Card
    from lightbox.training.arrays import Pictures

MEASURED = ("validation", "test", NEW_SOURCES)
FILES = {"test": PREDICTIONS_NAME, NEW_SOURCES: NEW_SOURCES_NAME}


def measure(
    card: Card, sections: Mapping[str, Any], pictures: Mapping[str, Pictures], leaked: set[str]
) -> dict[str, Any]:
    """Fit the temperature on the validation pictures, write the answers on the test ones, and all of it on the card.

    Args:
        card: as it is on disk.
        sections: of the card, but for "calibration" and "metrics", which are written.
        pictures: by split; one that is absent or empty is not measured.
        leaked: names of the test pictures that equal a training file.

    Returns:
        The card's ``metrics``.
    """
    logits = _predict(card, pictures)
    calibration: dict[str, Any] = {}
    if "validation" in logits:
        calibration = calibrate(logits["validation"], torch.from_numpy(pictures["validation"].labels))
        calibration = {"weights_sha256": card.sha256, **calibration}
    metrics: dict[str, Any] = {"weights_sha256": card.sha256}
    for split, rows in logits.items():
        right = (rows.argmax(1).numpy() == pictures[split].labels).astype(float)
        metrics |= _figures(split, right, pictures[split], card.classes)
        if split in FILES:
            probabilities = to_probabilities(rows, calibration.get("temperature", 1.0)).numpy()
            known = leaked if split == "test" else set()
            checkpoint.write_predictions(
                card.folder / FILES[split], pictures[split], probabilities, card.classes, known
            )
        if split == "test":
            fresh = np.array([example.name not in leaked for example in pictures[split].examples])
            metrics["test_leaked_images"] = int((~fresh).sum())
            # Of no picture there is no accuracy.
            if fresh.any():
                metrics["test_accuracy_without_leaked"] = round(float(right[fresh].mean()), 4)
    checkpoint.write_card(card.folder, {**sections, "calibration": calibration, "metrics": metrics})
    return metrics


def _predict(card: Card, pictures: Mapping[str, Pictures]) -> dict[str, Tensor]:
    """(N, classes) float32 logits by split."""
    loaded = load_checkpoint(card, find_architecture(card.network))
    moments = tuple(
        torch.tensor(values[:1]).reshape(1, 1, 1, 1) for values in (loaded.preprocessing.mean, loaded.preprocessing.std)
    )
    return {
        split: predict(loaded.module, pictures[split], moments, loaded.preprocessing.size)
        for split in MEASURED
        if split in pictures and len(pictures[split])
    }


def _figures(split: str, right: np.ndarray, pictures: Pictures, classes: tuple[str, ...]) -> dict[str, float]:
    recalls = {
        key: float(right[pictures.labels == index].mean())
        for index, key in enumerate(classes)
        if (pictures.labels == index).any()
    }
    return {
        f"{split}_accuracy": round(float(right.mean()), 4),
        f"{split}_balanced_accuracy": round(sum(recalls.values()) / len(recalls), 4),
        **{f"{split}_recall_{key}": round(value, 4) for key, value in recalls.items()},
    }
