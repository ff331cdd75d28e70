"""From a folder of pictures to a checkpoint that the app can load."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from lightbox.core.errors import UserFacingError
from lightbox.core.program_version import version_text
from lightbox.imaging.preprocess import Preprocessing
from lightbox.networks import read_card
from lightbox.provenance.training_files import NAME as TRAINING_FILES_NAME
from lightbox.provenance.training_files import write_training_files
from lightbox.training import checkpoint
from lightbox.training.architectures import find_architecture
from lightbox.training.arrays import Pictures, load_pictures
from lightbox.training.datasets import (
    SPLITS,
    data_sha256,
    find_collection,
    leaked_names,
    read_classes,
    seen_sha256,
)
from lightbox.training.datasets.new_sources import SPLIT as NEW_SOURCES
from lightbox.training.distil import answers_name, read_teacher
from lightbox.training.fit import Training, fit
from lightbox.training.initial_weights import find_start, start_from
from lightbox.training.measure import measure
from lightbox.training.phantom_examples import read_phantoms
from lightbox.training.split import read_split
from lightbox.training.trainable import check_network, check_recipe, check_teacher
from lightbox.training.work_folder import claim, hold_work

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from torch import nn

    from lightbox.provenance.data_audit import DataAudit
    from lightbox.training.fit import History
    from lightbox.training.recipe import Recipe

# Brain slices come with every margin, so the head is cut out; chest films are squeezed whole, as published.
CROPS = {"brain_mri": "head"}


def train(
    task: str,
    network: str,
    *,
    data: Path,
    out: Path,
    work: Path,
    recipe: Recipe,
    phantoms: Path | None = None,
    teachers: Sequence[Path] = (),
    answers: Path | None = None,
    collection: str = "",
    datasets: Sequence[str] = (),
    classes: Sequence[str] = (),
    build_options: Mapping[str, Any] | None = None,
    init: str = "random",
    audit: DataAudit | None = None,
    source: str = "",
    remark: str = "",
    on_epoch: Callable[[History], None] | None = None,
    on_step: Callable[[float], None] | None = None,
) -> dict[str, Any]:
    """Train, look at the test split once, and write ``out/<task>/<network>/``.

    Args:
        task: key of the task.
        network: key of the architecture; ``torchvision/<model>`` trains a teacher that the app does not explain.
        data: folder with manifest.csv or class folders.
        out: folder of checkpoints.
        work: folder for the run's state; a run that was stopped there goes on, by one process at a time.
        recipe: the numbers.
        phantoms: folder written by `lightbox phantoms make`; its scans join the training split, none is validated on.
        teachers: checkpoint folders whose mean answer the network also learns from.
        answers: folder of teachers' kept answers; those to the same changed pictures are not asked again, though the
            network is another. None for the work folder.
        collection: key of the data's collection; empty to recognise it.
        datasets: which of a manifest's data sets; none for all that belong to the task.
        classes: class keys, for a task that is not the app's.
        build_options: keyword arguments of the architecture's ``build`` where they are not its defaults.
        init: where the weights start: "random", "imagenet", or the folder of a checkpoint.
        audit: of the same data; what it found to hold one picture is held out together.
        source: authors and licence of the data, for the card; the collection's own words where it has some.
        remark: what a reader of the card should know, such as that the training was cut short.
        on_epoch: called with the history after every epoch.
        on_step: called with the share of the run that is done after every step.

    Returns:
        What was measured, as in the card's ``metrics``.

    Raises:
        UserFacingError: recipe, network, data, audit or folder cannot be used, or the training diverged.
    """
    built = dict(build_options or {})
    architecture = find_architecture(network)
    check_recipe(recipe)
    classes = read_classes(data, task, collection=collection, classes=classes)
    check_network(architecture, len(classes), built, recipe)
    parted = read_split(data, task, recipe, collection=collection, classes=classes, audit=audit, datasets=datasets)
    examples = parted.examples
    split_sha256 = data_sha256(examples)
    held_out = {example.sha256 for example in examples if example.split in {"validation", NEW_SOURCES}}
    seen = seen_sha256(examples)
    start = find_start(init, task, network, data_sha256=split_sha256, held_out=held_out, target=out / task / network)
    source = source or find_collection(data, collection).source
    synthetic = read_phantoms(phantoms, task) if phantoms is not None else []
    preprocessing = Preprocessing(size=recipe.sizes[-1], crop=CROPS.get(task, "none"))
    teacher = read_teacher(teachers, task, classes, preprocessing.crop) if teachers else None
    if teacher is not None:
        check_teacher(teacher, recipe)
    taught_by = [read_card(folder).sha256 for folder in teachers]
    provenance = {
        "data_sha256": split_sha256,
        "audited": audit is not None,
        "phantom_images": len(synthetic),
        "phantoms_sha256": data_sha256(synthetic) if synthetic else "",
        "initial_weights": start.name,
        "teachers": taught_by,
    }
    identity = {"task": task, "network": network, "classes": list(classes), "recipe": recipe.as_dict(), **provenance}

    def build() -> nn.Module:
        module = architecture.build(len(classes), **built)
        if start.state is not None:
            start_from(module, start.state)
        return module

    if start.state is not None:
        build()  # What does not fit is refused before a picture is read.
    with hold_work(work, "train"):
        claim(work, identity | ({"architecture": built} if built else {}))
        examples += synthetic
        pictures = {name: load_pictures(examples, name, classes, preprocessing) for name in SPLITS}
        preprocessing = with_moments(preprocessing, pictures["train"])
        run = fit(
            build,
            pictures["train"],
            pictures["validation"],
            preprocessing=preprocessing,
            recipe=recipe,
            class_count=len(classes),
            folder=work,
            teacher=teacher,
            answers_file=(answers or work) / answers_name(taught_by, pictures["train"], recipe),
            on_epoch=on_epoch,
            on_step=on_step,
        )
        sections = _card_sections(task, network, classes, run, preprocessing)
        if built:
            sections["architecture"] = built
        sections["training"] |= {
            "data": source,
            "remark": remark,
            "published_sha256": parted.published_sha256,
            **provenance,
            **{f"{name}_images": len(pictures[name]) for name in SPLITS},
            **recipe.as_dict(),
        }
        folder = out / task / network
        metrics = _publish(folder, sections, run, pictures, leaked_names(examples))
        write_training_files(folder / TRAINING_FILES_NAME, parted.published_sha256, seen | start.seen)
        return metrics


def with_moments(preprocessing: Preprocessing, train_pictures: Pictures) -> Preprocessing:
    """The same steps with mean and deviation of the training pictures, rounded as the card will hold them."""
    mean = round(float(train_pictures.pixels.mean(dtype=np.float64)) / 255, 4)
    std = round(float(train_pictures.pixels.std(dtype=np.float64)) / 255, 4)
    return Preprocessing(
        preprocessing.size, preprocessing.crop, preprocessing.percentiles, (mean, mean, mean), (std, std, std)
    )


def _card_sections(
    task: str, network: str, classes: Sequence[str], run: Training, preprocessing: Preprocessing
) -> dict[str, Any]:
    """The card without what is known only once the weights are written."""
    steps = {name: getattr(preprocessing, name) for name in ("size", "crop", "percentiles", "mean", "std")}
    return {
        "task": task,
        "network": network,
        "classes": list(classes),
        "licence": "Apache-2.0",
        "date": datetime.now(UTC).date().isoformat(),
        "preprocessing": steps,
        "training": {
            "epochs_done": run.epoch,
            "best_epoch": run.best_epoch,
            "lightbox_version": version_text(),
            "torch_version": torch.__version__,
        },
    }


def _publish(
    folder: Path, sections: dict[str, Any], run: Training, pictures: dict[str, Pictures], leaked: set[str]
) -> dict[str, Any]:
    """Write the folder, then judge what was written, float16 and all, by the code that the app uses."""
    if run.best_state is None:
        raise UserFacingError(
            f"The training diverged: after epoch {run.epoch} the loss on validation data is no finite number.",
            "Give a lower --learning-rate and another --work folder.",
        )
    checkpoint.forget_answers(folder)
    sha256 = checkpoint.write_weights(folder, run.best_state)
    sections["weights"] = {"sha256": sha256, "precision": "float16, batch norm statistics float32"}
    checkpoint.write_training_mean(folder, pictures["train"])
    checkpoint.write_card(folder, sections)
    checkpoint.write_history(folder, run.history)
    return measure(read_card(folder), sections, pictures, leaked)
