"""The detector in NumPy against the same layers in torch, in float64."""

import numpy as np
import pytest

from lightbox.scan_check.detector import Detector, load_detector, log_softmax
from lightbox.scan_check.turns import TURNS, UPRIGHT, turn
from lightbox.scan_check.verdicts import ANSWERS, NUMBERS, after
from lightbox.scan_check.view import VIEW

VIEWS = np.random.default_rng(3).random((3, VIEW.size, VIEW.size)).astype(np.float32)


@pytest.fixture(scope="module")
def learned():
    """A network with random weights and batch norm statistics, and the detector folded from it."""
    import torch

    from lightbox.training.scan_check.network import build, fold

    torch.manual_seed(0)
    network = build().eval()
    for layer in network:
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.running_mean.normal_(0, 0.3)
            layer.running_var.uniform_(0.3, 2)
            torch.nn.init.uniform_(layer.weight, 0.5, 1.5)
            torch.nn.init.normal_(layer.bias, 0, 0.2)
    folded = {name: value.numpy() for name, value in fold(network).items()}
    return network, Detector(folded)


def test_numpy_gives_the_logits_of_torch_with_batch_norm_unfolded(learned):
    import torch

    network, detector = learned
    with torch.no_grad():
        expected = network.double()(torch.as_tensor(VIEWS, dtype=torch.float64)[:, None]).numpy()
    np.testing.assert_allclose(detector.logits(VIEWS), expected, atol=1e-4 * np.abs(expected).max())


def test_a_picture_alone_gets_the_logits_that_it_gets_among_others(learned):
    _network, detector = learned
    np.testing.assert_allclose(detector.logits(VIEWS[1:2])[0], detector.logits(VIEWS)[1], atol=1e-5)


def test_one_copy_gives_the_softmax_of_the_logits(learned):
    _network, detector = learned
    scores = detector.logits(VIEWS[:1])[0].astype(np.float64)
    expected = np.exp(scores) / np.exp(scores).sum()
    np.testing.assert_allclose(detector.probabilities(VIEWS[0], (UPRIGHT,)), expected, rtol=1e-6)


@pytest.mark.parametrize("name", TURNS)
def test_over_all_eight_copies_a_turned_picture_gets_the_turned_answer(learned, name):
    """Whatever the weights: the mean over the group commutes with the group."""
    _network, detector = learned
    straight = detector.probabilities(VIEWS[0], TURNS)
    turned = detector.probabilities(turn(VIEWS[0], name), TURNS)
    moved = np.array([turned[NUMBERS[after(name, answer)]] for answer in ANSWERS])
    # Answers that a turn cannot tell apart (a brain and its mirror image) share one number.
    np.testing.assert_allclose(moved, straight, atol=1e-5)


def test_probabilities_sum_to_one():
    for view in VIEWS:
        assert load_detector().probabilities(view).sum() == pytest.approx(1)


def test_the_logarithm_of_a_softmax_is_bounded_and_finite():
    rows = log_softmax(np.array([[1e4, -1e4, 0.0]]))
    assert np.isfinite(rows).all()
    assert rows[0, 0] == pytest.approx(0)


def test_folded_weights_unfold_to_the_same_network(learned):
    import torch

    from lightbox.training.scan_check.network import unfold

    _network, detector = learned
    unfolded = unfold({name: torch.as_tensor(value) for name, value in detector.weights.items()})
    with torch.no_grad():
        again = unfolded(torch.as_tensor(VIEWS)[:, None]).numpy()
    np.testing.assert_allclose(again, detector.logits(VIEWS), atol=1e-4 * np.abs(again).max())
