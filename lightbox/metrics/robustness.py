"""How often a network is right when a scan comes turned, cropped, blurred, noisy, compressed or otherwise altered.

`lightbox evaluate robustness` writes it; ``models/<task>/<network>/robustness.json`` is what ships. Read without torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lightbox.core import records
from lightbox.core.errors import UserFacingError
from lightbox.metrics.intervals import wilson

if TYPE_CHECKING:
    from pathlib import Path

    from lightbox.networks.card import Card

ROBUSTNESS_NAME = "robustness.json"
HINT = "Make it again with `lightbox evaluate robustness`."
# The scans as they are.
UNALTERED = "none"


@dataclass(frozen=True, slots=True)
class Altered:
    """The scans under one alteration.

    Args:
        alteration: key, such as "rotation"; `UNALTERED` for the scans as they are.
        strength: in the alteration's own unit, such as degrees.
        right: how many scans the network calls right.
        same: how many it calls as it calls them unaltered, right or wrong.
    """

    alteration: str
    strength: float
    right: int
    same: int


@dataclass(frozen=True, slots=True)
class Robustness:
    """One network under all alterations, on the same scans.

    Args:
        task: key of the task.
        network: key of the architecture.
        weights_sha256: of the network that was asked.
        date: ISO date.
        seed: of the choice of scans, of noise and of directions.
        scans: how many, all of them new to the network.
        rows: the first is `UNALTERED`.
    """

    task: str
    network: str
    weights_sha256: str
    date: str
    seed: int
    scans: int
    rows: tuple[Altered, ...]

    def accuracy(self, row: Altered) -> tuple[float, tuple[float, float]]:
        """The share that is called right, and its Wilson interval at 95 %."""
        return row.right / self.scans, wilson(row.right, self.scans)


def find_robustness(card: Card) -> Robustness | None:
    """What was measured of a network; None where nothing was, or it was of other weights.

    Raises:
        UserFacingError: the file cannot be read.
    """
    path = card.folder / ROBUSTNESS_NAME
    if not path.is_file():
        return None
    found = read_robustness(path)
    return found if found.weights_sha256 == card.sha256 else None


def read_robustness(path: Path) -> Robustness:
    """The table that `write_robustness` wrote.

    Raises:
        UserFacingError: the file is missing, is no JSON, or of another form.
    """
    try:
        found: Robustness = records.from_text(Robustness, path.read_text(encoding="utf-8"))
        _check(found)
    except (OSError, ValueError, TypeError) as error:
        raise UserFacingError(f"The table {path.name} cannot be read ({error}).", HINT) from error
    return found


def _check(found: Robustness) -> None:
    if found.scans < 1 or not found.rows or found.rows[0].alteration != UNALTERED:
        raise ValueError("it holds no scans, or not the unaltered ones first")
    if any(not 0 <= count <= found.scans for row in found.rows for count in (row.right, row.same)):
        raise ValueError("more scans are right than there are")


def write_robustness(found: Robustness, path: Path) -> None:
    """Save as JSON, a line an alteration."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(records.to_text(found), encoding="utf-8")
