"""What an audit found in the data that the networks of a task learned from: plain data, read without torch.

`lightbox audit` writes it; ``models/<task>/data_audit.json`` is what ships. It holds paths relative to the data folder,
hashes and counts, no pixels.
"""

from __future__ import annotations

import json
import typing
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from lightbox.core import settings
from lightbox.core.errors import UserFacingError

if TYPE_CHECKING:
    from pathlib import Path

NAME = "data_audit.json"
VERSION = 1
HINT = "Make it again with `lightbox audit DATA --json FILE`."
IDENTICAL, ALIKE = "identical", "alike"


@dataclass(frozen=True, slots=True)
class Share:
    """How many pictures one class has in one split."""

    split: str
    label: str
    images: int


@dataclass(frozen=True, slots=True)
class Copies:
    """Byte-identical files.

    Args:
        sha256: of each of them.
        names: relative paths.
        splits: in which they lie.
        labels: under which; more than one is a conflict.
    """

    sha256: str
    names: tuple[str, ...]
    splits: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two files that hold the same picture though their bytes differ: stored again, resized, slightly cropped.

    Args:
        first: relative path; of byte-identical files one stands for all.
        second: likewise.
        correlation: of their fine structure once registered.
        splits: of the two.
        labels: of the two.
    """

    first: str
    second: str
    correlation: float
    splits: tuple[str, str]
    labels: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Leak:
    """A picture of the test or validation split that training has seen.

    Args:
        name: relative path.
        split: where it lies.
        label: its class.
        kind: "identical" or "alike".
        of: the training picture that it copies.
        correlation: 1 for identical files.
    """

    name: str
    split: str
    label: str
    kind: str
    of: str
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
        date: ISO date.
        lightbox_version: of the program.
        alike_threshold: correlation from which two files count as one picture.
        shares: pictures by split and class.
        sizes: pictures by "width x height", the most frequent first.
        more_sizes: how many other sizes there are.
        copies: groups of byte-identical files.
        alike: pairs of files that hold the same picture.
        close_pairs: pairs below the threshold that are still close: neighbouring slices, or a patient seen again.
        leaks: pictures outside the training split that training has seen.
        patients: who the pictures show.
        oddities: what stands out.
        unreadable: what cannot be decoded.
    """

    collection: str
    title: str
    images: int
    data_sha256: str
    date: str
    lightbox_version: str
    alike_threshold: float
    shares: tuple[Share, ...]
    sizes: dict[str, int]
    more_sizes: int
    copies: tuple[Copies, ...]
    alike: tuple[Alike, ...]
    close_pairs: int
    leaks: tuple[Leak, ...]
    patients: Patients
    oddities: tuple[Oddity, ...]
    unreadable: tuple[Unreadable, ...]

    @property
    def conflicts(self) -> tuple[tuple[str, ...], ...]:
        """Names of files that hold one picture under different labels."""
        identical = [row.names for row in self.copies if len(row.labels) > 1]
        return (*identical, *((row.first, row.second) for row in self.alike if len(set(row.labels)) > 1))

    def leaked(self, split: str = "test", kind: str = "") -> tuple[Leak, ...]:
        """The leaks of a split, of one kind or of both."""
        return tuple(row for row in self.leaks if row.split == split and kind in ("", row.kind))

    def images_in(self, split: str) -> int:
        return sum(row.images for row in self.shares if row.split == split)


def find_audit(task: str) -> DataAudit | None:
    """The audit of the data of a task's networks, or None where there is none.

    Raises:
        UserFacingError: it cannot be read.
    """
    path = settings.get_path("MODELS_DIR") / task / NAME
    return read_audit(path) if path.is_file() else None


def read_audit(path: Path) -> DataAudit:
    """The audit that `write_audit` wrote.

    Raises:
        UserFacingError: the file is missing, is no JSON, or of another form.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        audit: DataAudit = _build(DataAudit, {key: value for key, value in data.items() if key != "version"})
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserFacingError(f"The data audit {path.name} cannot be read ({error}).", HINT) from error
    return audit


def write_audit(audit: DataAudit, path: Path) -> None:
    """Save as JSON, one line a finding."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # The version is for whoever reads the file without this program; a reader of another form fails on its fields.
    parts = [f"{json.dumps(key)}: {_lines(value)}" for key, value in {"version": VERSION, **asdict(audit)}.items()]
    path.write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8")


def _lines(value: Any) -> str:
    if isinstance(value, tuple) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _build(kind: Any, value: Any) -> Any:
    """JSON to the dataclasses, by their type hints; what is missing or too much is an error."""
    if isinstance(kind, type) and is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        names = {row.name for row in fields(kind)}
        if set(value) != names:
            raise ValueError(f"fields {', '.join(sorted(set(value) ^ names))}")
        return kind(**{name: _build(hints[name], part) for name, part in value.items()})
    if typing.get_origin(kind) is tuple:
        inner = typing.get_args(kind)[0]
        return tuple(_build(inner, part) for part in value)
    if kind is float:
        return float(value)
    plain = typing.get_origin(kind) or kind
    if not isinstance(value, plain):
        raise TypeError(f"{value!r} is not {plain.__name__}")
    return value
