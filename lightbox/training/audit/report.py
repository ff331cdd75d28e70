"""An audit in words: Markdown that reads well as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.core import notice
from lightbox.provenance.data_audit import IDENTICAL
from lightbox.training.datasets import SPLITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lightbox.provenance.data_audit import DataAudit

MOST_LISTED = 500


def report(audit: DataAudit) -> str:
    """The whole report."""
    parts = [
        f"# Data audit: {audit.title}",
        (f"{audit.images} images, {audit.date}, lightbox {audit.lightbox_version}, data {audit.data_sha256[:12]}."),
        *_balance(audit),
        *_leaks(audit),
        *_copies(audit),
        *_conflicts(audit),
        *_patients(audit),
        *_oddities(audit),
        *_files(audit),
        notice.TEXT,
    ]
    return "\n\n".join(parts) + "\n"


def summary(audit: DataAudit) -> list[str]:
    """The findings in one sentence each, the gravest first."""
    sentences = []
    for split in ("test", "validation"):
        leaks = audit.leaked(split)
        if leaks:
            identical = len(audit.leaked(split, IDENTICAL))
            sentences.append(
                f"{len(leaks)} of {audit.images_in(split)} {split} images are also in the training split: "
                f"{identical} byte for byte, {len(leaks) - identical} as another file of the same picture."
            )
    if audit.conflicts:
        sentences.append(f"{len(audit.conflicts)} pictures stand under more than one label.")
    if audit.patients.shared:
        sentences.append(f"{len(audit.patients.shared)} patient numbers occur in more than one split.")
    if audit.unreadable:
        sentences.append(f"{len(audit.unreadable)} files cannot be decoded.")
    return sentences or ["No leak, no label conflict, no unreadable file was found."]


def _balance(audit: DataAudit) -> Iterator[str]:
    yield "\n".join(f"- {sentence}" for sentence in summary(audit))
    yield "## Classes"
    labels = sorted({row.label for row in audit.shares})
    splits = [split for split in SPLITS if audit.images_in(split)]
    counts = {(row.split, row.label): row.images for row in audit.shares}
    rows = [
        (label, *(f"{counts.get((split, label), 0)} ({_share(audit, counts, split, label):.1%})" for split in splits))
        for label in labels
    ]
    yield _table(("class", *splits), rows)


def _share(audit: DataAudit, counts: dict[tuple[str, str], int], split: str, label: str) -> float:
    return counts.get((split, label), 0) / audit.images_in(split)


def _leaks(audit: DataAudit) -> Iterator[str]:
    yield "## Leaks"
    if not audit.leaks:
        yield "None found."
        return
    yield (
        f'"Alike" is the same picture in another file: its fine structure, registered, correlates by '
        f"{audit.alike_threshold:g} or more."
    )
    yield _table(
        ("image", "label", "kind", "training image", "correlation"),
        [
            (
                audit.files[leak.file].name,
                audit.files[leak.file].label,
                leak.kind,
                audit.files[leak.of].name,
                f"{leak.correlation:.4f}",
            )
            for leak in audit.leaks
        ],
    )


def _copies(audit: DataAudit) -> Iterator[str]:
    yield "## Copies"
    across = sum(audit.across((row.first, row.second)) for row in audit.alike)
    yield (
        f"{len(audit.copies)} groups of byte-identical files, "
        f"{sum(audit.across(row.files) for row in audit.copies)} of them across splits. "
        f"{len(audit.alike)} pairs of different files with the same picture, {across} of them across splits. "
        f"{len(audit.close)} further pairs are close, as neighbouring slices or repeated films of one patient are."
    )
    if audit.copies:
        yield _table(
            ("byte-identical files", "sha256"),
            [(", ".join(audit.files[place].name for place in row.files), row.sha256[:16]) for row in audit.copies],
        )
    if audit.alike:
        yield _table(
            ("image", "the same picture in", "correlation"),
            [
                (audit.files[row.first].name, audit.files[row.second].name, f"{row.correlation:.4f}")
                for row in audit.alike
            ],
        )


def _conflicts(audit: DataAudit) -> Iterator[str]:
    yield "## Label conflicts"
    rows = (", ".join(f"{file.name} ({file.label})" for file in files) for files in audit.conflicts)
    yield "\n".join(f"- {row}" for row in rows) or "None found."


def _patients(audit: DataAudit) -> Iterator[str]:
    yield "## Patients"
    found = audit.patients
    if not found.known:
        yield f"Not known. {found.note}".strip()
        return
    words = f"{found.known} of {audit.images} images name one of {found.count} patients. {found.note}"
    yield words.strip()
    if found.shared:
        yield f"In more than one split: {', '.join(found.shared)}."


def _oddities(audit: DataAudit) -> Iterator[str]:
    yield "## What stands out"
    if not audit.oddities:
        yield "Nothing, by the rules tried."
    for row in audit.oddities:
        classes = ", ".join(f"{label} {count}" for label, count in row.by_class.items())
        more = f" and {row.total - len(row.names)} more" if row.total > len(row.names) else ""
        yield f"**{row.rule}**: {row.total} images ({classes}). {row.sentence}\n\n{', '.join(row.names)}{more}"


def _files(audit: DataAudit) -> Iterator[str]:
    yield "## Files"
    sizes = ", ".join(f"{size}: {count}" for size, count in audit.sizes.items())
    yield f"Sizes: {sizes or 'none'}" + (f", and {audit.more_sizes} other sizes." if audit.more_sizes else ".")
    yield "\n".join(f"- {row.name}: {row.reason}" for row in audit.unreadable) or "Every file can be decoded."


def _table(head: Iterable[str], rows: list[tuple[str, ...]]) -> str:
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *rows[:MOST_LISTED]]
    text = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
    more = f"\n\n{len(rows) - MOST_LISTED} more are in the JSON." if len(rows) > MOST_LISTED else ""
    return text + more
