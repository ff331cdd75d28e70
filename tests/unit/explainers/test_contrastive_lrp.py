"""Contrastive LRP: antisymmetry, and the paper's definitions on a hand-made network."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from lightbox.explainers import Target, run
from tests.networks_for_tests import grey_scan, random_network, wrap


def hand_made() -> tuple[object, torch.Tensor]:
    """Four pixels in a row, each its own feature (channel 0 only), straight into three logits."""

    class FirstChannel(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x[:, 0, 0]

    layer = nn.Linear(4, 3).double()
    layer.weight.data = torch.tensor([[2.0, 1.0, -1.0, 0.0], [0.0, 1.0, 3.0, -2.0], [1.0, -1.0, 0.0, 3.0]]).double()
    layer.bias.data = torch.tensor([0.5, -0.25, 1.0]).double()
    # zennit gives the first layer a rule of its own; this convolution is there to receive it.
    passing = nn.Conv2d(3, 3, 1, bias=False).double()
    passing.weight.data = torch.eye(3).double().reshape(3, 3, 1, 1)
    network = wrap(nn.Sequential(passing, FirstChannel(), layer))
    x = torch.zeros(1, 3, 1, 4).double()
    x[0, 0, 0] = torch.tensor([1.0, 2.0, 1.0, 0.5])
    return network, x


def share(contributions: list[float]) -> np.ndarray:
    values = np.array(contributions)
    return values / np.abs(values).sum()


def z_plus(contributions: list[float]) -> np.ndarray:
    return share(np.array(contributions).clip(min=0))


# x * w of each class: what the epsilon rule hands to each pixel
A, B, C = [2.0, 2.0, -1.0, 0.0], [0.0, 2.0, 3.0, -1.0], [1.0, -2.0, 0.0, 1.5]


def test_the_difference_is_each_sides_share_subtracted() -> None:
    network, x = hand_made()
    result = run("contrastive_lrp", network, x, Target(0, 1), composite="epsilon")
    np.testing.assert_allclose(result.values[0], share(A) - share(B), atol=1e-5)
    assert [check.value for check in result.checks] == pytest.approx([1, 1], abs=1e-5)
    assert all(check.passed for check in result.checks)
    assert "subtracting" in result.scale_note
    assert result.signed


def test_evidence_for_a_class_keeps_its_sign_where_the_logit_is_negative() -> None:
    network, x = hand_made()
    network.module[2].weight.data[1] = torch.tensor([0.0, -1.0, -3.0, 2.0]).double()
    result = run("contrastive_lrp", network, x, Target(0, 1), composite="epsilon")
    np.testing.assert_allclose(result.values[0], share(A) + share(B), atol=1e-5)
    assert "Negative logit: class1" in result.caption


def test_clrp1_sets_the_class_against_all_others_evenly_and_clips_at_zero() -> None:
    """The last layer by z-plus; the other two classes get half of the score each."""
    network, x = hand_made()
    result = run("contrastive_lrp", network, x, Target(0, 1), composite="epsilon", variant="clrp1")
    expected = (z_plus(A) - (z_plus(B) + z_plus(C)) / 2).clip(min=0)
    np.testing.assert_allclose(result.values[0], expected, atol=1e-5)
    assert expected.any()
    assert not result.signed


def test_clrp2_sets_the_class_against_its_negated_weights_and_clips_at_zero() -> None:
    network, x = hand_made()
    result = run("contrastive_lrp", network, x, Target(0, 1), composite="epsilon", variant="clrp2")
    negated = [-value for value in A]
    expected = (z_plus(A) - z_plus(negated)).clip(min=0)
    np.testing.assert_allclose(result.values[0], expected, atol=1e-5)
    assert expected.any()


@pytest.mark.parametrize("key", ["convnet", "resnet50", "vgg16"])
def test_swapping_the_classes_changes_the_sign_and_nothing_else(key: str) -> None:
    network = random_network(key, 64)
    x = grey_scan(network)
    there = run("contrastive_lrp", network, x, Target(0, 2))
    back = run("contrastive_lrp", network, x, Target(2, 0))
    assert np.abs(there.values).max() > 0
    np.testing.assert_allclose(there.values, -back.values, atol=1e-7 * np.abs(there.values).max())


def test_a_class_against_itself_gives_nothing_and_says_so() -> None:
    network = random_network("convnet", 64)
    result = run("contrastive_lrp", network, grey_scan(network), Target(1, 1))
    assert not result.values.any()
    assert "zero everywhere" in result.caption


@pytest.mark.parametrize("variant", ["clrp1", "clrp2"])
@pytest.mark.parametrize("key", ["convnet", "resnet50", "vgg16"])
def test_the_papers_variants_find_something_and_conserve_on_both_sides(key: str, variant: str) -> None:
    network = random_network(key, 64)
    result = run("contrastive_lrp", network, grey_scan(network), Target(0), variant=variant)
    assert result.values.min() == 0
    assert result.values.max() > 0
    assert [check.key for check in result.checks] == ["conservation_a", "conservation_b"]
    assert [check.value for check in result.checks] == pytest.approx([1, 1], abs=0.01)


@pytest.mark.parametrize(("variant", "opposite"), [("clrp1", "all other classes"), ("clrp2", "the opposite of class0")])
def test_a_variant_without_a_second_class_names_none(variant: str, opposite: str) -> None:
    network, x = hand_made()
    maps = [run("contrastive_lrp", network, x, Target(0, against), variant=variant) for against in (None, 1, 2)]
    for result in maps:
        assert result.target == Target(0, None)
        assert f"class0 rather than {opposite}" in result.caption
        np.testing.assert_array_equal(result.values, maps[0].values)
    assert run("contrastive_lrp", network, x, Target(0)).target == Target(0, 1)


def test_it_is_the_difference_of_two_lrp_maps_made_separately() -> None:
    network = random_network("convnet", 64, double=True)
    x = grey_scan(network)
    sides = [run("lrp", network, x, Target(index), biases="take their share").values for index in (0, 2)]
    expected = sides[0] / np.abs(sides[0]).sum() - sides[1] / np.abs(sides[1]).sum()
    found = run("contrastive_lrp", network, x, Target(0, 2), biases="take their share").values
    np.testing.assert_allclose(found, expected, atol=1e-5 * np.abs(expected).max())
