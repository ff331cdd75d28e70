"""The search finds, stops, survives a kill, and writes what training reads."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import optuna
import pytest
from PIL import Image

from lightbox.cli import main
from lightbox.core.errors import UserFacingError
from lightbox.networks import read_card
from lightbox.networks.architectures.convnet import build, smallest_size
from lightbox.provenance.tuning import COMPLETE, FAIL, PRUNED, find_tuning, read_tuning
from lightbox.training.recipe import Recipe, read_recipe
from lightbox.training.tuning.space import build_space, first_point, widths_of
from lightbox.training.tuning.tune import tune
from lightbox.training.work_folder import read_identity

ROOT = Path(__file__).resolve().parents[3]
RECIPE = Recipe(epochs=2, sizes=(32,), batch_size=16, ema_decay=0.6, validation_share=0.3, seed=3)
TRIALS = 7
# Kills its own process in the second epoch of the third trial: no handler runs, nothing is tidied up.
KILLED = """
import os, signal, sys
from pathlib import Path
from lightbox.training.recipe import Recipe
from lightbox.training.tuning import tune as module

fit, calls = module.fit, []

def fit_and_die(*arguments, on_epoch, **options):
    calls.append(1)
    def watch(history):
        on_epoch(history)
        if len(calls) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
    return fit(*arguments, on_epoch=watch, **options)

module.fit = fit_and_die
recipe = Recipe(epochs=2, sizes=(32,), batch_size=16, ema_decay=0.6, validation_share=0.3, seed=3)
places = {"data": Path(sys.argv[1]), "work": Path(sys.argv[2])}
module.tune("shapes", **places, recipe=recipe, trials=7, classes=("left", "right"))
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    generator = np.random.default_rng(0)
    for index, label in enumerate(("left", "right")):
        (folder / label).mkdir()
        for number in range(20):
            pixels = generator.integers(0, 60, (32, 32)).astype(np.uint8)
            pixels[8:24, 3 + 14 * index : 15 + 14 * index] += 150
            Image.fromarray(pixels).save(folder / label / f"{number}.png")
    return folder


@pytest.fixture(scope="module")
def undisturbed(data, tmp_path_factory):
    work = tmp_path_factory.mktemp("study")
    return work, tune("shapes", data=data, work=work, recipe=RECIPE, trials=TRIALS, classes=("left", "right"))


def test_the_search_begins_with_what_ships_and_counts_its_trials(undisturbed):
    work, found = undisturbed
    assert found.trials[0].params["first_width"] == 16
    assert found.count(COMPLETE) + found.count(PRUNED) == TRIALS == len(found.trials)
    assert found.best.value == min(trial.value for trial in found.trials if trial.state == COMPLETE)
    assert all(len(trial.course) == RECIPE.epochs for trial in found.trials if trial.state == COMPLETE)
    assert read_tuning(work / "tuning.json") == found
    assert not list(work.glob("trial-*")), "what a trial needs on disk goes with it"


def test_a_killed_search_goes_on_to_the_same_trials(undisturbed, data, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", KILLED, str(data), str(tmp_path)]
    ended = subprocess.run(command, env=environment, cwd=ROOT, check=False, capture_output=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert read_tuning(tmp_path / "tuning.json").count(COMPLETE) == 2
    (left,) = tmp_path.glob("trial-*")
    assert (left / "last.pt").is_file()
    found = tune("shapes", data=data, work=tmp_path, recipe=RECIPE, trials=TRIALS, classes=("left", "right"))
    (failed,) = [trial for trial in found.trials if trial.state == FAIL]
    assert failed.note == "interrupted"
    repeated = next(trial for trial in found.trials if trial.number == failed.number + 1)
    assert (repeated.params, repeated.note) == (failed.params, "repeats trial 2, which was interrupted")
    rest = [(trial.state, trial.params) for trial in found.trials if trial.state != FAIL]
    assert rest == [(trial.state, trial.params) for trial in undisturbed[1].trials]
    values = [trial.value for trial in found.trials if trial.state == COMPLETE]
    expected = [trial.value for trial in undisturbed[1].trials if trial.state == COMPLETE]
    np.testing.assert_allclose(values, expected, rtol=1e-5)


def test_a_finished_search_is_left_as_it_is(undisturbed, data):
    work, found = undisturbed
    again = tune("shapes", data=data, work=work, recipe=RECIPE, trials=TRIALS, classes=("left", "right"))
    assert again.trials == found.trials


def test_a_study_from_before_a_recipe_had_some_number_goes_on(undisturbed, data, tmp_path):
    work = tmp_path / "work"
    shutil.copytree(undisturbed[0], work)
    study = optuna.load_study(study_name="tune", storage=f"sqlite:///{work / 'study.db'}")
    identity = json.loads(study.user_attrs["identity"])
    assert (identity["recipe"].pop("views"), identity["recipe"].pop("teacher_size")) == (0, 0)
    study.set_user_attr("identity", json.dumps(identity))
    again = tune("shapes", data=data, work=work, recipe=RECIPE, trials=TRIALS, classes=("left", "right"))
    assert again.trials == undisturbed[1].trials


def test_another_search_in_the_same_folder_is_refused(undisturbed, data):
    other = Recipe(epochs=3, sizes=(32,), batch_size=16, ema_decay=0.6, validation_share=0.3, seed=3)
    with pytest.raises(UserFacingError, match="a study with other settings"):
        tune("shapes", data=data, work=undisturbed[0], recipe=other, trials=1, classes=("left", "right"))


def test_a_search_does_not_go_on_with_another_order_of_the_classes(undisturbed, data):
    with pytest.raises(UserFacingError, match="a study with other settings"):
        tune("shapes", data=data, work=undisturbed[0], recipe=RECIPE, trials=1, classes=("right", "left"))


def test_a_search_that_cannot_end_is_refused_before_it_begins(data, tmp_path):
    recipe = Recipe(epochs=1, sizes=(32, 64), batch_size=16)
    with pytest.raises(UserFacingError, match="the last of the sizes 32, 64 is never reached"):
        tune("shapes", data=data, work=tmp_path / "w", recipe=recipe, trials=1, classes=("left", "right"))
    assert not (tmp_path / "w").exists()


def test_a_study_from_before_the_classes_were_written_down_had_those_of_the_task():
    old = {"task": "chest_xray", "data": "0"}
    assert read_identity(json.dumps(old)) == {**old, "classes": ["normal", "bacterial", "viral"]}
    assert read_identity('{"task": "shapes"}') == {"task": "shapes"}
    assert read_identity("[1") == read_identity("3") == {}


def test_training_reads_the_recipe_and_the_checkpoint_loads(undisturbed, data, tmp_path, capsys):
    work, found = undisturbed
    numbers, architecture = read_recipe(work / "recipe.toml")
    assert architecture == {"channels": widths_of(found.best.params)}
    assert numbers["learning_rate"] == found.best.params["learning_rate"]
    command = f"train --task shapes --classes left,right --network convnet --data {data} --out {tmp_path} --epochs 1"
    assert main([*command.split(), "--work", str(tmp_path / "w"), "--recipe", str(work / "recipe.toml")]) == 0
    card = read_card(tmp_path / "shapes" / "convnet")
    assert list(card.architecture["channels"]) == architecture["channels"]
    assert (card.training["epochs"], card.training["learning_rate"]) == (1, numbers["learning_rate"])
    assert card.classes == ("left", "right")
    assert "validation_accuracy" in capsys.readouterr().out


def test_a_recipe_with_a_stranger_in_it_is_refused(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text("[recipe]\nepochs = 3\nmomentum = 0.9\n")
    with pytest.raises(UserFacingError, match=r"momentum = 0\.9, which is no number"):
        read_recipe(path)
    path.write_text('[recipe]\nepochs = "many"\n')
    with pytest.raises(UserFacingError, match="epochs = 'many'"):
        read_recipe(path)


def test_widths_that_a_network_cannot_have_are_refused(data, tmp_path, capsys):
    command = f"train --task shapes --classes left,right --network vgg16 --data {data} --work {tmp_path} --widths 8,8"
    assert main(command.split()) == 1
    assert "VGG16 cannot be built with" in capsys.readouterr().err


def test_the_command_says_what_it_tried(data, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(tmp_path))
    path = tmp_path / "shapes" / "convnet" / "tuning.json"
    command = f"tune --task shapes --classes left,right --data {data} --work {tmp_path / 'w'} --json {path} --trials 1"
    options = "--epochs 1 --sizes 32 --objective balanced_accuracy --validation-share 0.3 --batch-size 16"
    assert main([*command.split(), *options.split()]) == 0
    assert "best: trial 0, validation balanced_accuracy" in capsys.readouterr().out
    assert find_tuning("shapes", "convnet").direction == "maximize"
    assert find_tuning("shapes", "vgg16") is None


@pytest.mark.parametrize("blocks", range(1, 6))
def test_every_depth_has_a_smallest_picture(blocks):
    import torch

    module, side = build(3, channels=(4,) * blocks).eval(), smallest_size(blocks)
    assert module(torch.zeros(1, 3, side, side)).shape == (1, 3)
    with pytest.raises(RuntimeError, match=r"(?i)output size is too small|kernel size"):
        module(torch.zeros(1, 3, side - 1, side - 1))
    assert module.get_submodule("relu4")


def test_the_space_fits_the_smallest_grid():
    assert build_space((64, 128))["blocks"].high == 4
    assert build_space((96,))["blocks"].high == 5
    assert first_point(build_space((96,)), Recipe())["blocks"] == 4
    with pytest.raises(UserFacingError, match="At 16 pixels"):
        build_space((16,))
    with pytest.raises(ValueError, match="1 to 5 blocks"):
        build(3, channels=(4,) * 6)
