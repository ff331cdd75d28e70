"""Which files the networks of a task were trained on: so that a test set can say how many of its files they know.

``models/<task>/<network>/training_files.txt`` ships, written by `lightbox train`. Networks that were trained before it
did so share one of their task, ``models/<task>/training_files.txt``. Both hold hashes alone, from which no file and no
name can be made again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lightbox.core import settings
from lightbox.core.errors import UserFacingError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lightbox.networks.card import Card

NAME = "training_files.txt"
# Of a sha256, in hexadecimal: of a hundred thousand files, two agree in them with a chance of one in four thousand
# million.
DIGITS = 16


@dataclass(frozen=True, slots=True)
class TrainingFiles:
    """The files that training has seen, its validation split included.

    Args:
        data_sha256: of the data set, as in its audit.
        hashes: the first digits of the sha256 of each file.
    """

    data_sha256: str
    hashes: frozenset[str]

    def knows(self, sha256: str) -> bool:
        """Whether a file is, byte for byte, one of them. Another file of the same picture is not noticed."""
        return sha256[:DIGITS] in self.hashes


def find_training_files(card: Card, *, shared: Path | None = None) -> TrainingFiles | None:
    """Those of a network; None where they are not listed, or the list is of other data than it learned from.

    Args:
        card: of the network, whose own list counts before any other.
        shared: folder of the list of all networks of its task; None for the one under ``LIGHTBOX_MODELS_DIR``.

    Raises:
        UserFacingError: the list cannot be read.
    """
    for folder in (card.folder, shared or settings.get_path("MODELS_DIR") / card.task):
        path = folder / NAME
        if path.is_file():
            found = read_training_files(path)
            return found if card.training.get("published_sha256") == found.data_sha256 else None
    return None


def read_training_files(path: Path) -> TrainingFiles:
    """The list that `write_training_files` wrote.

    Raises:
        UserFacingError: it is missing or of another form.
    """
    try:
        data_sha256, *hashes = map(_check, path.read_text(encoding="ascii").split())
    except (OSError, ValueError) as error:
        sentence = f"The list of training files {path.name} cannot be read ({error})."
        raise UserFacingError(sentence, "Make it again with `lightbox audit DATA --json FILE`.") from error
    return TrainingFiles(data_sha256, frozenset(hashes))


def write_training_files(path: Path, data_sha256: str, sha256s: Iterable[str]) -> None:
    """Save a list: the data set's hash, then the files' in their order."""
    lines = [data_sha256, *sorted({each[:DIGITS] for each in sha256s})]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def _check(line: str) -> str:
    if len(line) not in {DIGITS, 64} or int(line, 16) < 0:
        raise ValueError(f"{line[:DIGITS]!r} is no hash")
    return line
