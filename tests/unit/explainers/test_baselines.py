"""What each baseline looks like, in pixel space."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lightbox.core.errors import UserFacingError
from lightbox.explainers import BASELINES, Target, picture, run
from lightbox.explainers.engines.baseline_tensor import baseline_input
from tests.networks_for_tests import grey_scan, random_network, wrap

PIXELS = np.random.default_rng(0).uniform(0.2, 0.6, size=(48, 64)).astype(np.float32)
MEAN = np.full((24, 32), 0.25, dtype=np.float32)


@pytest.mark.parametrize("key", BASELINES)
def test_a_baseline_is_a_picture_of_the_same_size_within_black_and_white(key: str) -> None:
    made = picture(key, PIXELS, seed=1, training_mean=MEAN)
    assert made.shape == PIXELS.shape
    assert made.dtype == np.float32
    assert made.min() >= 0
    assert made.max() <= 1
    assert BASELINES[key].key == key
    assert BASELINES[key].help


@pytest.mark.parametrize("key", BASELINES)
def test_a_grey_scan_has_a_grey_baseline(key: str) -> None:
    made = BASELINES[key].make(np.broadcast_to(PIXELS, (1, 3, *PIXELS.shape)), 1, MEAN)
    assert made.shape == (1, 3, *PIXELS.shape)
    np.testing.assert_array_equal(made[0, 0], made[0, 1])
    np.testing.assert_array_equal(made[0, 0], made[0, 2])
    np.testing.assert_allclose(made[0, 0], picture(key, PIXELS, 1, MEAN), atol=1e-6)


def test_each_is_what_its_name_says() -> None:
    assert not picture("black", PIXELS).any()
    assert (picture("white", PIXELS) == 1).all()
    np.testing.assert_allclose(picture("mean", PIXELS), PIXELS.mean(), rtol=1e-5)
    np.testing.assert_allclose(picture("training_mean", PIXELS, training_mean=MEAN), 0.25, rtol=1e-5)
    blurred = picture("blur", PIXELS)
    assert blurred.std() < 0.1 * PIXELS.std()
    assert blurred.mean() == pytest.approx(PIXELS.mean(), abs=0.01)
    gaussian = picture("gaussian_noise", PIXELS)
    assert gaussian.mean() == pytest.approx(PIXELS.mean(), abs=0.01)
    assert gaussian.std() == pytest.approx(PIXELS.std(), abs=0.01)
    uniform = picture("uniform_noise", PIXELS)
    assert uniform.mean() == pytest.approx(0.5, abs=0.03)
    assert uniform.std() == pytest.approx(12**-0.5, abs=0.02)


@pytest.mark.parametrize("key", BASELINES)
def test_only_noise_depends_on_the_seed(key: str) -> None:
    first, again, other = (picture(key, PIXELS, seed, MEAN) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.array_equal(first, other) is not BASELINES[key].random


def test_a_missing_training_mean_is_said() -> None:
    with pytest.raises(UserFacingError, match="does not carry the mean"):
        picture("training_mean", PIXELS)
    network = wrap(torch.nn.Sequential(torch.nn.Conv2d(3, 3, 8), torch.nn.Flatten()))
    with pytest.raises(UserFacingError, match="does not carry the mean"):
        run("integrated_gradients", network, grey_scan(network), Target(0), baseline="training_mean")


def test_an_unknown_baseline_lists_the_known_ones() -> None:
    with pytest.raises(UserFacingError, match="black, white, mean"):
        picture("grey", PIXELS)


def test_pixels_are_made_first_and_normalised_afterwards() -> None:
    network = random_network("convnet", 64)
    x = grey_scan(network)
    black, white = (baseline_input(network, x, key) for key in ("black", "white"))
    mean, std = network.preprocessing.mean[0], network.preprocessing.std[0]
    assert float(black.unique()) == pytest.approx(-mean / std)
    assert float(white.unique()) == pytest.approx((1 - mean) / std)
    own = baseline_input(network, x, "training_mean")
    np.testing.assert_allclose(network.denormalise(own)[0, 0].numpy(), network.training_mean, atol=1e-6)
