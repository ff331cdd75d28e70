"""Measures how often the scan check raises a concern where it should, and where it should not."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from lightbox.core.tasks import TASKS
from lightbox.embedding.unfamiliar_pictures import make_noise
from lightbox.phantoms.phantom import make_phantom
from lightbox.phantoms.seeds import FRESH
from lightbox.provenance.data_audit import find_audit
from lightbox.scan_check.check import ScanCheck, check_scan
from lightbox.scan_check.rates import Rate
from lightbox.scan_check.turns import FLIPPED, MIRRORED, TURNED_LEFT, UPSIDE_DOWN, turn
from lightbox.scan_check.verdicts import BRAIN, CHEST
from lightbox.training.arrays import read_example
from lightbox.training.scan_check.drawn import draw_stranger
from lightbox.training.scan_check.photographs import held_out_photographs, to_grey
from lightbox.training.scan_check.pool import crop_photograph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from lightbox.training.datasets import Example

    Picture = NDArray[np.float32]

PHANTOMS = 20
PARTS = 300
DRAWN = 500
EVEN = np.full(3, 1 / 3)


def measure(scans: Mapping[str, Sequence[Example]], *, on_group: Callable[[str, str], None]) -> list[Rate]:
    """Every group of `lightbox.scan_check.rates.GROUPS` for both kinds of scan.

    Args:
        scans: by kind, pictures that the detector has not learned from.
        on_group: called with kind and group before each.
    """
    seen = {kind: [read_example(example) for example in scans[kind]] for kind in (CHEST, BRAIN)}
    unseen = {kind: _unseen(kind, scans[kind]) for kind in (CHEST, BRAIN)}
    strangers = {"photograph": _whole_photographs(), "photograph_part": _parts(), "drawn": _drawn()}
    rates = []
    for task in (CHEST, BRAIN):
        upright = seen[task]
        other = BRAIN if task == CHEST else CHEST
        laid: dict[str, Iterable[Picture]] = {
            "test": upright,
            "changed": map(_changed, upright),
            "synthetic": _synthetic(task),
            "other": seen[other],
            "inverted": (np.float32(1) - picture for picture in upright),
            "upside_down": (turn(picture, UPSIDE_DOWN) for picture in upright),
            "flipped": (turn(picture, FLIPPED) for picture in upright),
            "turned": (turn(picture, TURNED_LEFT) for picture in upright),
        }
        new = [picture for picture, example in zip(upright, scans[task], strict=True) if example.name in unseen[task]]
        if len(new) < len(upright):
            laid |= {
                "new": new,
                "new_inverted": (np.float32(1) - picture for picture in new),
                "new_upside_down": (turn(picture, UPSIDE_DOWN) for picture in new),
            }
        if task == CHEST:  # a mirrored head is a head
            laid["mirrored"] = (turn(picture, MIRRORED) for picture in upright)
        laid |= strangers
        for group, pictures in laid.items():
            on_group(task, group)
            rates.append(_rate(task, group, [check_scan(picture) for picture in pictures]))
    return rates


def _rate(task: str, group: str, checks: Sequence[ScanCheck]) -> Rate:
    return Rate(task, group, len(checks), sum(check.suspicion(task) is not None for check in checks))


def _unseen(task: str, examples: Sequence[Example]) -> set[str]:
    """Names of the scans that the shipped audit finds no training picture of; all where there is no audit."""
    audit = find_audit(task)
    leaked = audit.leaked_names() if audit is not None else set()
    return {example.name for example in examples} - leaked


def _changed(picture: Picture) -> Picture:
    """A picture as somebody else would have saved it: slightly turned and cropped, and compressed hard."""
    image = Image.fromarray(np.rint(picture * 255).astype(np.uint8)).rotate(8, Image.Resampling.BILINEAR)
    width, height = image.size
    image = image.crop((width // 20, height // 20, width - width // 20, height - height // 20))
    held = io.BytesIO()
    image.save(held, "JPEG", quality=40)
    return np.asarray(Image.open(held), dtype=np.float32) / np.float32(255)


def _synthetic(task: str) -> list[Picture]:
    labels = TASKS[task].classes
    return [
        make_phantom(task, label, FRESH.start + 777_000 + seed).pixels for label in labels for seed in range(PHANTOMS)
    ]


def _whole_photographs() -> list[Picture]:
    return [to_grey(picture, EVEN) for picture in held_out_photographs()]


def _parts() -> list[Picture]:
    chance = np.random.default_rng(99)
    photographs = held_out_photographs()
    return [crop_photograph(photographs, chance) for _part in range(PARTS)]


def _drawn() -> list[Picture]:
    chance = np.random.default_rng(98)
    return [*(draw_stranger(chance) for _picture in range(DRAWN)), *make_noise(seed=97)]
