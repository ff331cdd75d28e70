"""From folders of scans to the detector's weights and the record of how often it is right."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.core.whole_file import write_whole
from lightbox.scan_check.detector import WEIGHTS_NAME
from lightbox.scan_check.rates import RATES_NAME, write_rates
from lightbox.scan_check.verdicts import BRAIN, CHEST
from lightbox.training.datasets import read_examples
from lightbox.training.phantom_examples import read_phantoms
from lightbox.training.scan_check.fit import fit
from lightbox.training.scan_check.measure import measure
from lightbox.training.scan_check.network import fold, unfold
from lightbox.training.scan_check.pool import fill_pool

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from torch import nn

    from lightbox.scan_check.rates import Rate
    from lightbox.training.datasets import Example
    from lightbox.training.scan_check.fit import Plan

STEPS_BETWEEN_WRITING = 500
STRANGERS = {"photograph": 6000, "drawn": 6000, "spoilt": 6000}


def train(
    folders: Mapping[str, Sequence[Path]],
    phantoms: Mapping[str, Path],
    out: Path,
    *,
    plan: Plan,
    on_step: Callable[[int, int], None],
    start: Path | None = None,
) -> None:
    """Train on the "train" split of the folders and write the weights into ``out``.

    Args:
        folders: by kind of scan, data sets in any layout that `lightbox train` reads.
        phantoms: by kind, folders of `lightbox phantoms make`; may lack a kind.
        out: folder, made where it is missing.
        plan: how it is trained.
        on_step: called with steps done and steps in all.
        start: weights to go on from; None for random ones.

    Raises:
        UserFacingError: a folder cannot be used, or holds no training scan.
    """
    import safetensors.torch

    examples = {kind: read_scans_of(folders[kind], kind, "train") for kind in (CHEST, BRAIN)}
    for kind, folder in phantoms.items():
        # Each counts several times: they are few beside the photographed scans, and must not be taken for strangers.
        examples[kind] += read_phantoms(folder, kind) * 4
    pool = fill_pool(examples, STRANGERS, plan.seed)

    def write(network: nn.Sequential) -> None:
        weights = {name: value.half() for name, value in fold(network).items()}
        write_whole(out / WEIGHTS_NAME, safetensors.torch.save(weights))

    def tell(step: int, _loss: float, network: nn.Sequential) -> None:
        on_step(step + 1, plan.steps)
        if step % STEPS_BETWEEN_WRITING == 0:
            write(network)

    network = None if start is None else unfold(safetensors.torch.load(start.read_bytes()))
    write(fit(pool, plan, tell, network))


def record(folders: Mapping[str, Sequence[Path]], out: Path, on_group: Callable[[str, str], None]) -> list[Rate]:
    """Measure the shipped detector on the "test" split of the folders, and write the rates into ``out``.

    Raises:
        UserFacingError: a folder cannot be used, or holds no test scan.
    """
    scans = {kind: read_scans_of(folders[kind], kind, "test") for kind in (CHEST, BRAIN)}
    rates = measure(scans, on_group=on_group)
    digest = hashlib.sha256((out / WEIGHTS_NAME).read_bytes()).hexdigest()
    write_rates(rates, out / RATES_NAME, {"date": f"{datetime.now(UTC):%Y-%m-%d}", "weights_sha256": digest})
    return rates


def read_scans_of(folders: Sequence[Path], kind: str, split: str) -> list[Example]:
    """All scans of a split, of all folders.

    Raises:
        UserFacingError: a folder cannot be used, or none holds such a scan.
    """
    found = [row for folder in folders for row in read_examples(folder, kind) if row.split == split]
    if not found:
        raise UserFacingError(
            f"No folder given for {kind} holds a scan of the {split} split.",
            "Give a folder with train/CLASS and test/CLASS, or with a manifest.csv that says the split.",
        )
    return found
