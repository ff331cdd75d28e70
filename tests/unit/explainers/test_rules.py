"""The sparing z-plus rule against zennit's, to the bit, and what it spares."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from lightbox.explainers.engines.rules import SparingZPlus
from lightbox.networks.engines import torchvision_import  # noqa: F401  (must precede zennit)

# isort: split
from zennit.rules import ZPlus


def relevance_under(rule: object, layer: nn.Conv2d, scan: torch.Tensor) -> torch.Tensor:
    handles = rule.register(layer)
    try:
        scan = scan.clone().requires_grad_()
        output = layer(scan)
        (found,) = torch.autograd.grad(output, scan, torch.linspace(-1, 1, output.numel()).view_as(output).to(output))
    finally:
        handles.remove()
    return found


def layer_and_scan(dtype: torch.dtype) -> tuple[nn.Conv2d, torch.Tensor]:
    torch.manual_seed(0)
    return nn.Conv2d(3, 5, 3).to(dtype).requires_grad_(requires_grad=False), torch.randn(2, 3, 9, 9, dtype=dtype)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("rectified", [True, False])
@pytest.mark.parametrize("zero_params", [None, ["bias"]])
def test_the_rule_is_zennits_to_the_bit(dtype: torch.dtype, rectified: bool, zero_params: list[str] | None) -> None:
    layer, scan = layer_and_scan(dtype)
    scan = scan.relu() if rectified else scan

    ours = relevance_under(SparingZPlus(zero_params), layer, scan)

    assert torch.equal(ours, relevance_under(ZPlus(zero_params=zero_params), layer, scan))


@pytest.mark.parametrize("rectified", [True, False])
def test_negated_is_the_rule_on_the_negated_weights(rectified: bool) -> None:
    layer, scan = layer_and_scan(torch.float64)
    scan = scan.relu() if rectified else scan
    found = relevance_under(SparingZPlus(["bias"], negate=True), layer, scan)

    layer.weight.data.neg_()

    assert torch.equal(found, relevance_under(ZPlus(zero_params=["bias"]), layer, scan))


@pytest.mark.parametrize(("rectified", "passes"), [(True, 2), (False, 3)])
def test_a_rectified_input_spares_a_pass(rectified: bool, passes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    layer, scan = layer_and_scan(torch.float32)
    asked = []
    plain = layer.forward
    monkeypatch.setattr(layer, "forward", lambda scan: asked.append(1) or plain(scan))

    relevance_under(SparingZPlus(), layer, scan.relu() if rectified else scan)

    assert len(asked) == passes
