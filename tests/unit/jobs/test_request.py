import dataclasses
import shutil

import numpy as np
import pytest

import lightbox
from lightbox.core.errors import UserFacingError
from lightbox.explainers.base import Target
from lightbox.imaging.preprocess import prepare
from lightbox.jobs import ExplainRequest, PredictRequest
from lightbox.jobs.request import make_key
from lightbox.networks import get_card

from .conftest import write_checkpoint


@pytest.fixture
def request_(checkpoint, pixels):
    card = get_card("brain_mri", "convnet")
    return ExplainRequest(card, prepare(pixels, card.preprocessing), "lrp", Target(0), {"steps": 64})


def read_again(request):
    """The same request on what the models folder holds now."""
    return dataclasses.replace(request, card=get_card("brain_mri", "convnet"))


def test_equal_requests_have_equal_keys(request_):
    view = dataclasses.replace(request_.view, pixels=request_.view.pixels.copy())
    copy = dataclasses.replace(request_, view=view, params={"steps": 64})
    assert copy.work().key == request_.work().key


def test_a_request_is_of_the_card_that_it_carries(request_, checkpoint):
    own = dataclasses.replace(request_.card, sha256="0" * 64)
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
        changed = request_.view.pixels.copy()
        changed[tuple(index)] = np.nextafter(changed[tuple(index)], np.float32(2), dtype=np.float32)
        view = dataclasses.replace(request_.view, pixels=changed)
        keys.add(dataclasses.replace(request_, view=view).work().key)
    assert len(keys) == 1 + len({tuple(index) for index in np.random.default_rng(0).integers(0, 96, (200, 2)).tolist()})


def test_the_key_changes_with_the_librarys_version(request_, monkeypatch):
    before = request_.work().key
    monkeypatch.setattr(lightbox, "__version__", "0.0.0")
    assert request_.work().key != before


def test_the_key_changes_with_the_weights(request_, checkpoint):
    before = request_.work().key
    shutil.rmtree(checkpoint)
    write_checkpoint(checkpoint, seed=1)
    assert read_again(request_).work().key != before


@pytest.mark.parametrize(
    ("old", "new"), [("mean = [0.4", "mean = [0.5"), ('"glioma", "meningioma"', '"meningioma", "glioma"')]
)
def test_the_key_changes_with_the_card_even_where_the_weights_stay(request_, checkpoint, old, new):
    before = request_.work().key
    card = checkpoint / "card.toml"
    card.write_text(card.read_text().replace(old, new))
    assert read_again(request_).work().key != before


def test_the_key_changes_with_the_training_mean(request_, checkpoint):
    before = request_.work().key
    (checkpoint / "training_mean.png").write_bytes(b"any bytes")
    assert read_again(request_).work().key != before


def test_no_two_sets_of_ingredients_share_a_text():
    assert make_key(a="x", b="y") != make_key(a='x","b":"y')
    assert make_key(a=["x", "y"]) != make_key(a=["x,y"])
    assert make_key(a="é") != make_key(a="e\u0301")


def test_equal_views_from_different_places_are_one_prediction_and_each_asker_knows_its_place(checkpoint, pixels):
    moved = np.zeros((130, 100), np.float32)
    moved[10:] = pixels
    card = get_card("brain_mri", "convnet")
    here, there = (prepare(scan, card.preprocessing) for scan in (pixels, moved))
    assert np.array_equal(here.pixels, there.pixels)
    assert there.box == dataclasses.replace(here.box, top=here.box.top + 10)
    assert PredictRequest(card, here).work().key == PredictRequest(card, there).work().key


def test_a_scan_travels_only_as_its_prepared_grid(checkpoint):
    card = get_card("brain_mri", "convnet")
    view = prepare(np.full((2000, 2000), 0.5, np.float32), card.preprocessing)
    arguments = PredictRequest(card, view).work().arguments
    assert arguments["prepared"].shape == (96, 96)
    assert sum(value.nbytes for value in arguments.values() if isinstance(value, np.ndarray)) == 96 * 96 * 4


def test_a_network_without_checkpoint_is_said_in_words(checkpoint, pixels):
    with pytest.raises(UserFacingError, match="VGG16 has no trained checkpoint for Brain MRI"):
        get_card("brain_mri", "vgg16")


def test_native_pixels_are_not_taken_for_prepared_ones(request_, pixels):
    with pytest.raises(ValueError, match=r"reads \(96, 96\) prepared pixels, not \(120, 100\)"):
        dataclasses.replace(request_, view=dataclasses.replace(request_.view, pixels=pixels)).work()


@pytest.mark.parametrize("kind", [PredictRequest, ExplainRequest])
def test_what_another_network_sees_is_refused(request_, pixels, kind):
    whole = dataclasses.replace(request_.card.preprocessing, crop="none")
    given = (request_.card, prepare(pixels, whole))
    request = kind(*given) if kind is PredictRequest else kind(*given, "lrp", Target(0))
    with pytest.raises(ValueError, match=r"prepared by \(96, 'head', .*\), not by \(96, 'none'"):
        request.work()


def test_networks_that_differ_after_the_preparation_share_the_view(request_):
    card = request_.card
    brighter = dataclasses.replace(card, preprocessing=dataclasses.replace(card.preprocessing, mean=(0.5, 0.5, 0.5)))
    other = dataclasses.replace(request_, card=brighter).work()
    assert other.arguments["prepared"] is request_.work().arguments["prepared"]
    assert other.key != request_.work().key
