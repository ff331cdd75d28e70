"""Large networks see few scans at once, so that a job can be stopped soon; the maps stay the same."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lightbox.explainers import Target, run
from lightbox.explainers.engines import batches
from lightbox.explainers.engines.batches import scans_at_once
from lightbox.networks import NETWORKS
from tests.networks_for_tests import grey_scan, random_network


@pytest.mark.parametrize(("key", "expected"), [("convnet", 8), ("resnet50", 2), ("vgg16", 2)])
def test_large_networks_get_two_scans_at_a_time(key: str, expected: int) -> None:
    with torch.device("meta"):
        module = NETWORKS[key].build(4)
    assert scans_at_once(module.to_empty(device="cpu"), 8) == expected
    assert scans_at_once(module, 1) == 1


def test_an_accelerator_gets_as_many_as_it_can_use() -> None:
    """Parameters on the meta device stand for those of a GPU: not on the CPU is what counts."""
    with torch.device("meta"):
        assert scans_at_once(NETWORKS["resnet50"].build(4), 8) == 8


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("lime", {"samples": 64, "superpixels": 12}),
        ("integrated_gradients", {"steps": 16, "until_complete": False}),
    ],
)
def test_the_size_of_a_batch_changes_no_map(
    method: str, params: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    network = random_network("convnet", 64)
    x = grey_scan(network)
    sizes: list[int] = []
    handle = network.module.register_forward_pre_hook(lambda _module, inputs: sizes.append(len(inputs[0])))
    try:
        large_batches = run(method, network, x, Target(1), precision="float32", **params).values
        most = max(sizes)
        monkeypatch.setattr(batches, "LARGE", 1000)
        sizes.clear()
        small_batches = run(method, network, x, Target(1), precision="float32", **params).values
    finally:
        handle.remove()
    assert most > max(sizes) == 2
    # Sums of a few thousand float32 products in another order.
    np.testing.assert_allclose(small_batches, large_batches, atol=1e-4 * np.abs(large_batches).max())
