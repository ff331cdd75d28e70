"""What can be asked of the engine, and the one key by which equal questions are known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

import lightbox
from lightbox.imaging.preprocess import Box, prepare
from lightbox.jobs.expected import Expected, of_map
from lightbox.networks.card import Card, get_card

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.explainers.base import ParamValue, Target


@dataclass(frozen=True, slots=True)
class Work:
    """A computation as the engine sees it: a function of some worker, and what to call it with.

    Args:
        key: sha256 in hexadecimal of everything that the result depends on.
        call: "package.module:function", called as ``function(*, progress, **arguments)`` in a worker process.
        arguments: picklable, small.
        urgent: whether it goes before its owner's other work (a prediction before the maps that wait for it).
        expected: what it costs: quick work goes before its owner's other work, and of that the quickest first.
        kept: whether the result may be held for whoever asks the same; never of what was promised to be forgotten.
    """

    key: str
    call: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    urgent: bool = False
    expected: Expected = Expected()  # noqa: RUF009  (frozen)
    kept: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """What a network says of a scan, and what it saw of it.

    Args:
        classes: class keys in the order of the logits.
        class_titles: the same in words.
        logits: (classes,) float32.
        probabilities: (classes,) float32, their softmax.
        prepared: (S, S) float32 in 0..1, the network's view before mean and standard deviation.
        box: where on the native scan ``prepared`` lies.
        weights_sha256: of the network that answered.
        seconds: wall time of the forward pass.
    """

    classes: tuple[str, ...]
    class_titles: tuple[str, ...]
    logits: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    prepared: NDArray[np.float32]
    box: Box
    weights_sha256: str
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class PredictRequest:
    """Ask a network for its `Prediction`.

    Args:
        task: key of the task.
        network: key of the architecture.
        pixels: (H, W) float32 in 0..1 at native resolution, as in a `Scan`. Prepared here, so that a
            100 MB scan never travels to a worker.
        card: the checkpoint, where it is another than the models folder's.
    """

    task: str
    network: str
    pixels: NDArray[np.float32]
    card: Card | None = None

    def work(self) -> Work:
        """The computation.

        Raises:
            UserFacingError: there is no such checkpoint, or its card cannot be used.
        """
        card = self.card or get_card(self.task, self.network)
        prepared = prepare(self.pixels, card.preprocessing)
        # The box comes back with the answer: equal views cut from different places are different questions.
        key = make_key(
            kind="predict", prepared=digest(prepared.pixels), box=asdict(prepared.box), card=fingerprint(card)
        )
        arguments = {"card": card, "prepared": prepared.pixels, "box": prepared.box}
        return Work(key, "lightbox.jobs.worker.calls:predict", arguments, urgent=True)


@dataclass(frozen=True, slots=True, eq=False)
class ExplainRequest:
    """Ask for one `Attribution`.

    Args:
        task: key of the task.
        network: key of the architecture.
        method: key of the method.
        prepared: (S, S) float32 in 0..1, `Prediction.prepared`.
        target: the class explained.
        params: the method's parameters; what is left out takes its default.
        card: the checkpoint, where it is another than the models folder's.
    """

    task: str
    network: str
    method: str
    prepared: NDArray[np.float32]
    target: Target
    params: Mapping[str, ParamValue] = field(default_factory=dict)
    card: Card | None = None

    def work(self) -> Work:
        """The computation.

        Raises:
            UserFacingError: there is no such checkpoint, its card cannot be used, or the pixels are not prepared.
        """
        card = self.card or get_card(self.task, self.network)
        size = card.preprocessing.size
        prepared = np.ascontiguousarray(self.prepared, dtype=np.float32)
        if prepared.shape != (size, size):
            raise ValueError(f"{self.network} reads ({size}, {size}) prepared pixels, not {prepared.shape}")
        key = make_key(
            kind="explain",
            prepared=digest(prepared),
            card=fingerprint(card),
            method=self.method,
            params=dict(self.params),
            target=[self.target.index, self.target.against],
        )
        arguments = {
            "card": card,
            "method": self.method,
            "prepared": prepared,
            "target": self.target,
            "params": dict(self.params),
        }
        expected = of_map(self.method, self.network)
        return Work(key, "lightbox.jobs.worker.calls:explain", arguments, expected=expected)


def timing_work(card: Card) -> Work:
    """Ask the engine for a checkpoint's `Timing` on its workers. Measured once while the result is kept."""
    return Work(
        make_key(kind="timing", card=fingerprint(card)),
        "lightbox.jobs.worker.timing:time_network",
        {"card": card},
        expected=Expected(quick=True),
    )


Request = PredictRequest | ExplainRequest | Work
Progress = Callable[[float], None]


def make_key(**ingredients: Any) -> str:
    """One sha256 over the ingredients, by name, as canonical JSON, and over the library's version.

    JSON quotes and escapes, so that no two sets of ingredients share a text; it also keeps
    1, 1.0, true and "1" apart.
    """
    named = {"version": lightbox.__version__, **ingredients}
    text = json.dumps(named, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def digest(pixels: NDArray[np.float32]) -> str:
    """sha256 over shape, type and every byte."""
    header = f"{pixels.shape}{pixels.dtype.str}".encode()
    return hashlib.sha256(header + np.ascontiguousarray(pixels).tobytes()).hexdigest()


def fingerprint(card: Card) -> str:
    """sha256 over all of a checkpoint that changes a result: weights, input statistics, classes, training mean.

    Two cards may name the same weights and still normalise differently. It is known from the card alone, so that a
    worker can tell whether its own folder, under another path, holds the same.
    """
    return make_key(
        weights=card.sha256,
        task=card.task,
        network=card.network,
        classes=card.classes,
        preprocessing=asdict(card.preprocessing),
        architecture=dict(card.architecture),
        training_mean=card.training_mean_sha256,
    )
