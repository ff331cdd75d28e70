"""Grad-CAM against the paper's formula from autograd, and stock pytorch-grad-cam."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from lightbox.core.errors import UserFacingError
from lightbox.explainers import Target, run
from lightbox.explainers.engines.cam import VARIANTS
from tests.networks_for_tests import grey_scan, random_network, wrap

LAYERS = [("convnet", "relu4"), ("convnet", "relu2"), ("resnet50", "layer4"), ("vgg16", "features.42")]


def by_hand(network: object, x: torch.Tensor, layer: str, index: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Activations and gradients (channels, h, w) of a layer, without any library."""
    kept = []
    handle = network.module.get_submodule(layer).register_forward_hook(lambda _m, _i, output: kept.append(output))
    scan = x.clone().requires_grad_()
    logit = network.module(scan)[0, index]
    handle.remove()
    (gradients,) = torch.autograd.grad(logit, kept[0])
    return kept[0][0].detach(), gradients[0]


def upsampled(values: torch.Tensor, size: int) -> np.ndarray:
    return nn.functional.interpolate(values[None, None], (size, size), mode="bilinear")[0, 0].numpy()


@pytest.mark.parametrize(("key", "layer"), LAYERS)
@pytest.mark.parametrize("relu", [True, False])
def test_channels_are_weighted_by_their_mean_gradient(key: str, layer: str, relu: bool) -> None:
    """Selvaraju 2016, equations 1 and 2, raw: no rescaling to 0..1."""
    network = random_network(key, 64)
    x = grey_scan(network)
    for index in range(3 if key == "convnet" else 1):
        activations, gradients = by_hand(network, x, layer, index)
        values = (gradients.mean(dim=(1, 2))[:, None, None] * activations).sum(dim=0)
        expected = upsampled(values.clamp(min=0) if relu else values, 64)
        found = run("grad_cam", network, x, Target(index), layer=layer, relu=relu)
        np.testing.assert_allclose(found.values, expected, atol=1e-5 * float(values.abs().max()))
        assert found.signed is not relu


def test_the_preset_layer_is_the_first_of_the_network() -> None:
    for key, layer in LAYERS[:1] + LAYERS[2:]:
        network = random_network(key, 64)
        x = grey_scan(network)
        preset, named = (run("grad_cam", network, x, Target(0), **more) for more in ({}, {"layer": layer}))
        np.testing.assert_array_equal(preset.values, named.values)
        assert "last convolution" in preset.caption
        assert preset.params["layer"] == named.params["layer"] == layer


def test_hires_cam_and_layer_cam_weigh_place_by_place() -> None:
    network = random_network("convnet", 64)
    x = grey_scan(network)
    activations, gradients = by_hand(network, x, "relu3", 1)
    for variant, weights in (("hires_cam", gradients), ("layer_cam", gradients.clamp(min=0))):
        expected = upsampled((weights * activations).sum(dim=0), 64)
        found = run("grad_cam", network, x, Target(1), layer="relu3", variant=variant, relu=False).values
        np.testing.assert_allclose(found, expected, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("key", ["convnet", "resnet50", "vgg16"])
def test_the_map_is_the_one_of_pytorch_grad_cam_before_it_rescales(key: str, variant: str) -> None:
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

    network = random_network(key, 64)
    x = grey_scan(network)
    layer = network.module.get_submodule(next(iter(network.spec.layers.values())))
    found = 0
    for index in range(3):
        if found and key != "convnet":
            break  # one class that has evidence is enough where a pass is slow
        with VARIANTS[variant](network.module, [layer]) as cam:
            stock = cam(x.clone().requires_grad_(), [ClassifierOutputTarget(index)])[0]
        ours = run("grad_cam", network, x, Target(index), variant=variant).values
        if not ours.any():
            continue
        found += 1
        rescaled = (ours - ours.min()) / (ours.max() - ours.min())
        np.testing.assert_allclose(rescaled, stock, atol=1e-3)
    network.module.zero_grad()
    assert found


def test_no_positive_evidence_is_said_and_not_drawn_as_noise() -> None:
    layer = nn.Linear(2, 2, bias=False)
    layer.weight.data = torch.tensor([[-1.0, -2.0], [1.0, 2.0]])
    torch.manual_seed(0)
    module = nn.Sequential(nn.Conv2d(3, 2, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), layer)
    module[0].bias.data.fill_(2.0)  # both channels are active
    network = wrap(module, layer="1", classes=2)
    x = grey_scan(network)
    against, positive = (run("grad_cam", network, x, Target(index)) for index in (0, 1))
    assert not against.values.any()
    assert against.checks[0].passed is False
    assert against.checks[0].value == 0
    assert "No positive evidence" in against.caption
    assert positive.checks[0].passed is None, "that something speaks for the class is no proof of the map"
    assert positive.checks[0].value == pytest.approx(1)
    assert run("grad_cam", network, x, Target(0), relu=False).values.max() < 0


@pytest.mark.parametrize("variant", ["grad_cam_plus_plus", "layer_cam"])
def test_a_variant_that_drops_negative_gradients_gives_no_verdict_on_them(variant: str) -> None:
    """Whatever the weights: these maps are positive by construction, and a share of 100 % would say nothing."""
    network = random_network("convnet", 64)
    x = grey_scan(network)
    for relu in (True, False):
        found = run("grad_cam", network, x, Target(0), variant=variant, relu=relu)
        check = found.checks[0]
        assert found.values.min() >= 0
        assert found.values.any()
        assert (check.key, check.passed) == ("places_not_zero", None)
        assert 0 < check.value <= 1
        assert "drops negative gradients" in check.sentence
        assert "negative gradients dropped" in found.caption
    assert run("grad_cam", network, x, Target(0), variant="hires_cam").checks[0].key == "positive_evidence"


@pytest.mark.parametrize("variant", ["grad_cam_plus_plus", "layer_cam"])
def test_a_variant_that_finds_nothing_says_so_without_a_verdict(variant: str) -> None:
    layer = nn.Linear(2, 2, bias=False)
    layer.weight.data = torch.tensor([[-1.0, -2.0], [1.0, 2.0]])
    module = nn.Sequential(nn.Conv2d(3, 2, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), layer)
    module[0].bias.data.fill_(2.0)
    network = wrap(module, layer="1", classes=2)
    empty = run("grad_cam", network, grey_scan(network), Target(0), variant=variant)
    assert not empty.values.any()
    assert (empty.checks[0].value, empty.checks[0].passed) == (0, None)
    assert "Nothing in this layer speaks for the class" in empty.checks[0].sentence


def test_a_layer_that_is_not_offered_is_refused_with_those_that_are() -> None:
    network = random_network("convnet", 64)
    with pytest.raises(UserFacingError, match=r"'conv1' is not a choice.*'relu4', 'relu3', 'relu2'"):
        run("grad_cam", network, grey_scan(network), Target(0), layer="conv1")


def test_an_index_error_inside_the_network_is_not_swallowed() -> None:
    class Faulty(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            if torch.is_grad_enabled():
                raise IndexError("out of reach")
            return x.mean(dim=(2, 3))

    network = wrap(nn.Sequential(nn.Conv2d(3, 3, 1), Faulty()))
    with pytest.raises(IndexError, match="out of reach"):
        run("grad_cam", network, grey_scan(network), Target(0))
