import json
import math
import shutil
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from lightbox.core.errors import UserFacingError
from lightbox.core.tasks import TASKS
from lightbox.imaging.preprocess import Preprocessing
from lightbox.metrics.predictions import read_predictions
from lightbox.networks import find_checkpoint, load_checkpoint, read_card
from lightbox.provenance.data_audit import (
    Alike,
    DataAudit,
    File,
    Patients,
    audit_of_split,
    find_audit,
    read_audit,
)
from lightbox.provenance.training_files import read_training_files
from lightbox.training import fit
from lightbox.training import train as module
from lightbox.training.arrays import Pictures, load_pictures
from lightbox.training.datasets import data_sha256, read_examples
from lightbox.training.fit import one_cycle
from lightbox.training.recalibrate import recalibrate
from lightbox.training.recipe import Recipe
from lightbox.training.split import read_split, take_datasets
from lightbox.training.train import train
from lightbox.training.work_folder import hold_work

# What a law says of a run holds whatever the widths are; only what is written for the app has those that ship.
train_narrow = partial(train, "chest_xray", "convnet", build_options={"channels": [8, 8, 8, 8]})
RECIPE = Recipe(epochs=3, sizes=(64, 96), batch_size=8, ema_decay=0.6, learning_rate=1e-2, seed=5)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Three classes told apart by where a bright square lies, so that a few steps learn them."""
    folder = tmp_path_factory.mktemp("data")
    generator = np.random.default_rng(0)
    for split, count in (("train", 24), ("test", 6)):
        for index, label in enumerate(("normal", "bacterial", "viral")):
            (folder / split / label).mkdir(parents=True)
            for number in range(count):
                pixels = generator.integers(0, 60, (96, 96)).astype(np.uint8)
                pixels[20:70, 5 + 30 * index : 30 + 30 * index] += 150
                Image.fromarray(pixels).save(folder / split / label / f"{number}.png")
    return folder


class StopError(Exception):
    pass


def stop():
    raise StopError


def weights(folder):
    return read_card(folder / "chest_xray" / "convnet").sha256


def test_a_stopped_run_goes_on_to_the_same_weights(data, tmp_path):
    train_narrow(data=data, out=tmp_path / "whole", work=tmp_path / "a", recipe=RECIPE)

    def stop_after_two(history):
        if history[-1]["epoch"] == 2:
            raise StopError

    with pytest.raises(StopError):
        train_narrow(data=data, out=tmp_path / "resumed", work=tmp_path / "b", recipe=RECIPE, on_epoch=stop_after_two)
    assert not (tmp_path / "resumed").exists()
    train_narrow(data=data, out=tmp_path / "resumed", work=tmp_path / "b", recipe=RECIPE)
    assert weights(tmp_path / "whole") == weights(tmp_path / "resumed")


def test_a_stopped_run_with_views_takes_up_its_teachers_answers_and_goes_on_to_the_same_weights(data, tmp_path):
    """Those that were written down, and the same again of those that were not."""
    teacher = tmp_path / "teacher"
    train_narrow(data=data, out=teacher, work=tmp_path / "t", recipe=replace(RECIPE, epochs=2))
    recipe = replace(RECIPE, epochs=4, sizes=(48, 64, 64, 96), views=2, teacher_size=96)
    taught = {"data": data, "recipe": recipe, "teachers": [teacher / "chest_xray" / "convnet"]}
    train_narrow(out=tmp_path / "whole", work=tmp_path / "a", **taught)
    for stops in (1, 3, None):
        try:
            train_narrow(
                out=tmp_path / "parts",
                work=tmp_path / "b",
                on_epoch=lambda history, stops=stops: stop() if history[-1]["epoch"] == stops else None,
                **taught,
            )
        except StopError:
            continue
    assert weights(tmp_path / "parts") == weights(tmp_path / "whole")


def test_a_teacher_that_cannot_see_so_little_is_refused_before_a_picture_is_read(data, tmp_path):
    teacher = tmp_path / "teacher"
    train_narrow(data=data, out=teacher, work=tmp_path / "t", recipe=replace(RECIPE, epochs=2))
    with pytest.raises(UserFacingError, match="The teacher cannot be shown pictures of 8 pixels"):
        train_narrow(
            data=data,
            out=tmp_path / "pupil",
            work=tmp_path / "p",
            recipe=replace(RECIPE, teacher_size=8),
            teachers=[teacher / "chest_xray" / "convnet"],
        )
    assert not (tmp_path / "p").exists()


def test_a_stopped_run_of_a_network_with_dropout_goes_on_to_the_same_weights(tmp_path):
    generator = np.random.default_rng(0)
    pixels, labels = generator.integers(0, 255, (16, 8, 8), dtype=np.uint8), np.arange(16) % 2
    pictures = Pictures(pixels, labels, ())
    recipe = Recipe(epochs=3, sizes=(8,), batch_size=4, ema_decay=0.5)

    def run(folder, on_epoch=None):
        def build():
            return nn.Sequential(nn.Flatten(), nn.Linear(3 * 8 * 8, 8), nn.Dropout(0.5), nn.Linear(8, 2))

        options = {"recipe": recipe, "preprocessing": Preprocessing(size=8), "class_count": 2, "folder": folder}
        return fit.fit(build, pictures, pictures, **options, on_epoch=on_epoch).module.state_dict()

    whole = run(tmp_path / "whole")
    with pytest.raises(StopError):
        run(tmp_path / "stopped", on_epoch=lambda _history: stop())
    for name, tensor in run(tmp_path / "stopped").items():
        assert torch.equal(tensor, whole[name])


def test_what_is_written_is_what_the_app_loads(data, tmp_path):
    metrics = train(
        "chest_xray", "convnet", data=data, out=tmp_path, work=tmp_path / "w", recipe=RECIPE, source="Squares, CC0"
    )
    folder = tmp_path / "chest_xray" / "convnet"
    card = read_card(folder)
    network = load_checkpoint(card)
    assert network.module(torch.zeros(1, 3, 96, 96)).shape == (1, 3)
    assert network.training_mean.shape == (96, 96)
    assert card.metrics["test_accuracy"] == metrics["test_accuracy"]
    assert card.training["data"] == "Squares, CC0"
    assert card.training["train_images"] + card.training["validation_images"] == 72
    rows = (folder / "predictions.csv").read_text().splitlines()
    assert rows[0] == "path,sha256,label,predicted,leaked,p_normal,p_bacterial,p_viral"
    assert len(rows) == 1 + 18


def test_what_was_measured_of_other_weights_goes_before_new_ones_come(data, tmp_path, monkeypatch):
    folder = tmp_path / "chest_xray" / "convnet"
    folder.mkdir(parents=True)
    gone = ("predictions.csv", "predictions_new_sources.csv", "embedding.npz", "robustness.json", "data_audit.json")
    old = (*gone, "history.csv", "tuning.json")
    for name in old:
        (folder / name).write_text("of the network before")
    short = replace(RECIPE, epochs=1, sizes=(64,))
    audit = audit_of(read_examples(data, "chest_xray"), (), ())
    places = {"audit": audit, "data": data, "out": tmp_path, "work": tmp_path / "w", "recipe": short}

    def interrupt(card, *_):
        assert not card.measured
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, "measure", interrupt)
        with pytest.raises(KeyboardInterrupt):
            train_narrow(**places)
    assert [name for name in old if (folder / name).exists()] == ["history.csv", "tuning.json"]
    assert "of the network before" not in (folder / "history.csv").read_text()
    train_narrow(**places)
    card = read_card(folder)
    assert card.measured
    assert card.metrics["weights_sha256"] == card.sha256
    assert card.training["audited"] is True
    assert card.training["published_sha256"] == audit.data_sha256
    assert audit.of_data_of(card)


def begin(data, work, **changes):
    """Begin a run, and stop it when its first pictures would be read."""
    settings = {"task": "shapes", "network": "convnet", "classes": ("normal", "bacterial", "viral"), "recipe": RECIPE}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "load_pictures", lambda *_: stop())
        with pytest.raises(StopError):
            train(**{**settings, **changes}, data=data, out=work, work=work)


CHANGES = [
    {"task": "forms"},
    {"network": "resnet50"},
    {"classes": ("bacterial", "normal", "viral")},
    {"recipe": replace(RECIPE, augmentation=0.9)},
    {"recipe": replace(RECIPE, hold_out="source")},
    {"build_options": {"channels": [8, 8, 8]}},
]


@pytest.mark.parametrize("changes", CHANGES, ids=lambda changes: next(iter(changes)))
def test_a_run_does_not_go_on_with_another_setting(data, tmp_path, changes):
    begin(data, tmp_path)
    with pytest.raises(UserFacingError, match="other settings or data"):
        begin(data, tmp_path, **changes)
    begin(data, tmp_path)


def test_where_all_test_pictures_leaked_there_is_no_accuracy_without_them(data, tmp_path):
    shutil.copytree(data / "train", tmp_path / "data" / "train")
    shutil.copytree(data / "train", tmp_path / "data" / "test")
    short = replace(RECIPE, epochs=1, sizes=(64,))
    metrics = train_narrow(data=tmp_path / "data", out=tmp_path / "o", work=tmp_path / "w", recipe=short)
    assert metrics["test_leaked_images"] == 72
    assert "test_accuracy_without_leaked" not in metrics


SHORT = Recipe(epochs=1, sizes=(64,))


@pytest.mark.parametrize(
    ("network", "recipe", "said"),
    [
        ("convnet", replace(SHORT, batch_size=1), "Steps of 1 images"),
        ("convnet", replace(SHORT, teacher_on_phantoms=2.0), "A teacher_on_phantoms of 2 is no share"),
        ("convnet", replace(SHORT, teacher_weight=-0.5), "A teacher_weight of -0.5 is no share"),
        ("convnet", replace(SHORT, teacher_size=-1), "A teacher_size of -1 cannot be"),
        ("convnet", replace(SHORT, views=-2), "A views of -2 cannot be"),
        ("convnet", replace(SHORT, views=2, resample=0.5), "With views some pictures"),
        ("convnet", replace(SHORT, teacher_size=96), "a teacher at 96 would see them blown up"),
        ("convnet", replace(SHORT, epochs=0), "Nothing is trained in 0 epochs"),
        ("convnet", replace(SHORT, sizes=(32, 64)), "the last of the sizes 32, 64 is never reached"),
        ("convnet", replace(SHORT, sizes=(4,)), "ConvNet cannot be trained on pictures of 4 pixels"),
        ("torchvision/googlenet", replace(SHORT, sizes=(96,)), "googlenet answers in training with more than one"),
        (
            "torchvision/vit_b_32",
            replace(SHORT, epochs=2, sizes=(64, 224)),
            "vit_b_32 cannot be trained .* 64 pixels",
        ),
        ("convnet", replace(SHORT, validation_share=0.0), "too few images to hold some out"),
        ("convnet", replace(SHORT, validation_share=-1.0), "too few images to hold some out"),
    ],
)
def test_what_cannot_be_trained_is_refused_before_a_picture_is_read(data, tmp_path, network, recipe, said):
    with pytest.raises(UserFacingError, match=said):
        begin(data, tmp_path, network=network, recipe=recipe)
    assert not list(tmp_path.iterdir())


def test_one_group_a_class_leaves_nothing_to_validate_on(tmp_path):
    for label in CLASSES:
        (tmp_path / "data" / label).mkdir(parents=True)
        Image.new("L", (32, 32), len(label)).save(tmp_path / "data" / label / "a.png")
    with pytest.raises(UserFacingError, match="too few images to hold some out"):
        begin(tmp_path / "data", tmp_path)


def test_a_training_that_diverged_says_so_and_ends_there(data, tmp_path):
    epochs = []
    hot = replace(RECIPE, learning_rate=1e30, epochs=4)
    with pytest.raises(UserFacingError, match="The training diverged: after epoch 1 the loss"):
        train_narrow(
            data=data,
            out=tmp_path,
            work=tmp_path / "w",
            recipe=hot,
            on_epoch=lambda history: epochs.append(history[-1]["epoch"]),
        )
    assert epochs == [1]


def test_a_run_does_not_go_on_with_other_data(data, tmp_path):
    begin(data, tmp_path / "w")
    shutil.copytree(data, tmp_path / "data")
    (tmp_path / "data" / "train" / "viral" / "0.png").unlink()
    with pytest.raises(UserFacingError, match="other settings or data"):
        begin(tmp_path / "data", tmp_path / "w")


@pytest.mark.parametrize("absent", ["classes", "audited", "initial_weights"])
def test_a_run_from_before_a_setting_was_written_down_goes_on(data, tmp_path, absent):
    begin(data, tmp_path, task="chest_xray", classes=())
    path = tmp_path / "run.json"
    saved = json.loads(path.read_text())
    path.write_text(json.dumps({name: value for name, value in saved.items() if name != absent}))
    begin(data, tmp_path, task="chest_xray", classes=())
    assert json.loads(path.read_text()) == saved


def test_nobody_else_trains_in_the_same_folder(data, tmp_path):
    with hold_work(tmp_path, "train"), pytest.raises(UserFacingError, match="Another `lightbox train` is working"):
        begin(data, tmp_path)


def audit_of(examples, files, alike):
    """An audit of these data that found these pairs and nothing else."""
    return DataAudit(
        collection="folders",
        title="",
        images=len(examples),
        data_sha256=data_sha256(examples),
        date="",
        lightbox_version="",
        alike_threshold=0.965,
        shares=(),
        sizes={},
        more_sizes=0,
        files=files,
        copies=(),
        alike=alike,
        close=(),
        parts={},
        leaks=(),
        patients=Patients(0, 0, (), ""),
        oddities=(),
        unreadable=(),
    )


CLASSES = ("normal", "bacterial", "viral")


def split_of(data, audit, recipe=RECIPE):
    parted = read_split(data, "chest_xray", recipe, collection="", classes=CLASSES, audit=audit)
    return {example.name: example.split for example in parted.examples}


def test_what_an_audit_tied_is_held_out_together(data):
    names = [f"train/normal/{number}.png" for number in range(6)]
    files = tuple(File(name, "train", "normal") for name in names)
    alike = tuple(Alike(0, place, 0.99) for place in range(1, len(files)))
    audit = audit_of(read_examples(data, "chest_xray"), files, alike)
    for seed in range(5):
        split = split_of(data, audit, replace(RECIPE, seed=seed, validation_share=0.3))
        assert len({split[name] for name in names}) == 1


@pytest.mark.parametrize("found", [0, 1])
def test_an_audit_of_other_data_is_refused_whatever_it_found(data, tmp_path, found):
    """Though all its names are there too."""
    files = (File("train/normal/0.png", "train", "normal"), File("train/normal/1.png", "train", "normal"))
    audit = audit_of(read_examples(data, "chest_xray"), files, (Alike(0, 1, 0.99),)[:found])
    split_of(data, audit)
    shutil.copytree(data, tmp_path / "data")
    shutil.copy(data / "test" / "viral" / "0.png", tmp_path / "data" / "train" / "viral" / "0.png")
    with pytest.raises(UserFacingError, match="The audit is of other data: of 90 images"):
        split_of(tmp_path / "data", audit)


def test_a_validation_split_of_the_datas_own_is_kept_apart_from_training(data, tmp_path):
    shutil.copytree(data, tmp_path / "data")
    for label in CLASSES:
        (tmp_path / "data" / "val" / label).mkdir(parents=True)
        shutil.copy(data / "train" / label / "0.png", tmp_path / "data" / "val" / label / "copy.png")
    assert split_of(tmp_path / "data", None)["train/viral/0.png"] == "train", "published splits are kept"
    names = [f"{side}/{label}/{name}.png" for label in CLASSES for side, name in (("train", "0"), ("val", "copy"))]
    files = tuple(File(name, "", "") for name in names)
    alike = (Alike(0, 1, 1.0), Alike(2, 3, 1.0), Alike(4, 5, 1.0))
    split = split_of(tmp_path / "data", audit_of(read_examples(tmp_path / "data", "chest_xray"), files, alike))
    assert {name for name, side in split.items() if side == "validation"} == set(names)


@pytest.mark.parametrize(
    ("task", "held_out", "drawn"),
    [
        (
            "brain_mri",
            {"hold_out": "dataset", "new_sources": 0.1, "validation_share": 0.1},
            "3452bf803b9845e09b6f9ab9ad2ef8b3",
        ),
        ("chest_xray", {}, "9ecf516df762e526816b1475e5562fe3"),
    ],
)
def test_the_recipes_draw_the_split_they_always_drew(shared_data, task, held_out, drawn):
    card = find_checkpoint(task, "convnet")
    audit = read_audit(audit_of_split(card))
    classes = TASKS[task].classes
    parted = read_split(shared_data, task, Recipe(**held_out), collection="", classes=classes, audit=audit, datasets=())
    assert card.training["data_sha256"].startswith(drawn)
    assert parted.published_sha256 == audit.data_sha256
    assert data_sha256(parted.examples).startswith(drawn)


@pytest.mark.parametrize("task", [*TASKS])
def test_the_shipped_audits_are_of_the_data(shared_data, task):
    listed, audit = read_examples(shared_data, task), find_audit(task)
    assert data_sha256(listed) == audit.data_sha256
    for name, sha256 in audit.parts.items():
        assert data_sha256(take_datasets(listed, [name])) == sha256


def test_a_data_set_that_is_not_there_is_refused_by_name(shared_data, data):
    with pytest.raises(UserFacingError, match="nothing of brain_tumours") as caught:
        take_datasets(read_examples(shared_data, "brain_mri"), ["brain_tumours"])
    assert "brain_tumor_mri, brain_tumor_mri_more" in caught.value.hint
    with pytest.raises(UserFacingError, match="nothing of other") as caught:
        take_datasets(read_examples(data, "chest_xray"), ["other"])
    assert "one data set" in caught.value.hint


def test_the_further_brain_pictures_are_held_out_in_groups_that_look_like_nothing_else(shared_data):
    """By the audit itself: no group of look-alikes lies on two sides, and none of the 394 is like a training picture
    of the further data set."""
    audit = find_audit("brain_mri")
    recipe = Recipe(new_sources=0.1, validation_share=0.1, hold_out="dataset")
    parted = read_split(
        shared_data, "brain_mri", recipe, collection="", classes=TASKS["brain_mri"].classes, audit=audit
    )  # fmt: skip
    split = {example.name: example.split for example in parted.examples}
    further = {example.name for example in parted.examples if example.dataset == "brain_tumor_mri_more"}
    for files in audit.look_alikes():
        sides = {split[file.name] for file in files if file.name in split}
        assert len(sides) == 1 or sides == {"train", "test"}
        if "test" in sides:
            assert not {file.name for file in files} & further
    for side in ("new_sources", "validation"):
        held = [name for name in further if split[name] == side]
        assert 0.1 * len(further) <= len(held) <= 0.11 * len(further)
    assert all(name in further for name, side in split.items() if side in {"new_sources", "validation"})


@pytest.mark.parametrize("label", ["normal", "viral"])
def test_a_class_without_training_pictures_is_refused_by_name(data, tmp_path, label):
    shutil.copytree(data, tmp_path / "data")
    shutil.rmtree(tmp_path / "data" / "train" / label)
    with pytest.raises(UserFacingError, match=f"no training picture of {label}"):
        train_narrow(data=tmp_path / "data", out=tmp_path, work=tmp_path / "w", recipe=RECIPE)
    assert not (tmp_path / "w").exists()


def test_there_is_a_weight_for_every_class_whatever_was_drawn():
    weights = fit._class_weights(np.array([0, 0, 1]), 4, Recipe(balance=1.0), torch.device("cpu"))
    np.testing.assert_allclose(weights, np.array([0.5, 1, 1, 1]) / 0.875)


def test_rare_classes_can_be_drawn_as_often_as_common_ones(data, tmp_path):
    short = replace(RECIPE, epochs=1, sizes=(64,), resample=1.0)
    train_narrow(data=data, out=tmp_path, work=tmp_path / "w", recipe=short)
    training = read_card(tmp_path / "chest_xray" / "convnet").training
    assert training["resample"] == 1.0
    assert not training["data"], "a plain folder has no authors to name"


def test_the_rate_rises_for_a_tenth_and_falls_by_the_sides_of_the_grid():
    recipe = Recipe(epochs=10, sizes=(64, 64, 64, 64, 224))
    rates = [one_cycle(recipe, 100, step) for step in range(1000)]
    peak = rates.index(max(rates))
    total = 8 * 64 + 2 * 224
    assert max(rates) == pytest.approx(1.0, abs=1e-3)
    assert peak == pytest.approx(100 * 0.1 * total / 64, abs=1)
    # At the beginning of the last size the cycle is as far as the sides are, not as far as the steps are.
    done = 8 * 64 / total
    assert rates[800] == pytest.approx((1 + math.cos(math.pi * (done - 0.1) / 0.9)) / 2)
    assert rates[-1] < 1e-3
    assert one_cycle(recipe, 100, 1000) == rates[-1], "the scheduler asks for one step past the end"


def test_steps_tell_how_far_the_run_is(data, tmp_path):
    seen = []
    train_narrow(data=data, out=tmp_path, work=tmp_path / "w", recipe=RECIPE, on_step=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(1.0)
    # Epochs at 64, 64 and 96 px: the first is 64^2 / (64^2 + 64^2 + 96^2) of the work.
    steps = len(seen) // 3
    assert seen[steps - 1] == pytest.approx(64**2 / (2 * 64**2 + 96**2))


def test_what_is_trained_is_calibrated_and_told_with_its_temperature(data, tmp_path):
    train_narrow(data=data, out=tmp_path, work=tmp_path / "w", recipe=RECIPE)
    card = read_card(tmp_path / "chest_xray" / "convnet")
    assert card.calibrated
    network = load_checkpoint(card)
    answers = read_predictions(card.folder / "predictions.csv", card)
    example = next(row for row in read_examples(data, "chest_xray") if row.name == answers.names[0])
    pixels = load_pictures([example], "test", card.classes, card.preprocessing).pixels[0]
    logits = network.logits(network.to_input(pixels.astype(np.float32) / 255))
    assert answers.probabilities[0] == pytest.approx(network.probabilities(logits)[0].numpy(), abs=2e-6)


def test_a_network_calibrated_afterwards_is_as_if_it_had_been_at_once(data, tmp_path):
    train_narrow(data=data, out=tmp_path, work=tmp_path / "w", recipe=RECIPE)
    folder = tmp_path / "chest_xray" / "convnet"
    card, answers = (folder / "card.toml").read_text(), (folder / "predictions.csv").read_text()
    before, rest = card.split("[calibration]\n")
    (folder / "card.toml").write_text(before + rest[rest.index("[metrics]") :])
    assert not read_card(folder).calibrated
    found = recalibrate(read_card(folder), data, None)
    assert (folder / "card.toml").read_text() == card
    assert (folder / "predictions.csv").read_text() == answers
    assert found["temperature"] == read_card(folder).temperature


def test_a_network_is_not_calibrated_on_pictures_that_it_may_have_learned(data, tmp_path):
    train_narrow(data=data, out=tmp_path, work=tmp_path / "w", recipe=RECIPE)
    shutil.copytree(data, tmp_path / "data")
    (tmp_path / "data" / "train" / "viral" / "0.png").unlink()
    with pytest.raises(UserFacingError, match="does not hold the pictures that chest_xray/convnet learned from"):
        recalibrate(read_card(tmp_path / "chest_xray" / "convnet"), tmp_path / "data", None)


def test_what_was_learned_from_is_listed_beside_the_weights(data, tmp_path):
    train_narrow(data=data, out=tmp_path, work=tmp_path / "w", recipe=RECIPE)
    card = read_card(tmp_path / "chest_xray" / "convnet")
    listed = read_training_files(card.folder / "training_files.txt")
    assert listed.data_sha256 == card.training["published_sha256"]
    for example in read_examples(data, "chest_xray"):
        assert listed.knows(example.sha256) == (example.split == "train")
