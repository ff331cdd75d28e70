"""Features are what the network computes, and looking at them changes nothing."""

import numpy as np
import pytest
import torch

from lightbox.embedding import worker
from lightbox.embedding.features import LAYOUT_SIDE, extract
from lightbox.embedding.placing import place_work
from lightbox.imaging.preprocess import prepare
from lightbox.networks import NETWORKS
from tests.networks_for_tests import random_network, wrap


def test_pooled_features_times_the_last_layer_are_the_logits():
    network = random_network("convnet", 64)
    pixels = np.random.default_rng(0).random((3, 64, 64), dtype=np.float32)
    found = extract(network, pixels)
    last = network.module.classifier
    assert found.pooled.shape == (3, 54)
    assert [block.shape[1] for block in found.blocks] == [LAYOUT_SIDE**2, 16, 36, 45, 54]
    np.testing.assert_allclose(found.logits, last(torch.from_numpy(found.pooled)).numpy(), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(found.logits, network.logits(network.to_input(pixels)).numpy(), rtol=1e-4, atol=1e-4)
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in network.module.modules())


@pytest.mark.parametrize("key", NETWORKS)
def test_every_architecture_names_stages_that_exist_and_ends_in_a_linear_layer(key):
    with torch.device("meta"):
        module = NETWORKS[key].build(3)
    modules = dict(module.named_modules())
    assert NETWORKS[key].stages
    assert all(name in modules for name in NETWORKS[key].stages)
    assert [child for child in modules.values() if isinstance(child, torch.nn.Linear)][-1].out_features == 3


def test_hooks_are_gone_after_a_failure_too():
    network = wrap(torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(7, 3)))
    with pytest.raises(RuntimeError):
        extract(network, np.zeros((1, 8, 8), np.float32))
    assert not any(module._forward_pre_hooks for module in network.module.modules())


def test_a_network_without_a_linear_layer_is_an_error():
    with pytest.raises(ValueError, match="no linear layer"):
        extract(wrap(torch.nn.Conv2d(3, 3, 1)), np.zeros((1, 8, 8), np.float32))


def test_the_worker_places_a_scan_and_equal_questions_have_equal_keys(monkeypatch, card, atlas):
    monkeypatch.setattr("lightbox.jobs.worker.held_networks.device", lambda _worker=None: torch.device("cpu"))
    pixels = np.random.default_rng(1).random((90, 80), dtype=np.float32)
    view, again, other = (prepare(one, card.preprocessing) for one in (pixels, pixels.copy(), 1 - pixels))
    work = place_work(card, atlas, view)
    assert work.key == place_work(card, atlas, again).key
    assert work.key != place_work(card, atlas, other).key
    placed = worker.place(card=card, atlas=atlas, prepared=view.pixels, progress=lambda _: None)
    assert placed.vector.shape == (atlas.basis.shape[1],)
    assert np.isfinite(placed.distance)
    assert np.isfinite(placed.position).all()
    np.testing.assert_allclose(placed.probabilities.sum(), 1, rtol=1e-5)
