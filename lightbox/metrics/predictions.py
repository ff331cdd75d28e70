"""What a network said of each scan of a set, beside what each scan is. Importing it loads no torch."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from lightbox.core.errors import UserFacingError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import ArrayLike, NDArray

    from lightbox.networks.card import Card

PREDICTIONS_NAME = "predictions.csv"
# On the test set of our own, where a network has one.
NEW_SOURCES_NAME = "predictions_new_sources.csv"
REPAIR = "Train the checkpoint again, or take the file from where it was published."
# Six decimals for each of a few classes: the sum strays by less than this.
SUM_TOLERANCE = 1e-4
_FIXED = ("path", "sha256", "label", "predicted", "leaked")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """A network's answers on N scans of C classes. N may be 0, and a class may have no scan.

    Args:
        task: key of the task.
        network: key of the architecture.
        classes: (C,) class keys in the order of the columns of ``probabilities``.
        names: (N,) paths relative to the data folder, or what else a person knows each scan by.
        sha256: (N,) of each file, 64 hexadecimal digits.
        labels: (N,) int64, the index of the true class.
        probabilities: (N, C) float32, rows summing to 1.
        leaked: (N,) bool, whether the file equals one that the network was trained on.

    Raises:
        ValueError: lengths differ, or a value is out of range.
    """

    task: str
    network: str
    classes: tuple[str, ...]
    names: tuple[str, ...]
    sha256: tuple[str, ...]
    labels: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    leaked: NDArray[np.bool_]

    def __post_init__(self) -> None:
        count, classes = len(self.names), len(self.classes)
        arrays = {
            "labels": _read_only(self.labels, np.int64),
            "probabilities": _read_only(self.probabilities, np.float32),
            "leaked": _read_only(self.leaked, np.bool_),
        }
        shapes = {"labels": (count,), "probabilities": (count, classes), "leaked": (count,)}
        for name, array in arrays.items():
            if array.shape != shapes[name]:
                raise ValueError(f"{name} of {count} scans and {classes} classes is {shapes[name]}, not {array.shape}")
            object.__setattr__(self, name, array)
        if len(self.sha256) != count:
            raise ValueError(f"{len(self.sha256)} hashes for {count} scans")
        labels, values = arrays["labels"], arrays["probabilities"]
        if ((labels < 0) | (labels >= classes)).any():
            raise ValueError("a label is no index of a class")
        if not np.isfinite(values).all() or (values < 0).any() or (values > 1).any():
            raise ValueError("a probability is not within 0..1")
        if (np.abs(values.sum(axis=1, dtype=np.float64) - 1) > SUM_TOLERANCE).any():
            raise ValueError("the probabilities of a scan do not sum to 1")

    def __len__(self) -> int:
        return len(self.names)

    @property
    def predicted(self) -> NDArray[np.int64]:
        """(N,) the index of the likeliest class; of equals the first."""
        likeliest: NDArray[np.int64] = self.probabilities.argmax(axis=1).astype(np.int64)
        return likeliest

    @property
    def right(self) -> NDArray[np.bool_]:
        """(N,) whether the likeliest class is the true one."""
        equal: NDArray[np.bool_] = self.predicted == self.labels
        return equal

    def take(self, kept: ArrayLike) -> Predictions:
        """The same for some of the scans: their indices in the order wanted, or an (N,) mask."""
        indices = np.arange(len(self))[np.asarray(kept)]
        return replace(
            self,
            names=tuple(self.names[index] for index in indices),
            sha256=tuple(self.sha256[index] for index in indices),
            labels=self.labels[indices],
            probabilities=self.probabilities[indices],
            leaked=self.leaked[indices],
        )

    def in_order(self, classes: Sequence[str]) -> Predictions:
        """The same answers with the classes, and so the columns, in another order.

        The class that is the likeliest stays so where another is exactly as probable.

        Raises:
            ValueError: these are not the same classes.
        """
        if tuple(classes) == self.classes:
            return self
        if sorted(classes) != sorted(self.classes):
            raise ValueError(f"{', '.join(classes)} are not the classes {', '.join(self.classes)}")
        places = np.array([self.classes.index(key) for key in classes], dtype=np.int64)
        to_new = np.argsort(places)
        values, predicted = self.probabilities[:, places], to_new[self.predicted]
        said = np.take_along_axis(values, predicted[:, None], axis=1)
        earlier = (values == said) & (np.arange(len(places)) < predicted[:, None])
        values = np.where(earlier, np.nextafter(values, np.float32(0)), values)
        return replace(self, classes=tuple(classes), labels=to_new[self.labels], probabilities=values)

    def without_leaked(self) -> Predictions:
        """The scans that the network was not trained on."""
        return self.take(~self.leaked)


def read_predictions(path: Path, card: Card) -> Predictions:
    """The answers in a checkpoint's predictions.csv, as `lightbox train` writes it.

    The file has six decimals. Where that makes two classes equal, the one that the file calls predicted stays the
    likeliest, by the smallest step a float32 can take.

    Raises:
        UserFacingError: the file is missing, is not such a table, or names a class that the card does not know.
    """
    try:
        with path.open(newline="", encoding="utf-8") as lines:
            reader = csv.DictReader(lines, strict=True)
            columns, rows = tuple(reader.fieldnames or ()), list(reader)
    except FileNotFoundError as error:
        raise UserFacingError(f"{_name(card)} has no {PREDICTIONS_NAME}.", REPAIR) from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserFacingError(f"The {PREDICTIONS_NAME} of {_name(card)} cannot be read ({error}).", REPAIR) from error
    _check_columns(columns, card)
    if not rows:
        raise UserFacingError(f"The {PREDICTIONS_NAME} of {_name(card)} holds no scan.", REPAIR)
    parsed = [_parse(row, line, card) for line, row in enumerate(rows, start=2)]
    names = tuple(row["path"] for row in rows)
    if len(set(names)) != len(names):
        twice = next(name for number, name in enumerate(names) if name in names[:number])
        raise UserFacingError(f"The {PREDICTIONS_NAME} of {_name(card)} has {twice} twice.", REPAIR)
    return Predictions(
        task=card.task,
        network=card.network,
        classes=card.classes,
        names=names,
        sha256=tuple(row["sha256"].lower() for row in rows),
        labels=np.array([label for label, _leaked, _values in parsed], dtype=np.int64),
        probabilities=np.array([values for _label, _leaked, values in parsed], dtype=np.float32),
        leaked=np.array([leaked for _label, leaked, _values in parsed], dtype=np.bool_),
    )


def _check_columns(columns: Sequence[str], card: Card) -> None:
    """Refuse a table of other columns than the card's classes ask for."""
    wanted = {*_FIXED, *(f"p_{key}" for key in card.classes)}
    absent = sorted(wanted - set(columns))
    if absent:
        raise UserFacingError(f"The {PREDICTIONS_NAME} of {_name(card)} has no column {', '.join(absent)}.", REPAIR)
    unknown = [column for column in columns if column.startswith("p_") and column not in wanted]
    if unknown or len(set(columns)) != len(columns):
        said = ", ".join(unknown) or "a column twice"
        raise UserFacingError(
            f"The {PREDICTIONS_NAME} of {_name(card)} has {said}, which does not fit the classes of its card: "
            f"{', '.join(card.classes)}.",
            REPAIR,
        )


def _parse(row: Mapping[str, Any], line: int, card: Card) -> tuple[int, bool, NDArray[np.float32]]:
    """The label, whether the file leaked, and the probabilities of one row.

    Raises:
        UserFacingError: names the line and what is wrong with it.
    """
    if None in row or None in row.values():
        raise _refused(card, line, "has more or fewer fields than the table has columns")
    if not row["path"] or not _SHA256.fullmatch(row["sha256"].lower()):
        raise _refused(card, line, "has no path, or a sha256 that is not 64 hexadecimal digits")
    for column in ("label", "predicted"):
        if row[column] not in card.classes:
            known = ", ".join(card.classes)
            raise _refused(card, line, f"names the class {row[column]!r}, but the network knows only {known}")
    if row["leaked"] not in {"true", "false"}:
        raise _refused(card, line, f"says leaked is {row['leaked']!r}, which is neither true nor false")
    try:
        values = np.array([float(row[f"p_{key}"]) for key in card.classes], dtype=np.float32)
    except ValueError:
        raise _refused(card, line, "has a probability that is not a number") from None
    # Written so that NaN fails too.
    if not ((values >= 0) & (values <= 1)).all() or not abs(float(values.sum(dtype=np.float64)) - 1) <= SUM_TOLERANCE:
        raise _refused(card, line, "has probabilities that are not within 0..1 or do not sum to 1")
    said = card.classes.index(row["predicted"])
    if values[said] < values.max():
        raise _refused(card, line, f"calls {row['predicted']} predicted, but another class is more probable")
    if int(values.argmax()) != said:
        others = np.arange(len(values)) != said
        values[others] = np.minimum(values[others], np.nextafter(values[said], np.float32(0)))
    return card.classes.index(row["label"]), row["leaked"] == "true", values


def _refused(card: Card, line: int, reason: str) -> UserFacingError:
    return UserFacingError(f"Line {line} of the {PREDICTIONS_NAME} of {_name(card)} {reason}.", REPAIR)


def _name(card: Card) -> str:
    return f"{card.task}/{card.network}"


def _read_only(values: Any, kind: type[np.generic]) -> NDArray[Any]:
    """A copy that nobody can change."""
    array = np.array(values, dtype=kind)
    array.setflags(write=False)
    return array
