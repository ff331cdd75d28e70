"""What is wrong with the data that a task's networks learned from, and what it means for their figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.shell.language import _
from lightbox.core.tasks import TASKS
from lightbox.networks import NETWORKS
from lightbox.provenance.data_audit import ALIKE, IDENTICAL, NAME, find_audit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.networks import Card
    from lightbox.provenance.data_audit import DataAudit, Oddity

SPLITS = {"train": "Training", "validation": "Validation", "test": "Test"}
KINDS = {IDENTICAL: "byte for byte", ALIKE: "another file of the same picture"}
RULES = {
    "tiny": "Tiny",
    "extreme_aspect": "Very long or wide",
    "nearly_blank": "Nearly blank",
    "in_colour": "In colour",
    "bright_background": "Bright background",
    "unusual_brightness": "Unusual brightness",
}
LIST_HEIGHT = 320


def show(task: str, cards: Mapping[str, Card]) -> None:
    """One sentence that matters, the classes, and lists of what was found on demand.

    Args:
        task: key of the task.
        cards: of its networks; one that was trained on other data than were audited is named.
    """
    audit = find_audit(task)
    if audit is None:
        st.info(_("The data of this task have not been audited. `lightbox audit DATA --json FILE` does it."))
        return
    others = [NETWORKS[key].title for key, card in cards.items() if not audit.of_data_of(card)]
    if others:
        st.warning(
            _(
                "{names} learned from other data than these, so what follows says nothing of it. Audit its data: "
                "`lightbox audit DATA --task {task} --json FILE`, and put FILE in place of {file}."
            ).format(names=", ".join(others), task=task, file=f"{task}/{NAME}"),
            icon=":material/difference:",
        )
    words = describe_leaks(audit)
    if audit.leaked():
        st.warning(words, icon=":material/content_copy:")
    else:
        st.markdown(words)
    st.dataframe(class_rows(audit), hide_index=True, width="stretch", key="networks.audit.classes")
    _show_leaks(audit)
    _show_conflicts(audit)
    _show_patients(audit)
    _show_oddities(audit)
    st.caption(describe_making(audit))


def describe_leaks(audit: DataAudit) -> str:
    """How much of the test split training has seen, and what that does to an accuracy."""
    images, leaks = audit.images_in("test"), audit.leaked()
    if not images:
        return _("This data set has no test split.")
    if not leaks:
        return _("None of the {count} test images was found in the training split.").format(count=images)
    identical = len(audit.leaked("test", IDENTICAL))
    return _(
        "{leaked} of {images} test images are in the training split too: {identical} byte for byte, {alike} as another "
        "file of the same picture. A network can know those by heart, so its accuracy on the whole test split promises "
        "too much; only {fresh} test images are new to it."
    ).format(
        leaked=len(leaks),
        images=images,
        identical=identical,
        alike=len(leaks) - identical,
        fresh=images - len(leaks),
    )


def class_rows(audit: DataAudit) -> list[dict[str, str | int]]:
    """One row a class: images by split, and how many test images training has seen."""
    titles = _titles()
    counts = {(row.split, row.label): row.images for row in audit.shares}
    labels = list(dict.fromkeys(row.label for row in audit.shares))
    known = [label for label in titles if label in labels]
    rows = []
    for label in [*known, *(label for label in labels if label not in known)]:
        row: dict[str, str | int] = {_("Class"): titles.get(label, label)}
        row |= {_(SPLITS[split]): counts.get((split, label), 0) for split in SPLITS if audit.images_in(split)}
        if audit.images_in("test"):
            seen = [leak for leak in audit.leaked() if audit.files[leak.file].label == label]
            row[_("Test, seen in training")] = len(seen)
            row[_("Test, new")] = counts.get(("test", label), 0) - len(seen)
        rows.append(row)
    return rows


def describe_making(audit: DataAudit) -> str:
    """By what measure, and when."""
    return _(
        "`lightbox audit`, {date}: {images} images of {title}. Two files count as one picture when their fine "
        "structure, laid over each other, correlates by {threshold:g} or more; {close} further pairs are close, as "
        "neighbouring slices or repeated films of one patient are."
    ).format(
        date=audit.date,
        images=audit.images,
        title=_name(audit.title),
        threshold=audit.alike_threshold,
        close=len(audit.close),
    )


def _name(title: str) -> str:
    """The audit's title; one that begins with the key of a task, with the task's title."""
    key, comma, rest = title.partition(",")
    return f"{_(TASKS[key].title)}{comma}{rest}" if key in TASKS else title


def _titles() -> dict[str, str]:
    return {label.key: _(label.title) for task in TASKS.values() for label in task.labels}


def _show_leaks(audit: DataAudit) -> None:
    if not audit.leaks:
        return
    titles = _titles()
    with st.expander(_("Leaked images ({count})").format(count=len(audit.leaks)), icon=":material/content_copy:"):
        st.dataframe(
            [
                {
                    _("Image"): audit.files[leak.file].name,
                    _("Class"): titles.get(audit.files[leak.file].label, audit.files[leak.file].label),
                    _("In training as"): audit.files[leak.of].name,
                    _("How"): _(KINDS[leak.kind]),
                    _("Correlation"): leak.correlation,
                }
                for leak in audit.leaks
            ],
            hide_index=True,
            height=LIST_HEIGHT,
            key="networks.audit.leaks",
        )


def _show_conflicts(audit: DataAudit) -> None:
    if not audit.conflicts:
        return
    titles = _titles()
    title = _("One picture, two labels ({count})").format(count=len(audit.conflicts))
    with st.expander(title, icon=":material/rule:"):
        st.markdown(_("Whatever a network answers here, one of its files counts as wrong."))
        for files in audit.conflicts:
            st.markdown("- " + "; ".join(f"`{file.name}`: {titles.get(file.label, file.label)}" for file in files))


def _show_patients(audit: DataAudit) -> None:
    patients = audit.patients
    with st.expander(_("Patients"), icon=":material/group:"):
        if patients.known:
            st.markdown(
                _(
                    "{known} of {images} images name one of {count} patients; {shared} numbers are in two splits."
                ).format(known=patients.known, images=audit.images, count=patients.count, shared=len(patients.shared))
            )
        else:
            st.markdown(_("No image names its patient."))
        if patients.note:
            st.markdown(_(patients.note))


def _show_oddities(audit: DataAudit) -> None:
    found = len(audit.unreadable) + sum(row.total for row in audit.oddities)
    if not found:
        return
    with st.expander(_("What stands out ({count})").format(count=found), icon=":material/visibility:"):
        for row in audit.oddities:
            st.markdown(f"**{_(RULES.get(row.rule, row.rule))}**: {_describe(row)} {_(row.sentence)}")
        for file in audit.unreadable:
            st.markdown(_("Cannot be decoded: `{name}` ({reason}).").format(name=file.name, reason=file.reason))
        st.caption(_("Each is one rule over brightness, colour or size; it says where to look, not what is wrong."))


def _describe(row: Oddity) -> str:
    """Such as: 10 images (glioma 3, meningioma 7)."""
    titles = _titles()
    each = ", ".join(f"{titles.get(label, label).lower()} {count}" for label, count in row.by_class.items())
    return _("{total} images ({each}).").format(total=row.total, each=each)
