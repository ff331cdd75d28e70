"""What an audit found in the data that the networks of a task learned from: plain data, read without torch.

`lightbox audit` writes it; ``models/<task>/data_audit.json`` is what ships. It holds paths relative to the data folder,
hashes and counts, no pixels.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lightbox.core import records, settings
from lightbox.core.errors import UserFacingError
from lightbox.core.merge_groups import unite

if TYPE_CHECKING:
    from pathlib import Path

    from lightbox.networks.card import Card

NAME = "data_audit.json"
HINT = "Make it again with `lightbox audit DATA --json FILE`."
IDENTICAL, ALIKE = "identical", "alike"


@dataclass(frozen=True, slots=True)
class Share:
    """How many pictures one class has in one split."""

    split: str
    label: str
    images: int


@dataclass(frozen=True, slots=True)
class File:
    """A file that a finding is about: its path relative to the data folder, where it lies and under which class."""

    name: str
    split: str
    label: str


@dataclass(frozen=True, slots=True)
class Copies:
    """Byte-identical files: the sha256 of each of them, and their places in the audit's ``files``."""

    sha256: str
    files: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two files that hold the same picture though their bytes differ: stored again, resized, slightly cropped.

    Args:
        first: place in the audit's ``files``; of byte-identical files one stands for all.
        second: likewise.
        correlation: of their fine structure once registered.
    """

    first: int
    second: int
    correlation: float


@dataclass(frozen=True, slots=True)
class Leak:
    """A picture of the test or validation split that training has seen.

    Args:
        file: place in the audit's ``files``.
        kind: "identical" or "alike".
        of: the training picture that it copies, likewise.
        correlation: 1 for identical files; else of the weakest pair between the two.
    """

    file: int
    kind: str
    of: int
    correlation: float


@dataclass(frozen=True, slots=True)
class Patients:
    """Who the pictures show.

    Args:
        known: pictures whose patient is known.
        count: different patients.
        shared: patients whose number occurs in more than one split.
        note: what is documented about the numbers, and what is not.
    """

    known: int
    count: int
    shared: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Oddity:
    """Pictures that stand out by one rule.

    Args:
        rule: key of the rule.
        sentence: what the rule measures, and its limit.
        names: relative paths, or the first so many.
        total: how many in all.
        by_class: how many in each class.
    """

    rule: str
    sentence: str
    names: tuple[str, ...]
    total: int
    by_class: dict[str, int]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that is no picture that can be decoded."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class DataAudit:
    """Everything that an audit found.

    Args:
        collection: key of the collection.
        title: of the collection.
        images: files listed.
        data_sha256: over names, labels, splits and contents.
        parts: the same over each data set alone, by its name, where a manifest lists several.
        date: ISO date.
        lightbox_version: of the program.
        alike_threshold: correlation from which two files count as one picture.
        shares: pictures by split and class.
        sizes: pictures by "width x height", the most frequent first.
        more_sizes: how many other sizes there are.
        files: those that a finding below is about.
        copies: groups of byte-identical files.
        alike: pairs of files that hold the same picture.
        close: pairs below the threshold that are still close: neighbouring slices, or a patient seen again.
        leaks: pictures outside the training split that training has seen.
        patients: who the pictures show.
        oddities: what stands out.
        unreadable: what cannot be decoded.
    """

    collection: str
    title: str
    images: int
    data_sha256: str
    parts: dict[str, str]
    date: str
    lightbox_version: str
    alike_threshold: float
    shares: tuple[Share, ...]
    sizes: dict[str, int]
    more_sizes: int
    files: tuple[File, ...]
    copies: tuple[Copies, ...]
    alike: tuple[Alike, ...]
    close: tuple[Alike, ...]
    leaks: tuple[Leak, ...]
    patients: Patients
    oddities: tuple[Oddity, ...]
    unreadable: tuple[Unreadable, ...]

    @property
    def conflicts(self) -> tuple[tuple[File, ...], ...]:
        """Files that hold one picture, whether or not their bytes are equal, under different labels."""
        return tuple(files for files in self.same_picture() if len({file.label for file in files}) > 1)

    def same_picture(self) -> tuple[tuple[File, ...], ...]:
        """Groups of files that hold one picture, tied by their bytes or by a chain of pairs that are alike."""
        return self._tied(self.alike)

    def look_alikes(self) -> tuple[tuple[File, ...], ...]:
        """Groups of files tied by pairs that are alike or only close: neighbouring slices, or a patient seen again."""
        return self._tied((*self.alike, *self.close))

    def _tied(self, pairs: tuple[Alike, ...]) -> tuple[tuple[File, ...], ...]:
        tied = [row.files for row in self.copies] + [(row.first, row.second) for row in pairs]
        groups: defaultdict[int, list[File]] = defaultdict(list)
        for place, stands in sorted(unite(tied).items()):
            groups[stands].append(self.files[place])
        return tuple(map(tuple, groups.values()))

    def leaked(self, split: str = "test", kind: str = "") -> tuple[Leak, ...]:
        """The leaks of a split, of one kind or of both."""
        return tuple(row for row in self.leaks if self.files[row.file].split == split and kind in {"", row.kind})

    def leaked_names(self, split: str = "test") -> set[str]:
        """Names of the leaked pictures of a split."""
        return {self.files[row.file].name for row in self.leaked(split)}

    def across(self, places: tuple[int, ...]) -> bool:
        """Whether these files lie in more than one split."""
        return len({self.files[place].split for place in places}) > 1

    def of_data_of(self, card: Card) -> bool:
        """Whether a network was trained on these data or on one of the data sets that they are, as its card says.

        Of a network that learned from a part, what training has seen is then told from the whole: rather too much.
        """
        learned = card.training.get("published_sha256", self.data_sha256)
        return learned == self.data_sha256 or learned in self.parts.values()

    def images_in(self, split: str) -> int:
        return sum(row.images for row in self.shares if row.split == split)


def audit_path(task: str) -> Path:
    """Where the audit of the data of a task's networks lies, if there is one."""
    return settings.get_path("MODELS_DIR") / task / NAME


def audit_of_split(card: Card) -> Path:
    """Where the audit lies that a network's validation split was drawn with: its own, where it has one, or the task's.

    An audit of more data finds other pairs, so that the same seed holds other pictures out.
    """
    own = card.folder / NAME
    return own if own.is_file() else audit_path(card.task)


def find_audit(task: str) -> DataAudit | None:
    """The audit of the data of a task's networks, or None where there is none.

    Raises:
        UserFacingError: it cannot be read.
    """
    path = audit_path(task)
    return read_audit(path) if path.is_file() else None


def read_audit(path: Path) -> DataAudit:
    """The audit that `write_audit` wrote.

    Raises:
        UserFacingError: the file is missing, is no JSON, or of another form.
    """
    try:
        found: DataAudit = records.from_text(DataAudit, path.read_text(encoding="utf-8"))
        _check_places(found)
    except (OSError, ValueError, TypeError) as error:
        raise UserFacingError(f"The data audit {path.name} cannot be read ({error}).", HINT) from error
    return found


def write_audit(audit: DataAudit, path: Path) -> None:
    """Save as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(records.to_text(audit), encoding="utf-8")


def _check_places(audit: DataAudit) -> None:
    places = [place for row in audit.copies for place in row.files]
    places += [place for pair in (*audit.alike, *audit.close) for place in (pair.first, pair.second)]
    places += [place for leak in audit.leaks for place in (leak.file, leak.of)]
    if places and not 0 <= min(places) <= max(places) < len(audit.files):
        raise ValueError("a finding is about a file that is not listed")
