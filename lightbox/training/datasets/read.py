"""From a folder to the list of its labelled pictures, whatever collection it is."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, cast

from lightbox.core.errors import UserFacingError
from lightbox.core.registry import Registry, discover
from lightbox.core.tasks import TASKS
from lightbox.imaging.annotations import find_annotations
from lightbox.training.datasets.example import Example
from lightbox.training.datasets.tree import Tree, read_tree

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lightbox.training.datasets.collection import Collection, Placed

COLLECTIONS: Registry[Collection] = Registry("collection")
# What a folder is tried as, in turn: the particular before the general.
_ORDER = ("manifest", "kermany", "bhuvaji", "oasis", "folders")
_FOUND = discover("lightbox.training.datasets")
for _name in sorted(_FOUND, key=lambda name: (_ORDER.index(name) if name in _ORDER else -1, name)):
    COLLECTIONS.add(_name, cast("Collection", _FOUND[_name]))


def read_examples(data: Path, task: str, *, collection: str = "", classes: Sequence[str] = ()) -> list[Example]:
    """All examples of a task.

    Args:
        data: folder of the pictures.
        task: key of a task of the app, or a name of your own.
        collection: key of a collection; empty to recognise it.
        classes: class keys, for a task that is not the app's.

    Raises:
        UserFacingError: the folder is absent, empty, laid out otherwise, or holds masks or classes that the task does
            not know; a file cannot be read, or is not the one that a manifest lists.
    """
    tree = _tree(data)
    chosen = recognise(tree, collection)
    known = class_list(task, collection=chosen, classes=classes, found=tree)
    placed = chosen.place(tree, task)
    if not placed:
        raise _nothing(data, task, known)
    if chosen.key != "manifest":  # what a manifest lists is a scan by its word
        _refuse_annotations([row.name for row in placed])
    for row in placed:
        if row.label not in known:
            words = row.name.split("/")[-2] if chosen.key == "folders" and "/" in row.name else row.label
            raise UserFacingError(f"{words!r} is not a class of {task}.", f"Name the class folders {', '.join(known)}.")
    with ThreadPoolExecutor() as pool:
        examples = list(pool.map(partial(_verified, tree), placed))
    return sorted(examples, key=lambda example: example.name)


def read_classes(data: Path, task: str, *, collection: str = "", classes: Sequence[str] = ()) -> tuple[str, ...]:
    """The class keys that `read_examples` will use, in the order of the logits.

    Raises:
        UserFacingError: see `class_list`.
    """
    if task in TASKS:
        return class_list(task, classes=classes)
    tree = _tree(data)
    return class_list(task, collection=recognise(tree, collection), classes=classes, found=tree)


def find_collection(data: Path, collection: str = "") -> Collection:
    """What a folder is laid out as.

    Raises:
        UserFacingError: see `recognise`.
    """
    return recognise(_tree(data), collection)


def describe_left_out(data: Path) -> str:
    """Which files of a data folder are not read, in one sentence; "" where there are none.

    Raises:
        UserFacingError: there is no such folder.
    """
    return _tree(data).describe_others()


def list_examples(data: Path, task: str = "", *, collection: str = "") -> tuple[Collection, list[Example]]:
    """The collection, and all its pictures with the labels it gives them, whether or not a task knows those.

    For an audit, which reads every file itself: a hash in a manifest is taken as it stands.

    Raises:
        UserFacingError: see `read_examples`.
    """
    tree = _tree(data)
    chosen = recognise(tree, collection)
    placed = chosen.place(tree, task)
    if not placed:
        raise UserFacingError(f"{data} holds no labelled images.", chosen.layout)
    examples = [_example(tree, row, row.sha256 or _sha256(tree.root / row.name)) for row in placed]
    return chosen, sorted(examples, key=lambda example: example.name)


def recognise(tree: Tree, collection: str = "") -> Collection:
    """The collection that a folder is laid out as, or the one asked for where it is.

    Raises:
        UserFacingError: the folder is laid out otherwise; the sentence names what was found.
    """
    if collection:
        chosen = COLLECTIONS[collection]
        if not chosen.recognises(tree):
            raise UserFacingError(
                f"{tree.root} is not laid out as {chosen.title}: it holds {tree.describe()}.", chosen.layout
            )
        return chosen
    found = next((row for row in COLLECTIONS.values() if row.recognises(tree)), None)
    if found is None and not tree.names:
        raise UserFacingError(f"{tree.root} holds no labelled images: no PNG or JPEG picture.", _layouts())
    if found is None:
        raise UserFacingError(f"The layout of {tree.root} is not known: it holds {tree.describe()}.", _layouts())
    return found


def class_list(
    task: str, *, collection: Collection | None = None, classes: Sequence[str] = (), found: Tree | None = None
) -> tuple[str, ...]:
    """Class keys in the order of the logits: the app's task, the ones given, or the collection's own.

    Raises:
        UserFacingError: the task is not the app's and nothing tells its classes, or those given contradict the task.
    """
    if task in TASKS:
        if classes and tuple(classes) != TASKS[task].classes:
            raise UserFacingError(
                f"The classes of {task} are {', '.join(TASKS[task].classes)}.",
                "Leave --classes away, or give the task a name of its own.",
            )
        return TASKS[task].classes
    if classes:
        if len(classes) < 2 or len(set(classes)) != len(classes):
            raise UserFacingError(f"{', '.join(classes)} are not two or more different classes.", "Correct --classes.")
        return tuple(classes)
    if collection is not None and collection.classes:
        return collection.classes
    words = f"; the folder holds {found.describe()}" if found is not None and found.names else ""
    raise UserFacingError(
        f"The task {task!r} is not one of the app's ({', '.join(TASKS)}), so its classes must be given{words}.",
        "Give them with --classes, comma-separated, in the order you want.",
    )


def _refuse_annotations(names: Sequence[str]) -> None:
    """Masks among the pictures would be learned from as scans.

    Raises:
        UserFacingError: there are such, by their names.
    """
    found = find_annotations(names)
    if found:
        name, reason = next(iter(found.items()))
        raise UserFacingError(
            f"{len(found)} of the {len(names)} pictures seem to be masks, not scans. {name}: {reason}",
            "Take them out of the folder, or list the scans in a manifest.csv.",
        )


def _tree(data: Path) -> Tree:
    if not data.is_dir():
        raise UserFacingError(f"There is no folder {data}.", "Give the folder of the images.")
    return read_tree(data)


def _verified(tree: Tree, row: Placed) -> Example:
    """The example, hashed: leaks and copies are told by what a file holds, not by what a manifest says of it.

    Raises:
        UserFacingError: the file cannot be read, or is not the one that the manifest lists.
    """
    sha256 = _sha256(tree.root / row.name)
    if row.sha256 and sha256 != row.sha256:
        raise UserFacingError(
            f"{row.name} is not the file that the manifest lists: sha256 {sha256[:12]}…, not {row.sha256[:12]}….",
            "Restore the file, correct the manifest, or leave its column sha256 away.",
        )
    return _example(tree, row, sha256)


def _example(tree: Tree, row: Placed, sha256: str) -> Example:
    group = row.patient or sha256
    path = tree.root / row.name
    return Example(path, row.name, row.label, row.split, group, sha256, row.patient, dataset=row.dataset)


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise UserFacingError(
            f"{path} cannot be read ({error.strerror}).", "Restore the file, or take its row out of the manifest."
        ) from error


def _nothing(data: Path, task: str, known: Sequence[str]) -> UserFacingError:
    return UserFacingError(
        f"{data} holds no labelled images for {task}.",
        f"Lay them out as train/CLASS/*.jpg and test/CLASS/*.jpg, classes {', '.join(known)}.",
    )


def _layouts() -> str:
    return " ".join(f"{collection.title}: {collection.layout}" for collection in COLLECTIONS.values())
