"""bfloat16 is taken only where it pays, says so, and leaves the maps and the checks what they are."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from lightbox.explainers import Target, run
from lightbox.explainers.engines import gradient_path, precision
from lightbox.explainers.engines.gradient_path import Path
from lightbox.explainers.engines.precision import departure, may_be_quick, passes
from lightbox.explainers.methods import integrated_gradients, lime
from lightbox.explainers.precision import AUTO, FULL, QUICK
from lightbox.networks import NETWORKS
from tests.networks_for_tests import grey_scan, random_network, wrap

FEW = {
    "lime": {"samples": 64, "superpixels": 12},
    "integrated_gradients": {"steps": 8, "until_complete": False},
}


@pytest.fixture
def capable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "processor_pays", lambda: True)


@pytest.mark.usefixtures("capable")
@pytest.mark.parametrize(("key", "expected"), [("convnet", False), ("resnet50", True), ("vgg16", True)])
def test_only_large_networks_are_tried_in_bfloat16(key: str, expected: bool) -> None:
    network = random_network(key, 64)
    assert may_be_quick(network.module) is expected


@pytest.mark.usefixtures("capable")
def test_a_network_in_float64_keeps_its_precision() -> None:
    assert may_be_quick(random_network("resnet50", 64, double=True).module) is False


@pytest.mark.usefixtures("capable")
def test_a_network_on_an_accelerator_keeps_its_precision() -> None:
    with torch.device("meta"):
        assert may_be_quick(NETWORKS["resnet50"].build(4)) is False


@pytest.mark.parametrize(
    ("able", "quick"),
    [
        ({}, False),
        ({"avx512_bf16": True, "amx_bf16": False, "cpu_name": "Intel Xeon"}, False),
        ({"avx512_bf16": True, "amx_bf16": True, "cpu_name": "Intel Xeon"}, True),
        ({"avx512_bf16": True, "cpu_name": "AMD EPYC"}, True),
        ({"avx512_bf16": False, "cpu_name": "AMD EPYC"}, False),
    ],
)
def test_only_a_processor_that_is_quicker_at_it_computes_in_bfloat16(
    able: dict[str, object], quick: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: able)
    assert may_be_quick(random_network("resnet50", 64).module) is quick


@pytest.mark.usefixtures("capable")
@pytest.mark.parametrize(("method", "module"), [("lime", lime), ("integrated_gradients", integrated_gradients)])
@pytest.mark.parametrize("key", ["resnet50", "vgg16"])
def test_a_scan_on_which_bfloat16_does_not_agree_is_explained_in_float32(method: str, module: object, key: str) -> None:
    """Random networks, which no training has made smooth, are such."""
    network = random_network(key, 64)
    x = grey_scan(network)
    full, left_alone = (
        run(method, network, x, Target(1), precision=precision, **FEW[method]) for precision in (FULL, AUTO)
    )
    assert np.array_equal(full.values, left_alone.values)
    assert "bfloat16" not in left_alone.caption
    assert left_alone.params["precision"] == FULL


@pytest.mark.usefixtures("capable")
@pytest.mark.parametrize(("method", "module"), [("lime", lime), ("integrated_gradients", integrated_gradients)])
def test_a_quick_map_says_that_it_is_one(method: str, module: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUICK_ENOUGH", 1.0)
    network = random_network("vgg16", 64)
    x = grey_scan(network)
    full, quick = (run(method, network, x, Target(1), precision=precision, **FEW[method]) for precision in (FULL, AUTO))
    assert not np.array_equal(full.values, quick.values)
    assert np.corrcoef(full.values.ravel(), quick.values.ravel())[0, 1] > 0.9
    assert "off float32" in quick.caption
    assert full.logit == quick.logit
    # What "auto" came to is among the parameters, which give the same map again.
    assert (full.params["precision"], quick.params["precision"]) == (FULL, QUICK)
    again = run(method, network, x, Target(1), **quick.params)
    assert np.array_equal(again.values, quick.values)
    assert "in bfloat16" in again.caption


def test_a_departure_is_of_the_spread_and_an_equal_shift_is_none() -> None:
    full = torch.tensor([1.0, 3.0])
    assert departure(full + 5, full) == pytest.approx(0)
    assert departure(torch.tensor([1.0, 3.2]), full) == pytest.approx(0.1)
    assert departure(full, torch.ones(2)) == float("inf")


def test_the_classifier_answers_in_float32() -> None:
    """In bfloat16 a logit near 100 is a multiple of 0.5: what hiding a superpixel does to it would be lost."""
    layers = nn.Sequential(nn.Conv2d(3, 4, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2))
    with torch.no_grad():
        layers[-1].bias.fill_(100.3)
    x = torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        full = layers(x)
        with passes(layers, quick=True):
            quick = layers(x)
    assert quick.dtype == torch.float32
    torch.testing.assert_close(quick, full, atol=0.01, rtol=0)


def test_a_pass_that_fails_leaves_no_hook_and_no_autocast() -> None:
    layers = nn.Sequential(nn.Flatten(), nn.Linear(12, 2))
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"), passes(layers, quick=True):
        layers(torch.zeros(1, 3, 3, 3))
    assert not layers[1]._forward_pre_hooks
    assert not torch.is_autocast_enabled("cpu")


def test_layers_after_the_last_linear_one_are_in_bfloat16_again() -> None:
    """A network may end in a convolution; its bias would meet another type."""

    class Squeezed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale, self.head = nn.Linear(3, 3), nn.Conv2d(3, 2, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.head(x * self.scale(x.mean(dim=(2, 3)))[:, :, None, None]).mean(dim=(2, 3))

    module = Squeezed()
    with torch.no_grad(), passes(module, quick=True):
        assert module(torch.rand(1, 3, 4, 4)).dtype == torch.bfloat16


@pytest.mark.parametrize("key", NETWORKS)
def test_every_network_computes_in_bfloat16_and_answers_in_float32(key: str) -> None:
    network = random_network(key, 64)
    with torch.no_grad(), passes(network.module, quick=True):
        assert network.module(grey_scan(network)).dtype == torch.float32


TRUE, FALSE = True, False


@pytest.mark.parametrize(
    ("floor", "params", "expected", "passed"),
    [
        # Whatever points are added, bfloat16 leaves 5 %.
        (0.05, {}, [("refine", 8, TRUE), ("refine", 8, FALSE)], True),
        (0.0, {}, [("refine", 8, TRUE)], True),
        # Of a fixed number bfloat16 may be to blame, ...
        (0.015, {"steps": 64, "until_complete": False}, [("integrate", 64, TRUE), ("integrate", 64, FALSE)], True),
        # ... or that there are too few.
        (0.0, {"until_complete": False}, [("integrate", 8, TRUE)], False),
        (0.05, {"precision": QUICK}, [("refine", 8, TRUE)], False),
    ],
)
def test_where_bfloat16_keeps_the_gap_open_the_path_goes_on_in_float32(
    floor: float,
    params: dict[str, object],
    expected: list[tuple[str, int, bool]],
    passed: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, int, bool]] = []

    def integrate(_module, x, _start, _index, *, steps, quick, after_chunk):
        asked.append(("integrate", steps, quick))
        after_chunk(steps)
        gap = max(0.6 / steps, floor if quick else 0.0)
        return Path(torch.zeros_like(x[0, 0]), steps, 1.0 + gap, 1.0, quick)

    def refine(_module, x, _start, _index, *, steps, most, gap_allowed, uneven_allowed, quick, after_chunk):
        asked.append(("refine", steps, quick))
        assert (gap_allowed, uneven_allowed) == (0.01, 0.1)
        assert most == (128 if quick and params.get("precision") != QUICK else 512)
        for done in (steps + 1, most):
            after_chunk(done)
        return Path(torch.zeros_like(x[0, 0]), most, 1.0 + (floor if quick else 0.0), 1.0, quick)

    monkeypatch.setattr(gradient_path, "integrate", integrate)
    monkeypatch.setattr(gradient_path, "refine", refine)
    monkeypatch.setattr(gradient_path, "quick_departure", lambda *_arguments: 0.0)
    monkeypatch.setattr(precision, "may_be_quick", lambda _module: True)
    fractions: list[float] = []
    network = wrap(nn.Sequential(nn.Flatten(), nn.Linear(192, 3)))
    settings = {"steps": 8, "progress": fractions.append, **params}
    result = run("integrated_gradients", network, torch.zeros(1, 3, 8, 8), Target(0), **settings)
    assert asked == expected
    assert result.checks[0].passed is passed
    assert ("bfloat16" in result.caption) is expected[-1][2]
    assert result.params["precision"] == (QUICK if expected[-1][2] else FULL)
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1


def test_of_several_draws_the_caption_says_how_many_are_in_bfloat16(monkeypatch: pytest.MonkeyPatch) -> None:
    off = iter([0.1, 0.5, 0.15])
    monkeypatch.setattr(
        gradient_path,
        "refine",
        lambda _module, x, *_rest, steps, quick, **_others: Path(torch.zeros_like(x[0, 0]), steps, 1.0, 1.0, quick),
    )
    monkeypatch.setattr(gradient_path, "quick_departure", lambda *_arguments: next(off))
    monkeypatch.setattr(precision, "may_be_quick", lambda _module: True)
    network = wrap(nn.Sequential(nn.Flatten(), nn.Linear(192, 3)))
    result = run("integrated_gradients", network, torch.zeros(1, 3, 8, 8), Target(0), baseline="uniform_noise", draws=3)
    assert "2 of the draws, in bfloat16 (one gradient 15% off float32)" in result.caption
    assert result.params["precision"] == AUTO
