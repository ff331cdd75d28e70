"""Which scans of a test set a network has never seen: the only ones that say how good it is. One rule for all pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from lightbox.metrics.predictions import Predictions
    from lightbox.networks.card import Card
    from lightbox.provenance.data_audit import DataAudit

# Every test scan; those that are byte for byte no training file; those whose picture is new, also stored differently.
ALL, UNLEAKED, NEW = "all", "unleaked", "new"
# Another test set: pictures of further sources that were held out from the training data, none of which looks like one.
NEW_SOURCES = "new_sources"


def find_seen(audit: DataAudit | None, cards: Iterable[Card | None]) -> set[str]:
    """Names of the test pictures that training has seen, as the audit found; none where it is of other data.

    Args:
        audit: of the task's data; None where there is none.
        cards: of the networks that are asked about; None for one without a card.
    """
    known = audit is not None and all(card is None or audit.of_data_of(card) for card in cards)
    return audit.leaked_names() if audit is not None and known else set()


def keep_new(answers: Predictions, seen: AbstractSet[str]) -> Predictions:
    """The answers on pictures that are not among those that training has seen."""
    return answers.take(np.array([name not in seen for name in answers.names], dtype=np.bool_))


def keep_strictest(answers: Predictions, seen: AbstractSet[str]) -> tuple[str, Predictions]:
    """The answers that are honest, and which they are: `NEW`, `UNLEAKED`, or `ALL` where training has seen none.

    Args:
        answers: of one network on its test set.
        seen: from `find_seen`.
    """
    unleaked = answers.without_leaked()
    new = keep_new(unleaked, seen)
    if len(new) < len(unleaked):
        return NEW, new
    return (UNLEAKED, unleaked) if len(unleaked) < len(answers) else (ALL, answers)
