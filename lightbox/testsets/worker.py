"""What a worker does with a few files of somebody's test set: decodes each in its own child, and asks the networks."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from lightbox.core.errors import UserFacingError
from lightbox.imaging.decode import decode
from lightbox.imaging.views import Views
from lightbox.jobs.worker import held_networks
from lightbox.networks.finite import LogitError
from lightbox.scan_check.concern import find_concern
from lightbox.testsets.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lightbox.jobs.request import Progress
    from lightbox.networks import Card, Network

# The prepared pixels of one file, by network.
View = dict[str, "NDArray[np.float32]"]


def judge(*, cards: Sequence[Card], files: Sequence[bytes], progress: Progress) -> list[Verdict]:
    """One verdict a file, in their order; a file that cannot be read is a verdict that says why.

    Raises:
        UserFacingError: a checkpoint cannot be loaded.
    """
    views: list[View | str] = []
    concerns = [""] * len(files)
    for number, content in enumerate(files):
        progress(0.9 * number / len(files))
        try:
            seen = Views(decode(content, cards[0].task))
            concerns[number] = str(find_concern(seen.scan.pixels, cards[0].task) or "")
            views.append({card.network: seen.prepared(card.preprocessing).pixels for card in cards})
        except UserFacingError as error:
            views.append(error.message)
    answers: list[dict[str, NDArray[np.float32]]] = [{} for _ in files]
    for card in cards:
        progress(0.9)
        for number, row in enumerate(_ask(card, views)):
            if isinstance(row, str):
                views[number] = row
            elif row is not None:
                answers[number][card.network] = row
    return [
        Verdict(hashlib.sha256(content).hexdigest(), view if isinstance(view, str) else "", own, concern)
        for content, view, own, concern in zip(files, views, answers, concerns, strict=True)
    ]


def _ask(card: Card, views: Sequence[View | str]) -> list[NDArray[np.float32] | str | None]:
    """For each file the (classes,) probabilities, why there are none, or None where it was not readable."""
    pixels = {number: view[card.network] for number, view in enumerate(views) if not isinstance(view, str)}
    found: list[NDArray[np.float32] | str | None] = [None] * len(views)
    if not pixels:
        return found
    with held_networks.borrow(card) as network:
        try:
            rows: Sequence[NDArray[np.float32] | str] = list(_probabilities(network, np.stack(list(pixels.values()))))
        except LogitError as error:
            # Of damaged weights no scan has an answer; else only some scans have none.
            rows = [error.message if error.damaged else _ask_one(network, one) for one in pixels.values()]
    for number, row in zip(pixels, rows, strict=True):
        found[number] = row
    return found


def _ask_one(network: Network, pixels: NDArray[np.float32]) -> NDArray[np.float32] | str:
    try:
        answer: NDArray[np.float32] = _probabilities(network, pixels[None])[0]
    except LogitError as error:
        return error.message
    return answer


def _probabilities(network: Network, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, classes) float32 of (N, size, size) prepared pixels.

    Raises:
        LogitError: one of the answers is no number.
    """
    logits = network.logits(network.to_input(pixels).to(held_networks.device()))
    probabilities: NDArray[np.float32] = network.probabilities(logits).cpu().numpy()
    return probabilities
