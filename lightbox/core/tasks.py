"""The questions that a network can be trained to answer."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lightbox.core.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Label:
    """One answer: ``key`` in files and URLs, ``title`` for people."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Task:
    """A modality and the classes told apart in it. The key is also the modality's name."""

    key: str
    title: str
    labels: tuple[Label, ...]

    @property
    def classes(self) -> tuple[str, ...]:
        """Class keys in the order of the logits."""
        return tuple(label.key for label in self.labels)

    @property
    def titles(self) -> dict[str, str]:
        """Title of each class by key."""
        return {label.key: label.title for label in self.labels}


TASKS: Registry[Task] = Registry("task")
for _task in (
    Task(
        "chest_xray",
        "Chest X-ray",
        (
            Label("normal", "Normal"),
            Label("bacterial", "Bacterial pneumonia"),
            Label("viral", "Viral pneumonia"),
        ),
    ),
    Task(
        "brain_mri",
        "Brain MRI",
        (
            Label("glioma", "Glioma"),
            Label("meningioma", "Meningioma"),
            Label("pituitary", "Pituitary tumour"),
            Label("no_tumor", "No tumour"),
        ),
    ),
):
    TASKS.add(_task.key, _task)

# What the public data sets call our classes, in folders, file names and manifests.
ALIASES = {
    "bacterial_pneumonia": "bacterial",
    "bacteria": "bacterial",
    "viral_pneumonia": "viral",
    "virus": "viral",
    "glioma_tumor": "glioma",
    "meningioma_tumor": "meningioma",
    "pituitary_tumor": "pituitary",
    "notumor": "no_tumor",
}


def class_title(key: str) -> str:
    """A class in words, whichever task it is of; the key itself for a class of a task that is not the app's."""
    return next((task.titles[key] for task in TASKS.values() if key in task.titles), key)


def find_class(text: str, task: str, classes: Sequence[str] | None = None) -> str | None:
    """The class that a folder or a table calls ``text``, by key, title or alias; None where it is none of them.

    Args:
        text: as a person wrote it.
        task: key of the task.
        classes: those of the networks that are asked; the task's own where None.
    """
    known = TASKS[task].classes if classes is None else classes
    by_key = {_plain(key): key for key in known}
    by_title = {_plain(title): key for key, title in TASKS[task].titles.items() if key in known}
    key = _plain(text)
    alias = ALIASES.get(key, "")
    # A network's own class may be called what is another's alias.
    return by_key.get(key) or by_title.get(key) or (alias if alias in known else None)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().lower().replace(" ", "_").replace("-", "_")
