"""Trains the detector of `lightbox.scan_check`."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from lightbox.scan_check.turns import TURNS, UPRIGHT, turn
from lightbox.scan_check.verdicts import BRAIN, CHEST, NUMBERS, OTHER, Answer, find_answer
from lightbox.scan_check.view import to_view
from lightbox.training.scan_check.changes import change, make_labels
from lightbox.training.scan_check.network import build

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor, nn

    from lightbox.training.scan_check.pool import Pool


@dataclass(frozen=True, slots=True)
class Plan:
    """How the detector is trained.

    Args:
        steps: of the optimiser.
        chests: chest films in a batch.
        brains: brain slices in a batch; which end of a head is up is the harder question.
        strangers: of each way of making in a batch.
        learning_rate: peak of the one-cycle schedule.
        weight_decay: decoupled.
        upright: share of the scans that lie as they should.
        inverted: share of the scans whose black and white are exchanged.
        averaging: decay of the averaged weights that are shipped.
        seed: of initial weights and of all draws.
    """

    steps: int = 8000
    chests: int = 8
    brains: int = 32
    strangers: int = 6
    learning_rate: float = 3e-3
    weight_decay: float = 0.02
    upright: float = 0.4
    inverted: float = 0.25
    averaging: float = 0.998
    seed: int = 0


def fit(
    pool: Pool,
    plan: Plan,
    on_step: Callable[[int, float, nn.Sequential], None],
    start: nn.Sequential | None = None,
) -> nn.Sequential:
    """The averaged network after ``plan.steps`` steps, in evaluation mode.

    Args:
        pool: pictures to learn from.
        plan: see `Plan`.
        on_step: called after every step with its number, its loss and the averaged network as it is.
        start: what to go on from, with the statistics of its batch norms kept; None for random weights.
    """
    torch.manual_seed(plan.seed)
    generator = torch.Generator().manual_seed(plan.seed)
    chance = np.random.default_rng(plan.seed)
    network = build() if start is None else start
    averaged = copy.deepcopy(network).eval().requires_grad_(requires_grad=False)
    optimiser = torch.optim.AdamW(network.parameters(), lr=plan.learning_rate, weight_decay=plan.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.learning_rate, total_steps=plan.steps, pct_start=0.1)
    labels = make_labels(400, plan.seed)
    network.train()
    if start is not None:
        for layer in network:
            layer.train(not isinstance(layer, torch.nn.BatchNorm2d))
    for step in range(plan.steps):
        x, wanted = _draw(pool, plan, chance, generator, labels)
        loss = functional.cross_entropy(network(x), wanted, label_smoothing=0.02)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        schedule.step()
        _average(averaged, network, min(plan.averaging, (1 + step) / (10 + step)))
        on_step(step, float(loss.detach()), averaged)
    return averaged


def _draw(
    pool: Pool, plan: Plan, chance: np.random.Generator, generator: torch.Generator, labels: Tensor
) -> tuple[Tensor, Tensor]:
    """One batch: (N, 1, 64, 64) in 0..1 and (N,) numbers of answers."""
    rows, asked = [], []
    for kind, count in ((CHEST, plan.chests), (BRAIN, plan.brains)):
        pictures = pool.scans[kind]
        for picture in pictures[chance.integers(0, len(pictures), count)]:
            way = UPRIGHT if chance.random() < plan.upright else str(chance.choice(TURNS))
            rows.append(picture)
            asked.append(Answer(kind, way, bool(chance.random() < plan.inverted)))
    for pictures in pool.strangers.values():
        for picture in pictures[chance.integers(0, len(pictures), plan.strangers)]:
            rows.append(turn(picture, str(chance.choice(TURNS))))
            asked.append(Answer(OTHER, inverted=bool(chance.random() < plan.inverted)))
    changed = change(torch.as_tensor(np.stack(rows))[:, None].float() / 255, generator, labels)
    laid = [turn(row[0], answer.turn) for row, answer in zip(changed.numpy(), asked, strict=True)]
    views = [to_view(1 - row if answer.inverted else row) for row, answer in zip(laid, asked, strict=True)]
    x = torch.as_tensor(np.stack(views))[:, None]
    wanted = [NUMBERS[find_answer(answer.kind, answer.turn, inverted=answer.inverted)] for answer in asked]
    return x, torch.tensor(wanted)


def _average(averaged: nn.Sequential, network: nn.Sequential, decay: float) -> None:
    with torch.no_grad():
        for mean, now in zip(averaged.state_dict().values(), network.state_dict().values(), strict=True):
            if mean.dtype.is_floating_point:
                mean.lerp_(now, 1 - decay)
            else:
                mean.copy_(now)
