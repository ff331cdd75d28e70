import json
import math
import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from lightbox.core.errors import UserFacingError
from lightbox.networks import load_checkpoint, read_card
from lightbox.networks.data_audit import Alike, DataAudit, File, Patients
from lightbox.training import fit
from lightbox.training import train as module
from lightbox.training.audit.audit import audit as audit_data
from lightbox.training.datasets import hold_out, read_examples, tie_groups
from lightbox.training.fit import one_cycle
from lightbox.training.recipe import Recipe
from lightbox.training.split import same_pictures
from lightbox.training.train import train
from lightbox.training.work_folder import hold_work

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


def weights(folder):
    return read_card(folder / "chest_xray" / "convnet").sha256


def test_a_stopped_run_goes_on_to_the_same_weights(data, tmp_path):
    train("chest_xray", "convnet", data=data, out=tmp_path / "whole", work=tmp_path / "a", recipe=RECIPE)

    def stop_after_two(history):
        if history[-1]["epoch"] == 2:
            raise StopError

    with pytest.raises(StopError):
        train(
            "chest_xray",
            "convnet",
            data=data,
            out=tmp_path / "resumed",
            work=tmp_path / "b",
            recipe=RECIPE,
            on_epoch=stop_after_two,
        )
    assert not (tmp_path / "resumed").exists()
    train("chest_xray", "convnet", data=data, out=tmp_path / "resumed", work=tmp_path / "b", recipe=RECIPE)
    assert weights(tmp_path / "whole") == weights(tmp_path / "resumed")


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
    old = ("predictions.csv", "history.csv", "embedding.npz", "tuning.json")
    for name in old:
        (folder / name).write_text("of the network before")
    short = replace(RECIPE, epochs=1, sizes=(64,))
    places = {"data": data, "out": tmp_path, "work": tmp_path / "w", "recipe": short}

    def interrupt(card, *_):
        assert not card.measured
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, "_measure", interrupt)
        with pytest.raises(KeyboardInterrupt):
            train("chest_xray", "convnet", **places)
    assert [name for name in old if (folder / name).exists()] == ["history.csv", "tuning.json"]
    assert "of the network before" not in (folder / "history.csv").read_text()
    train("chest_xray", "convnet", **places)
    card = read_card(folder)
    assert card.measured
    assert card.metrics["weights_sha256"] == card.sha256
    assert card.training["published_sha256"] == audit_data(data).data_sha256
    assert audit_data(data).of_data_of(card)


class StopError(Exception):
    pass


def begin(data, work, **changes):
    """Begin a run, and stop it when its first pictures would be read."""
    settings = {"task": "shapes", "network": "convnet", "classes": ("normal", "bacterial", "viral"), "recipe": RECIPE}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "load_pictures", lambda *_: stop())
        with pytest.raises(StopError):
            train(**{**settings, **changes}, data=data, out=work, work=work)


def stop():
    raise StopError


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


def audit_of(files, alike):
    """An audit that found these pairs and nothing else."""
    return DataAudit(
        collection="folders",
        title="",
        images=len(files),
        data_sha256="",
        date="",
        lightbox_version="",
        alike_threshold=0.965,
        shares=(),
        sizes={},
        more_sizes=0,
        files=files,
        copies=(),
        alike=alike,
        close_pairs=0,
        leaks=(),
        patients=Patients(0, 0, (), ""),
        oddities=(),
        unreadable=(),
    )


def test_what_an_audit_tied_is_held_out_together(data, tmp_path):
    names = [f"train/normal/{number}.png" for number in range(6)]
    files = tuple(File(name, "train", "normal") for name in names)
    audit = audit_of(files, tuple(Alike(0, place, 0.99) for place in range(1, len(files))))
    examples = read_examples(data, "chest_xray")
    tied = tie_groups(examples, same_pictures(audit, examples))
    for seed in range(5):
        split = {example.name: example.split for example in hold_out(tied, 0.3, seed)}
        assert len({split[name] for name in names}) == 1
    short = replace(RECIPE, epochs=1, sizes=(64,))
    train("chest_xray", "convnet", data=data, out=tmp_path, work=tmp_path / "w", recipe=short, audit=audit)
    assert read_card(tmp_path / "chest_xray" / "convnet").training["audited"] is True
    elsewhere = audit_of(tuple(replace(file, name=f"chest/{file.name}") for file in files), audit.alike)
    with pytest.raises(UserFacingError, match="names no file of this data"):
        train("chest_xray", "convnet", data=data, out=tmp_path, work=tmp_path / "x", recipe=short, audit=elsewhere)


@pytest.mark.parametrize("label", ["normal", "viral"])
def test_a_class_without_training_pictures_is_refused_by_name(data, tmp_path, label):
    shutil.copytree(data, tmp_path / "data")
    shutil.rmtree(tmp_path / "data" / "train" / label)
    with pytest.raises(UserFacingError, match=f"no training picture of {label}"):
        train("chest_xray", "convnet", data=tmp_path / "data", out=tmp_path, work=tmp_path / "w", recipe=RECIPE)
    assert not (tmp_path / "w").exists()


def test_there_is_a_weight_for_every_class_whatever_was_drawn():
    weights = fit._class_weights(np.array([0, 0, 1]), 4, Recipe(balance=1.0), torch.device("cpu"))
    np.testing.assert_allclose(weights, np.array([0.5, 1, 1, 1]) / 0.875)


def test_rare_classes_can_be_drawn_as_often_as_common_ones(data, tmp_path):
    short = replace(RECIPE, epochs=1, sizes=(64,), resample=1.0)
    train("chest_xray", "convnet", data=data, out=tmp_path, work=tmp_path / "w", recipe=short)
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
    train("chest_xray", "convnet", data=data, out=tmp_path, work=tmp_path / "w", recipe=RECIPE, on_step=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(1.0)
    # Epochs at 64, 64 and 96 px: the first is 64^2 / (64^2 + 64^2 + 96^2) of the work.
    steps = len(seen) // 3
    assert seen[steps - 1] == pytest.approx(64**2 / (2 * 64**2 + 96**2))
