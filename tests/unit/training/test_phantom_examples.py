import tomllib

import pytest

from lightbox.core.errors import UserFacingError
from lightbox.phantoms.seeds import FRESH, TRAINING
from lightbox.phantoms.shipped import make_recipes, write_set
from lightbox.training.phantom_examples import read_phantoms


def write_phantoms(folder, seed):
    write_set(make_recipes("chest_xray", ("normal", "viral"), 2, seed, 128), folder)
    return folder


def test_every_scan_of_a_set_is_a_training_example(tmp_path):
    examples = read_phantoms(write_phantoms(tmp_path, TRAINING.start), "chest_xray")
    assert [example.label for example in examples] == ["normal", "normal", "viral", "viral"]
    assert {example.split for example in examples} == {"train"}
    assert len({example.group for example in examples}) == 4
    rows = tomllib.loads((tmp_path / "manifest.toml").read_text())["sample"]
    assert [example.name for example in examples] == [f"phantoms/{row['file']}" for row in rows]


@pytest.mark.parametrize(
    ("seed", "task", "words"),
    [
        (0, "chest_xray", "on which networks are evaluated"),
        (TRAINING.start - 1, "chest_xray", "on which networks are evaluated"),
        (TRAINING.stop - 1, "chest_xray", "on which networks are evaluated"),
        (FRESH.start, "chest_xray", "on which networks are evaluated"),
        (TRAINING.start, "brain_mri", "not of brain_mri"),
    ],
)
def test_scans_that_may_not_be_trained_on_are_refused(tmp_path, seed, task, words):
    with pytest.raises(UserFacingError, match=words):
        read_phantoms(write_phantoms(tmp_path, seed), task)


def test_a_folder_without_a_set_is_refused(tmp_path):
    with pytest.raises(UserFacingError, match="holds no set of phantoms"):
        read_phantoms(tmp_path, "chest_xray")
