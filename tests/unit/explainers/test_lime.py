"""LIME against stock lime_image on the same draws and segments, and against models that are linear."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from lime.lime_image import LimeImageExplainer
from torch import nn

from lightbox.explainers import Target, run
from lightbox.explainers.engines.perturbation import find_superpixels, fit
from lightbox.explainers.engines.sampling_design import Balanced, Independent, build_sampler
from tests.networks_for_tests import grey_scan, random_network, wrap

SIZE = 32
WEIGHTS = np.random.default_rng(0).normal(size=(SIZE, SIZE))


class Linear(nn.Module):
    """Two logits: a weighted sum of the pixels of channel 0 plus 1, and its opposite."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        value = (x[:, 0] * torch.as_tensor(WEIGHTS, dtype=x.dtype)).sum(dim=(1, 2)) + 1
        return torch.stack([value, -value], dim=1)


@pytest.mark.parametrize("sampler", ["balanced", "independent"])
@pytest.mark.parametrize("baseline", ["black", "white", "blur"])
def test_a_model_that_is_linear_in_the_superpixels_is_recovered_exactly(sampler: str, baseline: str) -> None:
    from lightbox.explainers import picture

    network = wrap(Linear(), size=SIZE, classes=2)
    x = grey_scan(network).double()
    pixels = x[0, 0].numpy()
    result = run("lime", network, x, Target(0), sampler=sampler, baseline=baseline, ridge=0.0, superpixels=20)
    segments = find_superpixels(pixels, 20)
    hidden = picture(baseline, pixels.astype(np.float32)).astype(float)
    effect = (WEIGHTS * (pixels - hidden)).ravel()
    expected = np.bincount(segments.ravel(), weights=effect)[segments]
    # Exact up to float32: of the fill, and of the map.
    np.testing.assert_allclose(result.values, expected, atol=2e-5 * np.abs(expected).max())
    assert result.checks[0].value == pytest.approx(1, abs=1e-6)
    assert result.checks[1].value == pytest.approx(1, abs=1e-6)
    opposite = run("lime", network, x, Target(1), sampler=sampler, baseline=baseline, ridge=0.0, superpixels=20)
    np.testing.assert_allclose(opposite.values, -result.values, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("seed", [0, 11])
def test_it_equals_stock_lime_for_the_same_segments_and_draws(seed: int) -> None:
    """The stock explainer, its own generator, its own surrogate; it is shown logits, and hides with black."""
    network = random_network("convnet", 64)
    x = grey_scan(network)
    pixels = network.denormalise(x)[0].permute(1, 2, 0).numpy().astype(float)
    segments = find_superpixels(network.denormalise(x)[0].mean(dim=0).clamp(0, 1).numpy(), 12)

    def logits(images: np.ndarray) -> np.ndarray:
        batch = torch.as_tensor(images.transpose(0, 3, 1, 2), dtype=torch.float32)
        return network.logits(network.normalise(batch)).numpy()

    stock = LimeImageExplainer(random_state=seed).explain_instance(
        pixels,
        logits,
        labels=(2,),
        top_labels=None,
        hide_color=0,
        num_samples=128,
        segmentation_fn=lambda _image: segments,
        random_seed=0,
    )
    weights = np.zeros(segments.max() + 1)
    for superpixel, weight in stock.local_exp[2]:
        weights[superpixel] = weight
    ours = run(
        "lime", network, x, Target(2), baseline="black", sampler="independent", samples=128, superpixels=12, seed=seed
    )
    # Logits are float32 and batched differently.
    np.testing.assert_allclose(ours.values, weights[segments], atol=1e-4 * np.abs(weights).max())
    assert ours.checks[0].value == pytest.approx(stock.score, abs=1e-4)


def test_stock_draws_are_the_ones_of_the_independent_sampler() -> None:
    rows, _ = Independent(7, seed=4).draw(50)
    expected = np.random.RandomState(4).randint(0, 2, 50 * 7).reshape(50, 7)
    np.testing.assert_array_equal(rows, expected)


@pytest.mark.parametrize("superpixels", [1, 7, 8, 31, 40, 63, 64])
def test_a_balanced_design_shows_any_two_superpixels_in_all_four_states_equally_often(superpixels: int) -> None:
    rows, halves = Balanced(superpixels, seed=1).draw(64)
    signs = 2 * rows - 1
    np.testing.assert_array_equal(signs.sum(axis=0), 0)
    np.testing.assert_array_equal(signs.T @ signs, len(rows) * np.eye(superpixels))
    mirrored = sorted(map(tuple, 1 - rows))
    assert sorted(map(tuple, rows)) == mirrored  # the fold-over cancels interactions of even order
    assert set(halves) == {0, 1}
    assert (halves == 0).sum() == (halves == 1).sum()


def test_further_draws_are_new_ones() -> None:
    for name in ("balanced", "independent"):
        sampler = build_sampler(name, 20, 0)
        first, second = sampler.draw(128)[0], sampler.draw(128)[0]
        assert not np.array_equal(first, second)


def test_equal_samples_weigh_by_the_exponential_kernel_of_lime() -> None:
    """Two samples of one superpixel pin the line; the weights decide between contradicting answers."""
    rows = np.array([[1, 1], [1, 0], [1, 0], [0, 0]])
    logits = np.array([1.0, 0.0, 1.0, 0.0])
    weights = np.sqrt(np.exp(-((1 - np.sqrt([1, 0.5, 0.5, 0])) ** 2) / 0.25**2))
    design = np.column_stack([np.ones(4), rows])
    penalty = np.diag([0.0, 1.0, 1.0])
    expected = np.linalg.solve(design.T @ (weights[:, None] * design) + penalty, design.T @ (weights * logits))
    surrogate = fit(rows, logits, ridge=1.0)
    np.testing.assert_allclose([surrogate.intercept, *surrogate.weights], expected, atol=1e-10)


def test_a_fit_with_too_few_samples_does_not_pass_for_a_good_one() -> None:
    network = random_network("convnet", 64)
    more = {"samples": 64, "superpixels": 100, "ridge": 0.01}
    check = run("lime", network, grey_scan(network), Target(0), sampler="independent", **more).checks[0]
    assert check.value > 0.9
    assert check.passed is False
    assert "too few" in check.sentence
    assert run("lime", network, grey_scan(network), Target(0), **more).checks[0].value < check.value


def test_until_stable_goes_on_until_two_halves_agree() -> None:
    network = random_network("convnet", 64)
    x = grey_scan(network)
    more = {"samples": 64, "superpixels": 20, "sampler": "independent"}
    once = run("lime", network, x, Target(0), **more)
    stable = run("lime", network, x, Target(0), until_stable=True, **more)
    assert once.checks[1].value < 0.9
    assert stable.checks[1].value >= 0.9
    assert "64 independent samples" in once.caption
    assert "64 independent samples" not in stable.caption


def test_until_stable_ends_where_nothing_can_be_ranked() -> None:
    class Noise(nn.Module):
        """Answers with a hash of the input: no linear model can settle."""

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            value = torch.sin(1e4 * x.sum(dim=(1, 2, 3)))
            return torch.stack([value, -value], dim=1)

    network = wrap(Noise(), size=SIZE, classes=2)
    result = run("lime", network, grey_scan(network).double(), Target(0), until_stable=True, superpixels=40, samples=64)
    assert result.checks[1].passed is False
    assert result.checks[0].passed is False
    assert "4096" in result.caption


def test_a_network_that_ignores_the_scan_has_no_ranking_to_check() -> None:
    class Constant(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.ones(len(x), 2, dtype=x.dtype)

    network = wrap(Constant(), size=SIZE, classes=2)
    result = run("lime", network, grey_scan(network).double(), Target(0), until_stable=True)
    assert result.checks[1].passed is None
    np.testing.assert_allclose(result.values, 0, atol=1e-10)


def test_about_as_many_superpixels_are_found_as_asked_for() -> None:
    network = random_network("convnet", 64)
    pixels = network.denormalise(grey_scan(network))[0, 0].numpy()
    for count in (10, 40, 100):
        segments = find_superpixels(pixels, count)
        assert 0.5 * count <= segments.max() + 1 <= 1.5 * count
        np.testing.assert_array_equal(np.unique(segments), np.arange(segments.max() + 1))
