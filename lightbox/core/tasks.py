"""The questions that a network can be trained to answer."""

from __future__ import annotations

from dataclasses import dataclass

from lightbox.core.registry import Registry


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


def find_class(text: str, task: str) -> str | None:
    """The class of a task that a folder or a table calls ``text``, by key or alias; None where it is none of them."""
    key = text.strip().lower().replace(" ", "_").replace("-", "_")
    key = ALIASES.get(key, key)
    return key if key in TASKS[task].classes else None
