"""Each worker owns its networks, and notices when one is not what it was."""

import os
import shutil
from dataclasses import replace

import numpy as np
import pytest

from lightbox import explainers
from lightbox.core.errors import UserFacingError
from lightbox.explainers.base import Target
from lightbox.imaging.preprocess import prepare
from lightbox.jobs import ExplainRequest, PredictRequest
from lightbox.jobs.cache import find_arrays
from lightbox.networks import get_card

from .conftest import work, write_checkpoint


@pytest.fixture
def card(checkpoint):
    return get_card("brain_mri", "convnet")


def finish(engine, request):
    job = engine.submit(request, "me")
    assert job.wait(60)
    engine.release(job, "me")
    return job


@pytest.fixture
def view(card, pixels):
    return prepare(pixels, card.preprocessing)


def test_a_prediction_is_the_networks_own_answer(engine, card, view):
    import torch

    from lightbox.networks import load_network

    job = finish(engine, PredictRequest(card, view))
    network = load_network("brain_mri", "convnet")
    logits = network.logits(network.to_input(view.pixels))[0]
    prediction = job.result
    # Equal up to the thread count, which may change the order of a sum.
    np.testing.assert_allclose(prediction.logits, logits, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(prediction.probabilities, torch.softmax(logits, 0), rtol=1e-5)
    # No pixels come back.
    assert sum(array.size for array in find_arrays(prediction)) == 2 * len(network.classes)
    assert prediction.classes[0] == "glioma"
    assert prediction.class_titles[0] == "Glioma"
    assert prediction.weights_sha256 == network.sha256


@pytest.mark.parametrize("method", ["lrp", "contrastive_lrp", "lime", "grad_cam", "integrated_gradients"])
def test_a_map_from_a_worker_is_the_map_computed_alone(engine, card, view, method):
    from lightbox.networks import load_network

    network = load_network("brain_mri", "convnet")
    alone = explainers.run(method, network, network.to_input(view.pixels), Target(1))
    job = finish(engine, ExplainRequest(card, view, method, Target(1)))
    assert job.error is None
    np.testing.assert_allclose(job.result.values, alone.values, rtol=1e-4, atol=1e-6 * np.abs(alone.values).max())
    assert job.result.target == alone.target
    assert not job.result.values.flags.writeable


def test_a_result_on_changed_weights_is_withheld_and_the_next_job_has_fresh_ones(engine, card, view):
    request = PredictRequest(card, view).work()
    before = finish(engine, request).result.logits
    for _ in range(2):  # one for each worker
        spoiled = finish(engine, work("nudge_a_weight", card=card))
        assert (spoiled.state, spoiled.result) == ("failed", None)
    for key in (request.key, "asked for the first time"):
        np.testing.assert_array_equal(finish(engine, replace(request, key=key)).result.logits, before)


def test_a_failure_throws_the_network_away(engine, card):
    # It may hold networks of other tests besides.
    assert finish(engine, work("hold_each", cards=[card])).result[-1] == card.sha256
    assert card.sha256 not in finish(engine, work("fail_while_holding", card=card)).result


def test_a_worker_holds_at_most_three_networks(engine, tmp_path, card):
    cards = []
    for seed in range(1, 6):
        folder = write_checkpoint(tmp_path / "more" / str(seed), seed=seed)
        cards.append(type(card)(**{**fields_of(card), "folder": folder, "sha256": sha256_of(folder)}))
    held = finish(engine, work("hold_each", cards=cards)).result
    assert held == [other.sha256 for other in cards[-3:]]


def fields_of(card):
    return {name: getattr(card, name) for name in card.__slots__}


def sha256_of(folder):
    from lightbox.networks import read_card

    return read_card(folder).sha256


@pytest.fixture
def unknown_checkpoint(checkpoint):
    """One that no worker has loaded yet."""
    shutil.rmtree(checkpoint)
    return write_checkpoint(checkpoint, seed=int.from_bytes(os.urandom(3)))


def ask(pixels):
    card = get_card("brain_mri", "convnet")
    return PredictRequest(card, prepare(pixels, card.preprocessing)).work()


def test_weights_that_are_not_the_cards_are_refused_in_words(engine, unknown_checkpoint, pixels):
    request = ask(pixels)
    content = bytearray((unknown_checkpoint / "weights.safetensors").read_bytes())
    content[-1] ^= 1
    (unknown_checkpoint / "weights.safetensors").write_bytes(content)
    job = finish(engine, request)
    assert job.state == "failed"
    assert "sha256 differs" in job.error.message


def test_a_checkpoint_that_vanished_is_said_in_words(engine, unknown_checkpoint, pixels):
    request = ask(pixels)
    shutil.rmtree(unknown_checkpoint)
    job = finish(engine, request)
    assert "does not have the checkpoint brain_mri/convnet" in job.error.message


def test_a_worker_uses_its_own_folder_where_it_holds_the_very_same_checkpoint(checkpoint, tmp_path):
    from lightbox.jobs.worker.held_networks import _find_here
    from lightbox.networks import read_card

    mean = checkpoint / "training_mean.png"
    mean.write_bytes(b"a mean of training scans")
    there = tmp_path / "the driver's" / "convnet"
    shutil.copytree(checkpoint, there)
    asked = read_card(there)
    shutil.rmtree(there)
    assert _find_here(asked).folder == checkpoint
    mean.write_bytes(b"another mean")
    with pytest.raises(UserFacingError, match="does not have the checkpoint brain_mri/convnet"):
        _find_here(asked)
