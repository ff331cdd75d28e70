"""What a worker does with a few files of somebody's test set: decodes each in its own child, and asks the networks."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from lightbox.core.errors import UserFacingError
from lightbox.imaging.decode import decode
from lightbox.imaging.preprocess import prepare
from lightbox.jobs import _networks
from lightbox.testsets.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lightbox.jobs.request import Progress
    from lightbox.networks.card import Card

NOT_FINITE = "A network gave a number that is not finite; its checkpoint is damaged."


def judge(*, cards: Sequence[Card], files: Sequence[bytes], progress: Progress) -> list[Verdict]:
    """One verdict a file, in their order; a file that cannot be read is a verdict that says why.

    Raises:
        UserFacingError: a checkpoint cannot be loaded.
    """
    views: list[dict[str, NDArray[np.float32]] | str] = []
    for number, content in enumerate(files):
        progress(0.9 * number / len(files))
        try:
            scan = decode(content, cards[0].task)
            views.append({card.network: prepare(scan.pixels, card.preprocessing).pixels for card in cards})
        except UserFacingError as error:
            views.append(error.message)
    readable = [number for number, view in enumerate(views) if not isinstance(view, str)]
    answers: list[dict[str, NDArray[np.float32]]] = [{} for _ in files]
    for card in cards:
        progress(0.9)
        for number, row in zip(readable, _ask(card, [views[place] for place in readable]), strict=True):
            answers[number][card.network] = row
    return [
        Verdict(hashlib.sha256(content).hexdigest(), _complaint(view, own), own)
        for content, view, own in zip(files, views, answers, strict=True)
    ]


def _ask(card: Card, views: Sequence[dict[str, NDArray[np.float32]] | str]) -> NDArray[np.float32]:
    """(N, classes) probabilities."""
    pixels = [view[card.network] for view in views if not isinstance(view, str)]
    if not pixels:
        return np.empty((0, len(card.classes)), dtype=np.float32)
    with _networks.borrow(card) as network:
        x = network.to_input(np.stack(pixels)).to(_networks.device())
        probabilities: NDArray[np.float32] = network.logits(x).double().softmax(dim=1).float().cpu().numpy()
    return probabilities


def _complaint(view: dict[str, NDArray[np.float32]] | str, own: dict[str, NDArray[np.float32]]) -> str:
    if isinstance(view, str):
        return view
    return "" if all(np.isfinite(row).all() for row in own.values()) else NOT_FINITE
