"""A comparison computed in this very process: for the shell and for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lightbox.comparison.comparison import Comparison, Panel
from lightbox.core.errors import UserFacingError
from lightbox.explainers import run
from lightbox.imaging.views import Views
from lightbox.networks import NETWORKS, load_checkpoint
from lightbox.scan_check.check import KINDS
from lightbox.scan_check.concern import find_concern

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lightbox.comparison.choice import Choice
    from lightbox.explainers import Attribution
    from lightbox.imaging.scan import Scan
    from lightbox.networks import Card


def compare(
    scan: Scan,
    cards: Mapping[str, Card],
    choice: Choice,
    *,
    on_map: Callable[[str, str], None] | None = None,
) -> Comparison:
    """Every chosen method on every chosen network, one after the other.

    Args:
        scan: the scan.
        cards: checkpoints, by network key.
        choice: methods, classes, parameters.
        on_map: called with network and method before each map.

    Returns:
        The comparison. A map that could not be made is a sentence in its panel's ``errors``; where the picture may
        be no upright scan of the kind, ``concern`` says so.

    Raises:
        UserFacingError: a checkpoint cannot be loaded, or its answer is no number (`LogitError`).
    """
    concern = find_concern(scan.pixels, scan.modality)
    views = Views(scan)
    panels = tuple(_panel(views, card, choice, on_map) for card in cards.values())
    return Comparison(scan, scan.modality, panels, concern, checked=scan.modality in KINDS)


def _panel(views: Views, card: Card, choice: Choice, on_map: Callable[[str, str], None] | None) -> Panel:
    network = load_checkpoint(card)
    prepared = views.prepared(card.preprocessing)
    x = network.to_input(prepared.pixels)
    logits = network.logits(x)[0]
    attributions: dict[str, Attribution] = {}
    errors: dict[str, str] = {}
    for method in choice.methods:
        if on_map is not None:
            on_map(card.network, method)
        try:
            target = choice.target(method, card.classes, logits.tolist())
            params: dict[str, Any] = dict(choice.params(method, network.spec))
            attributions[method] = run(method, network, x, target, **params)
        except UserFacingError as error:
            errors[method] = str(error)
    return Panel(
        network=card.network,
        title=NETWORKS[card.network].title,
        weights_sha256=card.sha256,
        classes=card.classes,
        class_titles=card.class_titles,
        logits=tuple(logits.tolist()),
        probabilities=tuple(network.probabilities(logits).tolist()),
        prepared=prepared.pixels,
        box=prepared.box,
        preprocessing=card.preprocessing,
        attributions=attributions,
        errors=errors,
    )
