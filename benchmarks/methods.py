"""The stock libraries and ours, in turn, on the same network and scan: seconds and ratios.

Run with ``make bench``. Nothing here asserts a time: machines differ, ratios are what to look at.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from lightbox.explainers import METHODS, Target, run
from lightbox.networks import load_network

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from lightbox.networks import Network

REPEATS = 3
ROOT = Path(__file__).resolve().parents[1]


def median_seconds(call: Callable[[], object]) -> float:
    """Median over the repeats, after one call that is not counted."""
    call()
    times = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def stock_lrp(network: Network, x: torch.Tensor, index: int) -> Any:
    from zennit.attribution import Gradient
    from zennit.canonizers import SequentialMergeBatchNorm
    from zennit.composites import EpsilonPlusFlat

    composite = EpsilonPlusFlat(canonizers=[SequentialMergeBatchNorm()], zero_params=["bias"])
    with Gradient(network.module, composite) as attributor:
        start = torch.zeros(1, len(network.classes))
        start[0, index] = 1
        return attributor(x.clone().requires_grad_(), start)


def stock_lime(network: Network, x: torch.Tensor, samples: int) -> Any:
    from lime.lime_image import LimeImageExplainer

    pixels = network.denormalise(x)[0].permute(1, 2, 0).double().numpy()

    def classify(images: list[NDArray[Any]]) -> NDArray[Any]:
        batch = torch.as_tensor(np.asarray(images), dtype=torch.float32).permute(0, 3, 1, 2)
        return network.logits(network.normalise(batch)).numpy()

    explainer = LimeImageExplainer(random_state=0)
    return explainer.explain_instance(pixels, classify, top_labels=1, num_samples=samples, hide_color=0)


def stock_grad_cam(network: Network, x: torch.Tensor, index: int) -> Any:
    from pytorch_grad_cam import GradCAM
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

    layer = network.module.get_submodule(next(iter(network.spec.layers.values())))
    with GradCAM(network.module, [layer]) as cam:
        return cam(x.clone(), [ClassifierOutputTarget(index)])


def stock_integrated_gradients(network: Network, x: torch.Tensor, steps: int) -> Any:
    from captum.attr import IntegratedGradients

    black = network.normalise(torch.zeros_like(x))
    return IntegratedGradients(network.module).attribute(
        x, black, target=1, n_steps=steps, method="gausslegendre", internal_batch_size=16
    )


def main() -> None:
    torch.set_num_threads(2)
    network = load_network("chest_xray", sys.argv[1] if len(sys.argv) > 1 else "convnet")
    rows, columns = np.mgrid[:224, :224] / 224
    x = network.to_input(
        (0.7 - 0.5 * np.exp(-(((columns - 0.3) / 0.15) ** 2) - ((rows - 0.5) / 0.3) ** 2)).astype("f4")
    )
    import lightbox.networks.engines.torchvision_models  # noqa: F401  (must precede the stock libraries)

    pairs: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "lrp": (lambda: stock_lrp(network, x, 1), lambda: run("lrp", network, x, Target(1))),
        "lime, 256 samples each": (
            lambda: stock_lime(network, x, 256),
            lambda: run("lime", network, x, Target(1), samples=256, precision="float32"),
        ),
        "lime, equal fidelity (1000 stock, 256 ours)": (
            lambda: stock_lime(network, x, 1000),
            lambda: run("lime", network, x, Target(1), samples=256, precision="float32"),
        ),
        "grad_cam": (lambda: stock_grad_cam(network, x, 1), lambda: run("grad_cam", network, x, Target(1))),
        "integrated_gradients, 64 steps": (
            lambda: stock_integrated_gradients(network, x, 64),
            lambda: run(
                "integrated_gradients", network, x, Target(1), steps=64, until_complete=False, precision="float32"
            ),
        ),
    }
    print(f"{network.spec.title}, {torch.get_num_threads()} threads, torch {torch.__version__}, {len(METHODS)} methods")
    print(f"{'':48}{'stock s':>9}{'ours s':>9}{'ratio':>8}")
    for name, (stock, ours) in pairs.items():
        stock_seconds, our_seconds = median_seconds(stock), median_seconds(ours)
        print(f"{name:48}{stock_seconds:9.3f}{our_seconds:9.3f}{stock_seconds / our_seconds:8.2f}")


if __name__ == "__main__":
    main()
