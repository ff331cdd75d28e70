"""Who may use which seeds: a seed is a patient, and no network may be asked about a patient that it learned from.

Each range has one purpose. Only seeds of `TRAINING` and `SHORTCUT` are ever learned from; those above all are free.
"""

from __future__ import annotations

from lightbox.core.errors import UserFacingError

# The shipped samples, tests, and sets that people make to look at.
SAMPLES = range(900_000)
# The shipped table of `lightbox evaluate localisation`.
TABLE = range(900_000, 1_000_000)
# Sets for `lightbox train --phantoms`.
TRAINING = range(1_000_000, 2_000_000)
# What Ground truth tries on new scans, and the scans of the embeddings. The two share patients; neither trains.
FRESH = range(2_000_000, 3_000_000)
# The networks that learn a shortcut on purpose, and the scans that show it.
SHORTCUT = range(3_000_000, 4_000_000)
_LEARNED = ((TRAINING, "networks are trained on"), (SHORTCUT, "the Clever Hans networks are trained on"))


def check_not_learned(seeds: range) -> None:
    """Refuse seeds that a network may have learned from.

    Raises:
        UserFacingError: some of them are kept for training.
    """
    for kept, use in _LEARNED:
        if seeds.start < kept.stop and kept.start < seeds.stop:
            raise UserFacingError(
                f"The seeds {in_words(seeds)} reach into {in_words(kept)}, which {use}.",
                f"Choose fewer scans, or seeds within {in_words(SAMPLES)}, {in_words(TABLE)} or {in_words(FRESH)}.",
            )


def in_words(seeds: range) -> str:
    """Such as "1000000 to 1999999"."""
    return f"{seeds.start} to {seeds.stop - 1}"
