"""bfloat16 is taken only where it pays, says so, and leaves the maps and the checks what they are."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from lightbox.explainers import Target, _path, _precision, integrated_gradients, lime, run
from lightbox.explainers._path import Path
from lightbox.explainers._precision import departure, may_be_quick, passes
from lightbox.explainers.precision import AUTO, FULL
from lightbox.networks import NETWORKS
from tests.networks_for_tests import grey_scan, random_network, wrap

FEW = {
    "lime": {"samples": 128, "superpixels": 12},
    "integrated_gradients": {"steps": 16, "until_complete": False},
}


@pytest.fixture
def capable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_precision, "processor_has_bfloat16", lambda: True)


@pytest.mark.usefixtures("capable")
@pytest.mark.parametrize(("key", "expected"), [("convnet", False), ("resnet50", True), ("vgg16", True)])
def test_only_large_networks_are_tried_in_bfloat16(key: str, expected: bool) -> None:
    network = random_network(key, 64)
    assert may_be_quick(network.module, AUTO) is expected
    assert may_be_quick(network.module, FULL) is False


@pytest.mark.usefixtures("capable")
def test_a_network_in_float64_keeps_its_precision() -> None:
    assert may_be_quick(random_network("resnet50", 64, double=True).module, AUTO) is False


@pytest.mark.usefixtures("capable")
def test_a_network_on_an_accelerator_keeps_its_precision() -> None:
    with torch.device("meta"):
        assert may_be_quick(NETWORKS["resnet50"].build(4), AUTO) is False


def test_a_processor_without_bfloat16_keeps_to_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True, "avx512_bf16": False})
    assert may_be_quick(random_network("resnet50", 64).module, AUTO) is False
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": True})
    assert may_be_quick(random_network("resnet50", 64).module, AUTO) is True


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


@pytest.mark.usefixtures("capable")
@pytest.mark.parametrize(("method", "module"), [("lime", lime), ("integrated_gradients", integrated_gradients)])
def test_a_quick_map_says_that_it_is_one(method: str, module: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUICK_ENOUGH", 1.0)
    network = random_network("vgg16", 64)
    x = grey_scan(network)
    full, quick = (run(method, network, x, Target(1), precision=precision, **FEW[method]) for precision in (FULL, AUTO))
    assert not np.array_equal(full.values, quick.values)
    assert np.corrcoef(full.values.ravel(), quick.values.ravel())[0, 1] > 0.9
    assert "bfloat16" in quick.caption
    assert full.logit == quick.logit


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


def test_where_more_steps_do_not_close_the_gap_the_path_goes_on_in_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    """A made-up integral: each doubling halves its gap, but in bfloat16 no further than 3 %."""
    asked: list[tuple[int, bool]] = []

    def integrate(_module, x, _start, _index, *, steps, quick, after_chunk):
        asked.append((steps, quick))
        after_chunk(steps)
        gap = max(0.4 / steps, 0.03 if quick else 0.0)
        return Path(torch.zeros_like(x[0]), steps, 1.0 + gap, 1.0, quick)

    monkeypatch.setattr(_path, "integrate", integrate)
    monkeypatch.setattr(_path, "quick_departure", lambda *_arguments: 0.0)
    monkeypatch.setattr(_precision, "may_be_quick", lambda *_arguments: True)
    fractions: list[float] = []
    network = wrap(nn.Sequential(nn.Flatten(), nn.Linear(192, 3)))
    x = torch.zeros(1, 3, 8, 8)
    result = run("integrated_gradients", network, x, Target(0), steps=8, progress=fractions.append)
    assert asked == [(8, True), (16, True), (32, True), (32, False), (64, False)]
    assert result.checks[0].passed
    assert "bfloat16" not in result.caption
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
