"""What is known of a checkpoint: read from its card.toml, without loading a weight."""

from __future__ import annotations

import hashlib
import math
import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lightbox.core import settings
from lightbox.core.errors import UserFacingError
from lightbox.core.tasks import TASKS
from lightbox.core.unchanged_files import read_once
from lightbox.imaging.preprocess import Preprocessing
from lightbox.networks.architectures import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

WEIGHTS_NAME = "weights.safetensors"
CARD_NAME = "card.toml"
TRAINING_MEAN_NAME = "training_mean.png"
HINT = "Compare the card with one that ships with Lightbox, or train the checkpoint again."
SHA256_DIGITS = 64
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Card:
    """A checkpoint's card.

    Args:
        task: key of the task.
        network: key of the architecture.
        classes: class keys in the order of the logits.
        preprocessing: from scan to input, as in training.
        sha256: of the weights file, in full.
        architecture: keyword arguments of the architecture's ``build`` beyond the number of classes.
        training: data, data hash, seed, epochs, command: how it was made.
        calibration: how the probabilities were adjusted to validation data; empty where they were not.
        metrics: measured figures, by split, and ``weights_sha256``: the weights that they were measured on.
        licence: SPDX identifier.
        date: ISO date of the training.
        training_mean_sha256: of the mean of the training set's prepared scans, empty where there is none.
        folder: where it was read from.
    """

    task: str
    network: str
    classes: tuple[str, ...]
    preprocessing: Preprocessing
    sha256: str
    folder: Path
    architecture: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    calibration: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    licence: str = ""
    date: str = ""
    training_mean_sha256: str = ""

    @property
    def weights_path(self) -> Path:
        return self.folder / WEIGHTS_NAME

    @property
    def measured(self) -> bool:
        """Whether metrics, answers and curves beside the card are of its weights, not of those they replaced."""
        return str(self.metrics.get("weights_sha256")).strip().lower() == self.sha256

    @property
    def calibrated(self) -> bool:
        """Whether a temperature was fitted to these weights on validation data."""
        return bool(self.calibration)

    @property
    def temperature(self) -> float:
        """What logits are divided by before softmax; 1 where the probabilities are as the network gives them."""
        return float(self.calibration.get("temperature", 1.0))

    @property
    def class_titles(self) -> tuple[str, ...]:
        """The classes in words, where the task knows them, else their keys."""
        known = TASKS[self.task].titles if self.task in TASKS else {}
        return tuple(known.get(key, key) for key in self.classes)


def read_card(folder: Path) -> Card:
    """The card in a checkpoint folder.

    Raises:
        UserFacingError: the card is missing, is not TOML, or lacks or misspells a field.
    """
    path = folder / CARD_NAME
    return read_once("card", (path, folder / TRAINING_MEAN_NAME), lambda: _read(path))


def _read(path: Path) -> Card:
    folder = path.parent
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserFacingError(f"The checkpoint {folder.name} has no readable {CARD_NAME}.", HINT) from error
    try:
        return _parse(tomllib.loads(text), folder)
    except KeyError as error:
        raise UserFacingError(f"The card of the checkpoint {folder.name} has no {error.args[0]!r}.", HINT) from error
    except (tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        raise UserFacingError(f"The card of the checkpoint {folder.name} cannot be used ({error}).", HINT) from error


def _parse(data: dict[str, Any], folder: Path) -> Card:
    sha256 = _parse_sha256(data["weights"]["sha256"])
    classes = tuple(data["classes"])
    if len(classes) < 2 or len(set(classes)) != len(classes) or not all(isinstance(key, str) for key in classes):
        raise ValueError("classes is not a list of two or more different names")
    preprocessing: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in data["preprocessing"].items()
    }
    return Card(
        task=data["task"],
        network=data["network"],
        classes=classes,
        preprocessing=Preprocessing(**preprocessing),
        sha256=sha256,
        folder=folder,
        architecture=data.get("architecture", {}),
        training=data.get("training", {}),
        calibration=_parse_calibration(data.get("calibration", {}), sha256),
        metrics=data.get("metrics", {}),
        licence=data.get("licence", ""),
        date=str(data.get("date", "")),
        training_mean_sha256=_sha256_of(folder / TRAINING_MEAN_NAME),
    )


def _parse_calibration(table: dict[str, Any], sha256: str) -> dict[str, Any]:
    """The table where it is of these weights, else nothing: a temperature of other weights would mislead.

    Raises:
        ValueError: the temperature is no positive number.
    """
    if not table or str(table.get("weights_sha256")).strip().lower() != sha256:
        return {}
    temperature = table["temperature"]
    if isinstance(temperature, bool) or not isinstance(temperature, (int, float)) or not 0 < temperature < math.inf:
        raise ValueError(f"calibration.temperature is {temperature!r}, not a number above 0")
    return table


def _parse_sha256(text: Any) -> str:
    """64 hexadecimal digits, in small letters however they are written.

    Raises:
        ValueError: says what stands there instead.
    """
    if not isinstance(text, str):
        raise ValueError("weights.sha256 is not text in quotation marks")  # noqa: TRY004  (as every fault of a card)
    sha256 = text.strip().lower()
    if len(sha256) != SHA256_DIGITS:
        raise ValueError(f"weights.sha256 has {len(sha256)} characters, not {SHA256_DIGITS}")
    if not _SHA256.fullmatch(sha256):
        odd = next(letter for letter in sha256 if letter not in "0123456789abcdef")
        raise ValueError(f"weights.sha256 holds {odd!r}, which is no hexadecimal digit")
    return sha256


def _sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def find_checkpoint(task: str, network: str) -> Card | None:
    """The card of a checkpoint under ``LIGHTBOX_MODELS_DIR``, or None where there is none.

    A folder with weights but a broken card is an error, not an absence.
    """
    folder = settings.get_path("MODELS_DIR") / task / network
    if not (folder / WEIGHTS_NAME).is_file():
        return None
    card = read_card(folder)
    if (card.task, card.network) != (task, network):
        raise UserFacingError(
            f"The card in {task}/{network} says it belongs to {card.task}/{card.network}.",
            "Move the folder to where its card says it belongs.",
        )
    return card


def get_card(task: str, network: str) -> Card:
    """The card of a checkpoint that has to be there.

    Raises:
        UserFacingError: there is none, or no folder of checkpoints at all, or the card cannot be used.
    """
    card = find_checkpoint(task, network)
    if card is not None:
        return card
    what = f"{NETWORKS[network].title} has no trained checkpoint for {TASKS[task].title}"
    if not settings.get_path("MODELS_DIR").is_dir():
        raise UserFacingError(
            f"{what}: the folder of checkpoints does not exist.",
            "Set LIGHTBOX_MODELS_DIR to a folder that does.",
        )
    raise UserFacingError(
        f"{what}.",
        "Choose a network that has one, or train it with `lightbox train`.",
    )
