"""The shipped samples are what their seeds give, enough of each class, and small."""

from argparse import ArgumentParser
from collections import Counter

import numpy as np
import pytest

from lightbox.cli.phantoms import add_parser
from lightbox.core.errors import UserFacingError
from lightbox.core.settings import PROJECT_DIR
from lightbox.core.tasks import TASKS
from lightbox.imaging.samples import list_samples, read_mask, read_sample
from lightbox.phantoms.phantom import GENERATOR_VERSION, HEALTHY
from lightbox.phantoms.shipped import SHIPPED, to_grey_levels

SAMPLES = PROJECT_DIR / "sample_images"


@pytest.fixture(autouse=True)
def _shipped_folder(monkeypatch):
    monkeypatch.setenv("LIGHTBOX_SAMPLES_DIR", str(SAMPLES))


@pytest.mark.parametrize("recipe", SHIPPED, ids=lambda recipe: recipe.key)
def test_a_shipped_sample_is_what_its_seed_gives(recipe):
    if recipe.task == "brain_mri":
        pytest.importorskip("nilearn", reason="brain phantoms are made from the template that nilearn carries")
    sample = next(sample for sample in list_samples() if sample.key == recipe.key)
    phantom = recipe.make()
    stored = np.rint(read_sample(sample).pixels * 255).astype(int)
    remade = to_grey_levels(phantom.pixels).astype(int)
    # Another processor's exponential may differ in its last digit and tip a pixel over a rounding edge, rarely.
    assert np.abs(stored - remade).max() <= 1
    assert (stored != remade).mean() < 1e-4
    assert (read_mask(sample) != phantom.mask).mean() < 1e-4
    assert (sample.seed, sample.generator_version, sample.plane) == (recipe.seed, GENERATOR_VERSION, phantom.plane)


def test_every_class_ships_at_least_three_times_from_clear_to_subtle():
    samples = list_samples()
    counts = Counter((sample.task, sample.label) for sample in samples)
    for task in TASKS.values():
        for label in task.classes:
            assert counts[task.key, label] >= 3
            levels = [sample.difficulty for sample in samples if sample.label == label]
            if label in HEALTHY:
                assert set(levels) == {None}
            else:
                assert min(levels) < 0.34
                assert max(levels) >= 0.67
    assert all(sample.title.startswith("Synthetic ") for sample in samples)
    assert len({sample.seed for sample in samples}) == len(samples), "no two samples show one patient"


def test_samples_are_small_and_carry_their_licence():
    assert sum(path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file()) < 6_000_000
    listed = {path for sample in list_samples() for path in (sample.image_path, sample.mask_path)}
    hans = SAMPLES / "clever_hans"  # has manifests of its own, see test_clever_hans.py
    assert listed == {path for path in SAMPLES.rglob("*.png") if hans not in path.parents}, "no picture without a row"
    assert "Montreal Neurological Institute" in (SAMPLES / "NOTICE").read_text()
    assert (SAMPLES / "LICENSE").is_file()


def run(*words):
    parser = ArgumentParser()
    add_parser(parser.add_subparsers())
    args = parser.parse_args(["phantoms", *words])
    return args.handler(args)


def test_the_make_command_writes_a_set_that_can_be_read(tmp_path, monkeypatch, capsys):
    words = ("make", "--out", str(tmp_path), "--count", "2", "--task", "chest_xray", "--seed", "40", "--size", "128")
    assert run(*words) == 0
    assert "6 synthetic scans" in capsys.readouterr().out
    monkeypatch.setenv("LIGHTBOX_SAMPLES_DIR", str(tmp_path))
    samples = list_samples()
    assert [sample.seed for sample in samples] == [40, 41, 42, 43, 44, 45]
    assert [sample.label for sample in samples] == ["normal"] * 2 + ["bacterial"] * 2 + ["viral"] * 2
    with pytest.raises(UserFacingError, match="already holds"):
        run(*words)


def test_the_make_command_refuses_an_unknown_task_and_no_scans(tmp_path):
    with pytest.raises(UserFacingError, match="no task named"):
        run("make", "--out", str(tmp_path), "--task", "head_ct")
    with pytest.raises(UserFacingError, match="count is 0"):
        run("make", "--out", str(tmp_path), "--task", "chest_xray", "--count", "0")
