"""One map over several scans."""

import numpy as np
import pytest

from lightbox.comparison import worker
from lightbox.comparison.mean_map import average, mean_map_work
from lightbox.core.errors import UserFacingError
from lightbox.explainers import METHODS, Target, run
from lightbox.imaging.preprocess import Box, Prepared
from lightbox.networks import get_card, load_checkpoint


def views_of(card, pixels):
    """What the network sees of scans, by hand."""
    return [Prepared(one, Box(0, 0, *one.shape), card.preprocessing.steps) for one in pixels]


def test_every_map_weighs_the_same_whatever_its_unit():
    a, b = np.array([[1.0, -3.0]], np.float32), np.array([[2.0, 2.0]], np.float32)
    expected = [[(0.25 + 0.5) / 2, (-0.75 + 0.5) / 2]]
    np.testing.assert_allclose(average([a, b]), expected, rtol=1e-6)
    np.testing.assert_allclose(average([1000 * a, b]), expected, rtol=1e-6)


def test_a_map_without_evidence_counts_and_adds_nothing():
    empty = np.zeros((1, 2), np.float32)
    np.testing.assert_allclose(average([empty, np.array([[1.0, 1.0]], np.float32)]), [[0.25, 0.25]])
    assert not average([empty]).any()


def test_the_worker_averages_what_the_methods_say(monkeypatch):
    card = get_card("chest_xray", "convnet")
    network = load_checkpoint(card)
    prepared = np.random.default_rng(0).random((2, 224, 224), dtype=np.float32)
    work = mean_map_work(card, "grad_cam", views_of(card, prepared), "viral")
    monkeypatch.setattr(worker.held_networks, "device", lambda _worker=None: "cpu")
    seen = []
    result = worker.mean_map(progress=seen.append, **work.arguments)
    maps = [
        run(METHODS["grad_cam"], network, network.to_input(pixels), Target(2), **work.arguments["params"]).values
        for pixels in prepared
    ]
    expected = sum(values / np.abs(values).sum() if values.any() else values for values in maps) / 2
    np.testing.assert_allclose(result.values, expected, rtol=1e-4, atol=1e-9)
    assert (result.scans, result.withheld) == (2, 0)
    assert result.silent == sum(not values.any() for values in maps)
    assert seen == sorted(seen)


def test_what_shows_a_visitors_own_scans_is_kept_for_nobody():
    card = get_card("chest_xray", "convnet")
    views = views_of(card, np.zeros((1, 224, 224), np.float32))
    assert mean_map_work(card, "lrp", views, "viral").kept
    assert not mean_map_work(card, "lrp", views, "viral", kept=False).kept


def test_other_scans_class_or_method_are_another_question():
    card = get_card("chest_xray", "convnet")
    views = views_of(card, np.zeros((2, 224, 224), np.float32))
    keys = {
        mean_map_work(card, "grad_cam", views, "viral").key,
        mean_map_work(card, "grad_cam", views[:1], "viral").key,
        mean_map_work(card, "grad_cam", views, "normal").key,
        mean_map_work(card, "lrp", views, "viral").key,
    }
    assert len(keys) == 4
    with pytest.raises(UserFacingError, match="knows no class 'glioma'"):
        mean_map_work(card, "lrp", views, "glioma")
