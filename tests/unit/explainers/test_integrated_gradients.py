"""Integrated Gradients against functions with known answers, and completeness on networks with biases."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from lightbox.explainers import Target, picture, run
from lightbox.explainers.engines.gradient_path import integrate, refine
from lightbox.networks.engines import torchvision_import  # noqa: F401  (captum may import torchvision)
from tests.networks_for_tests import grey_scan, random_network, wrap


class Function(nn.Module):
    """One logit out of the pixels of the first channel, (N, W)."""

    def __init__(self, function: object) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.stack([self.function(x[:, 0, 0]), 0 * x[:, 0, 0, 0]], dim=1)


def scan(*values: float) -> torch.Tensor:
    x = torch.zeros(1, 3, 1, len(values), dtype=torch.float64)
    x[0, 0, 0] = torch.tensor(values)
    return x


def test_a_sum_of_functions_of_one_pixel_each_is_taken_apart() -> None:
    """f = 5x + y^2 + sin z: each term belongs to its own variable."""
    network = wrap(Function(lambda v: 5 * v[:, 0] + v[:, 1] ** 2 + torch.sin(v[:, 2])), classes=2)
    exact = [1.5, 0.64, np.sin(0.9)]
    fixed = run(
        "integrated_gradients",
        network,
        scan(0.3, 0.8, 0.9),
        Target(0),
        baseline="black",
        steps=64,
        until_complete=False,
    )
    np.testing.assert_allclose(fixed.values[0], exact, rtol=1e-6)
    assert fixed.checks[0].value < 1e-6
    refined = run("integrated_gradients", network, scan(0.3, 0.8, 0.9), Target(0), baseline="black")
    np.testing.assert_allclose(refined.values[0], exact, rtol=1e-3)
    assert "; 17 points" in refined.caption


def test_the_relu_example_of_the_paper() -> None:
    """Sundararajan 2017, figure 2: f = ReLU(ReLU(x1) - 1 - ReLU(x2)) at (3, 1) from 0 gives 1.5 and -0.5."""
    network = wrap(Function(lambda v: torch.relu(torch.relu(v[:, 0]) - 1 - torch.relu(v[:, 1]))), classes=2)
    result = run("integrated_gradients", network, scan(3, 1), Target(0), baseline="black")
    # The kink lies on the path, and one piece of it alone does not add up.
    np.testing.assert_allclose(result.values[0], [1.5, -0.5], atol=0.015)
    assert result.checks[0].passed


def test_points_are_placed_where_the_pieces_do_not_add_up_and_none_is_asked_twice() -> None:
    """f = ReLU(x1 - 0.4) x2 at (0.9, 0.7) from 0: with c = 0.4 / 0.9, IG1 = 0.9 * 0.7 * (1 - c^2) / 2."""
    asked: list[float] = []

    def function(v: torch.Tensor) -> torch.Tensor:
        asked.extend((v[:, 0] / 0.9).tolist())
        return torch.relu(v[:, 0] - 0.4) * v[:, 1]

    module, x = Function(function), scan(0.9, 0.7)
    path = refine(
        module, x, 0 * x, 0, steps=16, most=512, gap_allowed=1e-4, uneven_allowed=1e-4, quick=False, after_chunk=print
    )
    kink, first = 0.4 / 0.9, 0.9 * 0.7 * (1 - (0.4 / 0.9) ** 2) / 2
    np.testing.assert_allclose(path.values[0], [first, 0.5 * 0.7 - first], atol=1e-4)
    on_path = asked[2:]  # the two ends are asked first, for the climb
    assert len(on_path) == len(set(on_path)) == path.steps
    added = on_path[17:]
    assert np.mean(np.abs(np.array(added) - kink) < 1 / 16) > 0.4, "the kink gets most of what one sixteenth could get"
    equal = integrate(module, x, 0 * x, 0, steps=path.steps, quick=False, after_chunk=print)
    assert path.gap < equal.gap


def test_errors_that_cancel_in_the_sum_are_seen_piece_by_piece() -> None:
    """A bump and a dip of the same size, between the points: the sum is right and the map is wrong."""

    def wave(v: torch.Tensor) -> torch.Tensor:
        return v[:, 0] + 3 * torch.sin(2 * np.pi * 4 * v[:, 0])

    x = scan(1.0, 0.0)
    coarse, fine = (
        refine(
            Function(wave), x, 0 * x, 0, steps=16, most=512, gap_allowed=0.01, uneven_allowed=allowed, quick=False,
            after_chunk=print,
        )
        for allowed in (np.inf, 0.1)
    )  # fmt: skip
    assert coarse.steps == 17
    assert coarse.gap < 0.01
    assert coarse.uneven > 1
    assert fine.uneven <= 0.1


def test_points_of_a_float32_network_give_the_map_of_several_times_as_many() -> None:
    network = random_network("convnet", 128)
    x = grey_scan(network)
    black = network.normalise(torch.zeros_like(x))
    many = integrate(network.module.double(), x.double(), black.double(), 1, steps=256, quick=False, after_chunk=print)
    network.module.float()
    full, quick = (
        refine(
            network.module, x, black, 1, steps=16, most=512, gap_allowed=0.01, uneven_allowed=0.1, quick=quick,
            after_chunk=print,
        )
        for quick in (False, True)
    )  # fmt: skip
    assert full.steps < 100
    assert np.corrcoef(full.values.ravel(), many.values.ravel())[0, 1] > 0.99
    assert full.uneven <= 0.1
    assert quick.uneven is None, "a logit in bfloat16 is too coarse for it"


def test_the_opposite_class_gets_the_opposite_map_and_a_constant_logit_none() -> None:
    network = wrap(Function(lambda v: v[:, 0] ** 3), classes=2)
    result = run("integrated_gradients", network, scan(0.5, 0.1), Target(1), baseline="black")
    assert not result.values.any()
    assert result.checks[0].passed
    assert "next to nothing to explain" in result.checks[0].sentence


@pytest.mark.parametrize("key", ["convnet", "resnet50", "vgg16"])
def test_the_map_sums_to_the_climb_of_the_logit_on_networks_with_biases_or_says_that_it_does_not(key: str) -> None:
    network = random_network(key, 128 if key == "convnet" else 64)
    x = grey_scan(network)
    black = network.normalise(torch.zeros_like(x))
    result = run("integrated_gradients", network, x, Target(1), baseline="black", until_complete=key == "convnet")
    climb = float((network.logits(x) - network.logits(black))[0, 1])
    gap = abs(result.values.sum(dtype=float) - climb) / abs(climb)
    assert result.checks[0].value == pytest.approx(gap, abs=1e-4)
    assert result.checks[0].passed is (result.checks[0].value <= 0.01)
    if key == "convnet":
        assert result.checks[0].passed


def test_few_steps_fail_the_check_and_until_complete_repairs_it() -> None:
    network = random_network("convnet", 128)
    x = grey_scan(network)
    rough = run("integrated_gradients", network, x, Target(1), baseline="black", steps=8, until_complete=False)
    fine = run("integrated_gradients", network, x, Target(1), baseline="black", steps=8)
    assert rough.checks[0].passed is False
    assert rough.failed
    assert "8 Gauss-Legendre" in rough.caption
    assert fine.checks[0].passed is True
    assert "Gauss-Legendre" not in fine.caption
    assert fine.checks[0].value < rough.checks[0].value


def test_until_complete_stops_at_its_limit_and_the_check_says_so() -> None:
    """A step that no quadrature meets: the gradient is zero wherever it is asked."""
    network = wrap(Function(lambda v: (v[:, 0] > 0.4).to(v) + 0 * v[:, 0]), classes=2)
    fractions: list[float] = []
    result = run(
        "integrated_gradients", network, scan(0.9, 0.0), Target(0), baseline="black", progress=fractions.append
    )
    assert result.checks[0].passed is False
    assert result.checks[0].value == pytest.approx(1)
    assert "512 points" in result.caption
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1


def test_a_linear_model_gets_weight_times_difference_from_the_baseline() -> None:
    weights = torch.tensor([1.0, -2.0, 0.5]).double()
    network = wrap(Function(lambda v: v @ weights + 3), classes=2)
    x = scan(0.2, 0.6, 1.0)
    for key in ("black", "white", "mean", "blur", "uniform_noise"):
        start = picture(key, x[0, 0].numpy().astype(np.float32), seed=5)
        if key == "mean":
            start = np.full((1, 3), 0.6)
        if key == "blur":
            continue
        expected = weights.numpy() * (x[0, 0, 0].numpy() - start[0])
        found = run("integrated_gradients", network, x, Target(0), baseline=key, seed=5).values[0]
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_draws_of_a_noisy_baseline_are_averaged_and_other_baselines_are_not_repeated() -> None:
    network = wrap(Function(lambda v: v[:, 0] * v[:, 1]), classes=2)
    x = scan(0.7, 0.4)
    single = [
        run("integrated_gradients", network, x, Target(0), baseline="uniform_noise", seed=seed).values
        for seed in (3, 4, 5)
    ]
    mean = run("integrated_gradients", network, x, Target(0), baseline="uniform_noise", seed=3, draws=3)
    np.testing.assert_allclose(mean.values, np.mean(single, axis=0), rtol=1e-5)
    assert "mean of 3 draws" in mean.caption
    assert "draws" not in run("integrated_gradients", network, x, Target(0), baseline="black", draws=3).caption


def test_black_is_not_the_zero_tensor_of_a_normalised_network() -> None:
    network = random_network("convnet", 64)
    black = network.normalise(torch.zeros(1, 3, 64, 64))
    result = run("integrated_gradients", network, black, Target(0), baseline="black")
    assert not result.values.any()
    assert run("integrated_gradients", network, torch.zeros(1, 3, 64, 64), Target(0), baseline="black").values.any()


def test_a_map_equals_stock_captum() -> None:
    from captum.attr import IntegratedGradients

    # In float64, where no ReLU at its kink changes sides with the order of a sum.
    network = random_network("convnet", 64, double=True)
    x = grey_scan(network)
    black = network.normalise(torch.zeros_like(x))
    stock = IntegratedGradients(network.module).attribute(x, baselines=black, target=2, n_steps=32)
    ours = run("integrated_gradients", network, x, Target(2), baseline="black", steps=32, until_complete=False).values
    expected = stock[0].sum(dim=0).detach().numpy()
    np.testing.assert_allclose(ours, expected, atol=1e-5 * np.abs(expected).max())
