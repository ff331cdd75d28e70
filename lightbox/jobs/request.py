"""What can be asked of the engine, and the one key by which equal questions are known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import lightbox
from lightbox.jobs.cost_estimate import Expected, of_map

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lightbox.explainers.base import ParamValue, Target
    from lightbox.imaging.preprocess import Prepared
    from lightbox.networks.card import Card


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
    """What a network says of a scan.

    Args:
        classes: class keys in the order of the logits.
        class_titles: the same in words.
        logits: (classes,) float32.
        probabilities: (classes,) float32; see `Network.probabilities`.
        weights_sha256: of the network that answered.
        seconds: wall time of the forward pass.
    """

    classes: tuple[str, ...]
    class_titles: tuple[str, ...]
    logits: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    weights_sha256: str
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class PredictRequest:
    """Ask a network for its `Prediction`.

    Args:
        card: of the network.
        view: what it sees of the scan. Equal pixels are one question, wherever on their scans they lie.
    """

    card: Card
    view: Prepared

    def work(self) -> Work:
        """The computation.

        Raises:
            ValueError: the view was prepared for another network.
        """
        check_view(self.card, self.view)
        key = make_key(kind="predict", prepared=self.view.sha256, card=fingerprint(self.card))
        arguments = {"card": self.card, "prepared": self.view.pixels}
        return Work(key, "lightbox.jobs.worker.calls:predict", arguments, urgent=True)


@dataclass(frozen=True, slots=True, eq=False)
class ExplainRequest:
    """Ask for one `Attribution`.

    Args:
        card: of the network.
        view: what it sees of the scan.
        method: key of the method.
        target: the class explained.
        params: the method's parameters; what is left out takes its default.
    """

    card: Card
    view: Prepared
    method: str
    target: Target
    params: Mapping[str, ParamValue] = field(default_factory=dict)

    def work(self) -> Work:
        """The computation.

        Raises:
            ValueError: the view was prepared for another network.
        """
        check_view(self.card, self.view)
        key = make_key(
            kind="explain",
            prepared=self.view.sha256,
            card=fingerprint(self.card),
            method=self.method,
            params=dict(self.params),
            target=[self.target.index, self.target.against],
        )
        arguments = {
            "card": self.card,
            "method": self.method,
            "prepared": self.view.pixels,
            "target": self.target,
            "params": dict(self.params),
        }
        expected = of_map(self.method, self.card.network)
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


def check_view(card: Card, view: Prepared) -> None:
    """Refuse what another network sees: its answer would look like any other.

    Raises:
        ValueError: says how it was prepared, and how it should have been.
    """
    size = card.preprocessing.size
    if view.pixels.shape != (size, size):
        raise ValueError(f"{card.network} reads ({size}, {size}) prepared pixels, not {view.pixels.shape}")
    if view.steps != card.preprocessing.steps:
        raise ValueError(f"{card.network} reads pixels prepared by {card.preprocessing.steps}, not by {view.steps}")


def fingerprint(card: Card) -> str:
    """sha256 over all of a checkpoint that changes a result: weights, input statistics, classes, temperature and so on.

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
        temperature=card.temperature,
    )
