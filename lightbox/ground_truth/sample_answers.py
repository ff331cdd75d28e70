"""What networks say of the shipped samples, measured once: which they get right, and whose maps find the outline."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from lightbox.core import records, settings
from lightbox.core.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from lightbox.imaging.samples import Sample
    from lightbox.networks import Card, Network

FILE = "answers.json"
# Two quick methods of different kinds: one of pixels, one of the last convolution.
METHODS_ASKED = ("lrp", "grad_cam")


@dataclass(frozen=True, slots=True)
class SampleAnswer:
    """One network's answer to one sample.

    Args:
        sample: key of the sample.
        network: key of the network.
        weights_sha256: of the weights that answered. Of other weights the row says nothing.
        label: key of the sample's true class.
        called: key of the class that the network calls it.
        pointing: by method, whether the strongest point of the map of the true class lies in the outline, 0..1; see
            `lightbox.metrics.localisation.pointing_game`. Nothing for a healthy sample and for a withheld map.
        mass: by method, the share of the evidence that lies in the outline, 0..1.
        area: the outline's share of what the network sees, 0..1: what a map would have by chance.
    """

    sample: str
    network: str
    weights_sha256: str
    label: str
    called: str
    pointing: dict[str, float]
    mass: dict[str, float]
    area: float

    @property
    def right(self) -> bool:
        """Whether the network calls the sample what it is."""
        return self.called == self.label


@dataclass(frozen=True, slots=True)
class SampleAnswers:
    """The record beside the samples.

    Args:
        rows: one a sample and network.
    """

    rows: tuple[SampleAnswer, ...]

    def of(self, sample: str, cards: Mapping[str, Card]) -> list[SampleAnswer]:
        """The rows of a sample that hold for these checkpoints, in the order of the cards."""
        found = {row.network: row for row in self.rows if row.sample == sample}
        return [found[key] for key, card in cards.items() if key in found and found[key].weights_sha256 == card.sha256]


def rank(answers: Sequence[SampleAnswer]) -> tuple[float, ...]:
    """How well a sample suits a beginning, the smallest first.

    It counts whether the first network is right; then, of the networks that are right, how many maps have their
    strongest point in the outline; then how many networks are right; then how many times as much of their evidence
    lies in the outline as would by chance. A healthy sample has no outline, so a hit goes before it.
    """
    right = [row for row in answers if row.right]
    first = bool(answers) and answers[0].right
    hits = sum(value for row in right for value in row.pointing.values())
    gain = sum(value / row.area for row in right if row.area > 0 for value in row.mass.values())
    return (-first, -hits, -len(right), -gain)


def read_answers() -> SampleAnswers:
    """The record of the samples folder; an empty one where there is none, or one that cannot be read.

    It decides an order and a caption, so without it samples stand as in their manifest, and nothing is said of them.
    """
    if not settings.get("SAMPLES_DIR"):
        return SampleAnswers(())
    try:
        return _parse((settings.get_path("SAMPLES_DIR") / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return SampleAnswers(())


@lru_cache(maxsize=4)
def _parse(text: str) -> SampleAnswers:
    found: SampleAnswers = records.from_text(SampleAnswers, text)
    return found


def write_answers(answers: SampleAnswers, folder: Path) -> Path:
    """Write the record into the samples folder; returns the file."""
    path = folder / FILE
    write_whole(path, records.to_text(answers).encode())
    return path


def measure(
    samples: Iterable[Sample],
    cards: Iterable[Card],
    *,
    known: SampleAnswers | None = None,
    on_answer: Callable[[SampleAnswer], None] | None = None,
) -> SampleAnswers:
    """Ask each network about each sample of its task, in this process.

    Args:
        samples: the shipped ones.
        cards: of the networks.
        known: what was asked before; a network that answered all of its samples with these weights is not asked again.
        on_answer: called with every new row.

    Raises:
        UserFacingError: a sample or a checkpoint cannot be read.
    """
    from lightbox.networks import load_checkpoint

    rows = []
    chosen = list(samples)
    for card in cards:
        own = [sample for sample in chosen if sample.task == card.task]
        kept = [row for sample in own for row in (known or SampleAnswers(())).of(sample.key, {card.network: card})]
        if len(kept) == len(own):
            rows += kept
            continue
        network = load_checkpoint(card)
        for sample in own:
            rows.append(_answer(sample, card, network))
            if on_answer is not None:
                on_answer(rows[-1])
    order = [sample.key for sample in chosen]
    return SampleAnswers(tuple(sorted(rows, key=lambda row: order.index(row.sample))))


def _answer(sample: Sample, card: Card, network: Network) -> SampleAnswer:
    from lightbox.explainers import METHODS, Target, run
    from lightbox.imaging.masks import mask_on_grid
    from lightbox.imaging.preprocess import prepare
    from lightbox.imaging.samples import read_mask, read_sample
    from lightbox.metrics.localisation import localise

    prepared = prepare(read_sample(sample).pixels, card.preprocessing)
    mask = mask_on_grid(read_mask(sample), prepared.box, card.preprocessing.size)
    x = network.to_input(prepared.pixels)
    best = int(network.logits(x)[0].argmax())
    pointing, mass = {}, {}
    if mask.any() and sample.label in card.classes:
        target = Target(card.classes.index(sample.label))
        for method in METHODS_ASKED:
            attribution = run(METHODS[method], network, x, target)
            found = None if attribution.withheld else localise(attribution.values, mask)
            if found is not None:
                pointing[method], mass[method] = round(found.pointing, 4), round(found.mass, 4)
    return SampleAnswer(
        sample=sample.key,
        network=card.network,
        weights_sha256=card.sha256,
        label=sample.label,
        called=card.classes[best],
        pointing=pointing,
        mass=mass,
        area=round(float(mask.mean()), 4),
    )
