import dataclasses
import shutil

import numpy as np
import pytest

import lightbox
from lightbox.core.errors import UserFacingError
from lightbox.explainers.base import Target
from lightbox.jobs import ExplainRequest, PredictRequest
from lightbox.jobs.request import make_key

from .conftest import write_checkpoint


@pytest.fixture
def request_(checkpoint, pixels):
    prepared = PredictRequest("brain_mri", "convnet", pixels).work().arguments["prepared"]
    return ExplainRequest("brain_mri", "convnet", "lrp", prepared, Target(0), {"steps": 64})


def test_equal_requests_have_equal_keys(request_):
    copy = dataclasses.replace(request_, prepared=request_.prepared.copy(), params={"steps": 64})
    assert copy.work().key == request_.work().key


def test_a_card_of_its_own_goes_before_the_models_folder(request_, checkpoint):
    own = dataclasses.replace(request_.work().arguments["card"], sha256="0" * 64)
    other = dataclasses.replace(request_, card=own).work()
    assert other.arguments["card"] is own
    assert other.key != request_.work().key


@pytest.mark.parametrize(
    "change",
    [
        {"method": "lime"},
        {"target": Target(1)},
        {"target": Target(0, against=1)},
        {"params": {"steps": 65}},
        {"params": {"steps": 64.0}},
        {"params": {"steps": "64"}},
        {"params": {"steps": True}},
        {"params": {"samples": 64}},
        {"params": {}},
    ],
    ids=str,
)
def test_the_key_changes_with_every_ingredient(request_, change):
    assert dataclasses.replace(request_, **change).work().key != request_.work().key


def test_the_key_changes_with_any_single_pixel(request_):
    keys = {request_.work().key}
    for index in np.random.default_rng(0).integers(0, 96, (200, 2)):
        changed = request_.prepared.copy()
        changed[tuple(index)] = np.nextafter(changed[tuple(index)], np.float32(2), dtype=np.float32)
        keys.add(dataclasses.replace(request_, prepared=changed).work().key)
    assert len(keys) == 1 + len({tuple(index) for index in np.random.default_rng(0).integers(0, 96, (200, 2)).tolist()})


def test_the_key_changes_with_the_librarys_version(request_, monkeypatch):
    before = request_.work().key
    monkeypatch.setattr(lightbox, "__version__", "0.0.0")
    assert request_.work().key != before


def test_the_key_changes_with_the_weights(request_, checkpoint):
    before = request_.work().key
    shutil.rmtree(checkpoint)
    write_checkpoint(checkpoint, seed=1)
    assert request_.work().key != before


@pytest.mark.parametrize(
    ("old", "new"), [("mean = [0.4", "mean = [0.5"), ('"glioma", "meningioma"', '"meningioma", "glioma"')]
)
def test_the_key_changes_with_the_card_even_where_the_weights_stay(request_, checkpoint, old, new):
    before = request_.work().key
    card = checkpoint / "card.toml"
    card.write_text(card.read_text().replace(old, new))
    assert request_.work().key != before


def test_the_key_changes_with_the_training_mean(request_, checkpoint):
    before = request_.work().key
    (checkpoint / "training_mean.png").write_bytes(b"any bytes")
    assert request_.work().key != before


def test_no_two_sets_of_ingredients_share_a_text():
    assert make_key(a="x", b="y") != make_key(a='x","b":"y')
    assert make_key(a=["x", "y"]) != make_key(a=["x,y"])
    assert make_key(a="é") != make_key(a="e\u0301")


def test_equal_views_from_different_places_are_different_predictions(checkpoint, pixels):
    moved = np.zeros((130, 100), np.float32)
    moved[10:] = pixels
    here, there = (PredictRequest("brain_mri", "convnet", scan).work() for scan in (pixels, moved))
    assert np.array_equal(here.arguments["prepared"], there.arguments["prepared"])
    assert here.key != there.key


def test_a_scan_travels_only_as_its_prepared_grid(checkpoint):
    arguments = PredictRequest("brain_mri", "convnet", np.full((2000, 2000), 0.5, np.float32)).work().arguments
    assert arguments["prepared"].shape == (96, 96)
    assert sum(value.nbytes for value in arguments.values() if isinstance(value, np.ndarray)) == 96 * 96 * 4


def test_a_network_without_checkpoint_is_said_in_words(checkpoint, pixels):
    with pytest.raises(UserFacingError, match="VGG16 has no trained checkpoint for Brain MRI"):
        PredictRequest("brain_mri", "vgg16", pixels).work()


def test_native_pixels_are_not_taken_for_prepared_ones(request_, pixels):
    with pytest.raises(ValueError, match=r"reads \(96, 96\) prepared pixels, not \(120, 100\)"):
        dataclasses.replace(request_, prepared=pixels).work()
