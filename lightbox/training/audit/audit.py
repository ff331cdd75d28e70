"""A data set examined: copies, leaks, conflicts, patients, balance, oddities."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from lightbox.core.program_version import version_text
from lightbox.provenance.data_audit import (
    ALIKE,
    IDENTICAL,
    Alike,
    Copies,
    DataAudit,
    File,
    Leak,
    Patients,
    Share,
    Unreadable,
)
from lightbox.training.audit.likeness import Pair, find_alike
from lightbox.training.audit.oddities import find_oddities
from lightbox.training.audit.reading import Reading, read_files
from lightbox.training.datasets import SPLITS, data_sha256, list_examples
from lightbox.training.datasets.manifest import NAME as MANIFEST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from lightbox.training.datasets import Example

    _Leak = tuple[Example, str, Example, float]

# Measured on 3264 brain slices: files of one picture correlate by 0.97 and more, neighbouring slices of one patient
# by 0.96 and less. On 5840 chest films nothing but copies of one film comes near.
THRESHOLD = 0.965
CLOSE = 0.9
MOST_SIZES = 12


def audit(
    data: Path,
    task: str = "",
    *,
    collection: str = "",
    on_file: Callable[[int, int], None] | None = None,
) -> DataAudit:
    """Read every file of a data set once, and say what is wrong with it.

    Args:
        data: folder of the pictures.
        task: which data of a manifest of several.
        collection: key of the collection; empty to recognise it.
        on_file: called with (read, all) while files are read.

    Raises:
        UserFacingError: the folder is absent or laid out in no known way.
    """
    chosen, examples = list_examples(data, task, collection=collection)
    readings = read_files(examples, on_file)
    groups = _by_content(readings)
    pairs = _alike_pairs(groups)
    same = [pair for pair in pairs if pair.correlation >= THRESHOLD]
    sizes = Counter(f"{row.look.width} x {row.look.height}" for row in readings if row.look is not None)
    found = [replace(row.example, sha256=row.sha256) for row in readings]
    counts = Counter((row.example.split, row.example.label) for row in readings)
    copies = [group for group in groups if len(group) > 1]
    leaks = _find_leaks(groups, same)
    files = _Files()
    return DataAudit(
        collection=chosen.key,
        title=f"{task}, as {MANIFEST} lists it" if task and chosen.key == "manifest" else chosen.title,
        images=len(readings),
        data_sha256=data_sha256(found),
        parts=_hash_parts(found),
        date=datetime.now(UTC).date().isoformat(),
        lightbox_version=version_text(),
        alike_threshold=THRESHOLD,
        shares=tuple(
            Share(split, label, counts[split, label])
            for split, label in sorted(counts, key=lambda key: (SPLITS.index(key[0]), key[1]))
        ),
        sizes=dict(sizes.most_common(MOST_SIZES)),
        more_sizes=max(0, len(sizes) - MOST_SIZES),
        copies=tuple(Copies(group[0].sha256, tuple(files.place(row.example) for row in group)) for group in copies),
        alike=tuple(files.pair(groups, pair) for pair in same),
        close=tuple(files.pair(groups, pair) for pair in pairs if pair.correlation < THRESHOLD),
        leaks=tuple(
            Leak(files.place(example), kind, files.place(of), correlation) for example, kind, of, correlation in leaks
        ),
        files=tuple(files.listed),
        patients=_patients(readings, chosen.note),
        oddities=find_oddities(readings),
        unreadable=tuple(Unreadable(row.example.name, row.problem) for row in readings if row.problem),
    )


def _hash_parts(examples: Sequence[Example]) -> dict[str, str]:
    """The hash of each data set alone; empty where there is one."""
    names = sorted({example.dataset for example in examples})
    parts = {name: data_sha256([row for row in examples if row.dataset == name]) for name in names}
    return parts if len(parts) > 1 else {}


def _by_content(readings: Sequence[Reading]) -> list[list[Reading]]:
    """Groups of byte-identical files, most of them of one."""
    groups: defaultdict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        groups[reading.sha256].append(reading)
    return list(groups.values())


def _alike_pairs(groups: Sequence[Sequence[Reading]]) -> list[Pair]:
    """Pairs of groups, by their places, from `CLOSE` on."""
    places = [place for place, group in enumerate(groups) if group[0].thumbnail is not None]
    if not places:
        return []
    thumbnails = [groups[place][0].thumbnail for place in places]
    pairs = find_alike(np.stack([thumbnail for thumbnail in thumbnails if thumbnail is not None]), CLOSE)
    return [Pair(places[pair.first], places[pair.second], round(pair.correlation, 4)) for pair in pairs]


class _Files:
    """The files that findings are about, each listed once."""

    def __init__(self) -> None:
        self.listed: list[File] = []
        self._places: dict[str, int] = {}

    def place(self, example: Example) -> int:
        if example.name not in self._places:
            self._places[example.name] = len(self.listed)
            self.listed.append(File(example.name, example.split, example.label))
        return self._places[example.name]

    def pair(self, groups: Sequence[Sequence[Reading]], pair: Pair) -> Alike:
        first, second = (groups[place][0].example for place in (pair.first, pair.second))
        return Alike(self.place(first), self.place(second), pair.correlation)


def _find_leaks(groups: Sequence[Sequence[Reading]], pairs: Sequence[Pair]) -> list[_Leak]:
    """(picture, kind, training picture, correlation) of every picture outside training that training shows too.

    A picture that is alike to a test picture which is alike to a training picture is a leak as well: copies of one
    picture are tied in a chain.
    """
    training = {
        place: next(row.example for row in group if row.example.split == "train")
        for place, group in enumerate(groups)
        if any(row.example.split == "train" for row in group)
    }
    reached = dict.fromkeys(training, 1.0)
    source = dict(training)
    # The widest path: the weakest pair of the chain counts. Pairs come the most alike first.
    changed = True
    while changed:
        changed = False
        for pair in pairs:
            for here, there in ((pair.first, pair.second), (pair.second, pair.first)):
                strength = min(reached.get(here, -1.0), pair.correlation)
                if strength > reached.get(there, -1.0):
                    reached[there], source[there], changed = strength, source[here], True
    leaks: list[_Leak] = []
    for place, group in enumerate(groups):
        if place not in source:
            continue
        kind = IDENTICAL if place in training else ALIKE
        leaks += [(row.example, kind, source[place], reached[place]) for row in group if row.example.split != "train"]
    return sorted(leaks, key=lambda leak: leak[0].name)


def _patients(readings: Sequence[Reading], note: str) -> Patients:
    splits: defaultdict[str, set[str]] = defaultdict(set)
    for row in readings:
        if row.example.patient:
            splits[row.example.patient].add(row.example.split)
    known = sum(bool(row.example.patient) for row in readings)
    return Patients(known, len(splits), tuple(sorted(key for key, found in splits.items() if len(found) > 1)), note)
