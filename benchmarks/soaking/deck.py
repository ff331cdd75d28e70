"""What the soak asks, the answers computed alone, and the comparison of an answer with them.

``python -m benchmarks.soaking.deck OUT`` computes the answers, one after the other, in a process of their own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lightbox.comparison.choice import Choice
from lightbox.core.settings import PROJECT_DIR
from lightbox.explainers import DEFAULT_BASELINE, METHODS
from lightbox.imaging.samples import list_samples, read_sample
from lightbox.networks import NETWORKS, find_checkpoint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.explainers.base import ParamValue
    from lightbox.imaging.scan import Scan
    from lightbox.networks import Card

SAMPLES = ("chest-normal-1", "chest-viral-2", "brain-glioma-1", "brain-pituitary-2")
# Fewer samples and steps than the defaults, so that ten minutes hold thousands of maps.
OWN = {"lime": {"samples": 100}, "integrated_gradients": {"steps": 16, "until_complete": False}}
RELATIVE = 1e-4
# Of the map's largest value: a pixel that is zero but for rounding has no relative error worth naming.
ABSOLUTE = 1e-6


@dataclass(frozen=True, slots=True)
class Question:
    """One map: of which sample, by which network and method."""

    sample: str
    network: str
    method: str


@dataclass(slots=True)
class Verdict:
    """How the answers compare with those computed alone.

    Args:
        maps: compared.
        wrong: of them, not equal.
        errors: questions that were answered with an error, and why.
        largest: difference seen, relative to its map's largest value.
    """

    maps: int = 0
    wrong: int = 0
    errors: list[str] = field(default_factory=list)
    largest: float = 0.0

    def judge(self, values: NDArray[np.float32], reference: NDArray[np.float32]) -> None:
        """Count one answer."""
        scale = float(np.abs(reference).max())
        self.maps += 1
        if values.shape != reference.shape:
            self.wrong += 1
            return
        self.largest = max(self.largest, float(np.abs(values - reference).max()) / (scale or 1.0))
        self.wrong += not np.allclose(values, reference, rtol=RELATIVE, atol=ABSOLUTE * scale)


def read_scan(key: str) -> Scan:
    return read_sample(next(sample for sample in list_samples() if sample.key == key))


def choose(*methods: str) -> Choice:
    """What the page makes of the addresses that the sessions open."""
    shared: dict[str, ParamValue] = {"baseline": DEFAULT_BASELINE, "seed": 0}
    return Choice(methods, shared=shared, own={key: OWN[key] for key in methods if key in OWN})


def cards_of(task: str) -> dict[str, Card]:
    """The checkpoints that there are."""
    found = {network: find_checkpoint(task, network) for network in NETWORKS}
    return {network: card for network, card in found.items() if card is not None}


def compute_references(out: Path, samples: tuple[str, ...] = SAMPLES) -> dict[Question, NDArray[np.float32]]:
    """Every map of the deck, computed one after the other in one child process; withheld ones are left out."""
    if not out.is_file():
        _compute_alone(out, samples)
    with np.load(out) as file:
        return {Question(*key.split("/")): file[key] for key in file.files}


def _compute_alone(out: Path, samples: tuple[str, ...]) -> None:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "benchmarks.soaking.deck", str(out), *samples]
    subprocess.run(command, env=environment, cwd=PROJECT_DIR, check=True)  # noqa: S603  (our own module)


def main(out: str, *samples: str) -> None:
    from lightbox.comparison.in_process import compare

    maps = {}
    for sample in samples:
        scan = read_scan(sample)
        comparison = compare(scan, cards_of(scan.modality), choose(*METHODS))
        for panel in comparison.panels:
            for method, found in panel.attributions.items():
                if not found.withheld:
                    maps[f"{sample}/{panel.network}/{method}"] = found.values
    np.savez(Path(out), allow_pickle=False, **maps)


if __name__ == "__main__":
    main(*sys.argv[1:])
