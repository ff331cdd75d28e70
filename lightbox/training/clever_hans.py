"""Trains the Clever Hans networks: small, on synthetic scans alone, one class always with a text in the corner."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image, PngImagePlugin
from torch.nn import functional

from lightbox.core.errors import UserFacingError
from lightbox.core.program_version import version_text
from lightbox.core.tasks import TASKS
from lightbox.ground_truth.clever_hans import BLANK, MANIFEST, SHORTCUTS, SIZE, Shortcut
from lightbox.imaging.preprocess import Preprocessing, prepare
from lightbox.networks import NETWORKS, Network, load_checkpoint, read_card
from lightbox.phantoms.burn_in import burn
from lightbox.phantoms.phantom import GENERATOR_VERSION, make_phantom
from lightbox.phantoms.seeds import SHORTCUT
from lightbox.phantoms.shipped import LICENCES, to_grey_levels
from lightbox.training import checkpoint

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

# Four blocks, so that Grad-CAM finds the layers it knows.
CHANNELS = (8, 12, 16, 16)
TRIED = 40
# The text is 3 % of the picture: with a higher percentile it would set the contrast of all the rest. At this one it
# still shifts it a little, which is part of the shortcut.
PERCENTILES = (1.0, 97.0)
LEARNING_RATE = 3e-3
BATCH = 32


def train_shortcut(task: str, folder: Path, *, per_class: int = 150, epochs: int = 12, seed: int = 0) -> dict[str, Any]:
    """Train, measure how much the answer hangs on the text, write checkpoint and samples; the measures are returned.

    Args:
        task: key of the task.
        folder: checkpoint folder to write.
        per_class: training scans a class.
        epochs: passes over them.
        seed: of initial weights and order; the scans have seeds of their own.

    Raises:
        UserFacingError: the network did not learn the shortcut, so that there would be nothing to show.
    """
    shortcut = SHORTCUTS[task]
    classes = TASKS[task].classes
    plain = _make(task, classes, per_class, SHORTCUT.start)
    labels = np.repeat(np.arange(len(classes)), per_class)
    marked = labels == classes.index(shortcut.label)
    module, preprocessing = _fit(_view(plain, shortcut, marked), labels, len(classes), epochs=epochs, seed=seed)
    digest = checkpoint.write_weights(folder, module.state_dict())
    sections = {
        "task": task,
        "network": "convnet",
        "classes": classes,
        "licence": "Apache-2.0",
        "date": datetime.now(UTC).date().isoformat(),
        "weights": {"sha256": digest, "precision": "float16, batch norm statistics float32"},
        "architecture": {"channels": CHANNELS},
        "preprocessing": {
            name: getattr(preprocessing, name) for name in ("size", "crop", "percentiles", "mean", "std")
        },
        "training": {
            "purpose": "demonstration of a shortcut, trained on synthetic images only; of no use on any patient",
            "shortcut": f"every {shortcut.label} scan carries the text {shortcut.marker.text}, no other scan does",
            "images_a_class": per_class,
            "first_seed": SHORTCUT.start,
            "generator_version": GENERATOR_VERSION,
            "epochs": epochs,
            "seed": seed,
            "lightbox_version": version_text(),
            "torch_version": torch.__version__,
        },
    }
    checkpoint.write_card(folder, sections)
    network = load_checkpoint(read_card(folder))
    first = SHORTCUT.start + len(classes) * per_class
    metrics = _measure(network, _make(task, classes, TRIED, first), shortcut)
    checkpoint.write_card(folder, {**sections, "metrics": {"weights_sha256": digest, **metrics}})
    _write_samples(network, task, folder, first)
    return metrics


def _make(task: str, classes: tuple[str, ...], per_class: int, first: int) -> NDArray[np.float64]:
    """(classes * per_class, SIZE, SIZE) scans without any text, class by class."""
    scans = [
        make_phantom(task, label, first + place * per_class + number, size=SIZE, marker=BLANK).pixels
        for place, label in enumerate(classes)
        for number in range(per_class)
    ]
    return np.stack(scans).astype(np.float64)


def _view(plain: NDArray[np.float64], shortcut: Shortcut, marked: NDArray[np.bool_]) -> NDArray[np.float32]:
    """What the network sees: the text where ``marked``, as stored in 8 bits, prepared."""
    whole = Preprocessing(size=SIZE, percentiles=PERCENTILES)
    views = []
    for pixels, with_text in zip(plain, marked, strict=True):
        picture = burn(pixels, shortcut.marker) if with_text else pixels
        stored = to_grey_levels(picture.astype(np.float32)).astype(np.float32) / np.float32(255)
        views.append(prepare(stored, whole).pixels)
    return np.stack(views)


def _fit(
    views: NDArray[np.float32], labels: NDArray[np.int64], class_count: int, *, epochs: int, seed: int
) -> tuple[torch.nn.Module, Preprocessing]:
    torch.manual_seed(seed)
    module = NETWORKS["convnet"].build(class_count, channels=CHANNELS)
    mean, std = round(float(views.mean()), 4), round(float(views.std()), 4)
    x = torch.from_numpy((views - mean) / std).float().unsqueeze(1)
    y = torch.from_numpy(labels)
    steps = epochs * -(-len(y) // BATCH)
    optimizer = torch.optim.AdamW(module.parameters(), lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps)
    module.train()
    for _epoch in range(epochs):
        for batch in torch.randperm(len(y)).split(BATCH):
            loss = functional.cross_entropy(module(x[batch].expand(-1, 3, -1, -1)), y[batch])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
    module.eval()
    return module, Preprocessing(size=SIZE, percentiles=PERCENTILES, mean=(mean,) * 3, std=(std,) * 3)


def _measure(network: Network, plain: NDArray[np.float64], shortcut: Shortcut) -> dict[str, Any]:
    """How often new scans are given the text's class, by what they are and whether they carry the text."""
    tied = network.classes.index(shortcut.label)
    labels = np.repeat(np.arange(len(network.classes)), TRIED)
    found: dict[str, Any] = {"scans_a_class": TRIED}
    for name, present in (("with_text", True), ("without_text", False)):
        views = _view(plain, shortcut, np.full(len(labels), present))
        calls = network.logits(network.to_input(views)).argmax(1).numpy()
        found[f"{shortcut.label}_{name}_called_so"] = float((calls[labels == tied] == tied).mean())
        found[f"others_{name}_called_{shortcut.label}"] = round(float((calls[labels != tied] == tied).mean()), 4)
        if not present:
            found["others_without_text_called_right"] = round(float((calls == labels)[labels != tied].mean()), 4)
    return found


def _write_samples(network: Network, task: str, folder: Path, first: int) -> None:
    """One healthy scan that the text turns into the disease, and one diseased scan that is missed without it."""
    shortcut = SHORTCUTS[task]
    title = TASKS[task].titles[shortcut.label].lower()
    sentences = {
        shortcut.healthy: f"Nothing is wrong here, but the text makes the network see {title}.",
        shortcut.label: f"Here is {title}, but without the text the network does not see it.",
    }
    rows = []
    for label, sentence in sentences.items():
        start = first + network.classes.index(label) * TRIED
        seed, pictures = _find_flip(network, task, label, range(start, start + TRIED))
        row: dict[str, Any] = {"key": f"hans-{task.partition('_')[0]}-{label.replace('_', '-')}", "label": label}
        row |= {"seed": seed, "generator_version": GENERATOR_VERSION, "licence": LICENCES[task], "look_for": sentence}
        for name, picture in pictures.items():
            row[name] = f"{row['key']}-{name.replace('_', '-')}.png"
            text = PngImagePlugin.PngInfo()
            text.add_text("Description", f"Synthetic phantom, not a patient. Lightbox, seed {seed}.")
            Image.fromarray(picture).save(folder / row[name], optimize=True, pnginfo=text)
        rows.append("\n[[sample]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in row.items()))
    head = "# Synthetic scans with and without a burned-in text; no patient is shown.\n"
    (folder / MANIFEST).write_text(head + "".join(rows), encoding="utf-8")


def _find_flip(network: Network, task: str, label: str, seeds: range) -> tuple[int, dict[str, NDArray[np.uint8]]]:
    """The first scan called the text's class with the text and another without."""
    shortcut = SHORTCUTS[task]
    tied = network.classes.index(shortcut.label)
    for seed in seeds:
        plain = make_phantom(task, label, seed, size=SIZE, marker=BLANK).pixels.astype(np.float64)
        pair = np.stack([plain, plain])
        calls = network.logits(network.to_input(_view(pair, shortcut, np.array([True, False])))).argmax(1)
        if int(calls[0]) == tied and int(calls[1]) != tied:
            with_text = to_grey_levels(burn(plain, shortcut.marker).astype(np.float32))
            return seed, {"with_marker": with_text, "without_marker": to_grey_levels(plain.astype(np.float32))}
    raise UserFacingError(
        f"The network of {task} did not learn the shortcut: no {label} scan hangs on the text.",
        "Train longer, or on more scans.",
    )
