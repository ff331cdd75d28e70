"""The same maps by the libraries themselves, as their own guides call them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from lightbox.networks import Network

IG_STEPS = 50  # captum's default
LIME_SAMPLES = 1000  # lime's default


def lrp(network: Network, x: torch.Tensor, index: int, _against: int) -> NDArray[np.float64]:
    """By zennit, with the composite of the LRP overview (epsilon, then plus, then flat)."""
    from zennit.attribution import Gradient
    from zennit.canonizers import SequentialMergeBatchNorm
    from zennit.composites import EpsilonPlusFlat

    composite = EpsilonPlusFlat(canonizers=[SequentialMergeBatchNorm()], zero_params=["bias"])
    with Gradient(network.module, composite) as attributor:
        start = torch.zeros(1, len(network.classes), dtype=x.dtype)
        start[0, index] = 1
        _output, relevance = attributor(x.clone().requires_grad_(), start)
    return _summed(relevance)


def contrastive_lrp(network: Network, x: torch.Tensor, index: int, against: int) -> NDArray[np.float64]:
    """By zennit twice: one class, less the other."""
    return lrp(network, x, index, index) - lrp(network, x, against, against)


def grad_cam(network: Network, x: torch.Tensor, index: int, _against: int) -> NDArray[np.float64]:
    """By pytorch-grad-cam, of the last convolution."""
    from pytorch_grad_cam import GradCAM
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

    layer = network.module.get_submodule(next(iter(network.spec.layers.values())))
    with GradCAM(network.module, [layer]) as cam:
        values: NDArray[Any] = cam(x.clone().requires_grad_(), [ClassifierOutputTarget(index)])
    return np.asarray(values[0], dtype=np.float64)


def integrated_gradients(network: Network, x: torch.Tensor, index: int, _against: int) -> NDArray[np.float64]:
    """By captum, from black."""
    return path_integral(network, x, network.normalise(torch.zeros_like(x)), index, steps=IG_STEPS)


def path_integral(
    network: Network, x: torch.Tensor, baseline: torch.Tensor, index: int, *, steps: int
) -> NDArray[np.float64]:
    """(H, W) by captum at a number of Gauss-Legendre points, four at a time."""
    from captum.attr import IntegratedGradients

    values = IntegratedGradients(network.module).attribute(
        x, baseline, target=index, n_steps=steps, method="gausslegendre", internal_batch_size=4
    )
    return _summed(values)


def lime(network: Network, x: torch.Tensor, index: int, _against: int) -> NDArray[np.float64]:
    """By lime, with its quickshift superpixels, hidden ones black."""
    return _lime(network, x, index, samples=LIME_SAMPLES)


def lime_on_superpixels(
    network: Network, x: torch.Tensor, index: int, *, segments: NDArray[np.int64], fill: torch.Tensor, samples: int
) -> NDArray[np.float64]:
    """(superpixels,) weights by lime's own sampler and surrogate, on given superpixels and with a given fill.

    lime hides a superpixel by one colour. One that no picture has marks what is hidden, and the network sees the fill.
    """
    found = _lime(network, x, index, samples=samples, segments=segments, fill=fill)
    return np.array([found[segments == segment][0] for segment in range(int(segments.max()) + 1)])


HIDDEN = -1.0


def _lime(
    network: Network,
    x: torch.Tensor,
    index: int,
    *,
    samples: int,
    segments: NDArray[np.int64] | None = None,
    fill: torch.Tensor | None = None,
) -> NDArray[np.float64]:
    from lime.lime_image import LimeImageExplainer

    pixels = network.denormalise(x)[0].permute(1, 2, 0).double().numpy()

    def classify(images: list[NDArray[Any]]) -> NDArray[Any]:
        batch = torch.as_tensor(np.asarray(images), dtype=torch.float32).permute(0, 3, 1, 2)
        given = network.normalise(batch)
        if fill is not None:
            given = torch.where(batch == HIDDEN, fill, given)
        return network.logits(given)[:, [index]].numpy()

    cut: Callable[[Any], NDArray[np.int64]] | None = None if segments is None else lambda _image: segments
    explanation = LimeImageExplainer(random_state=0).explain_instance(
        pixels,
        classify,
        labels=(0,),
        top_labels=None,
        hide_color=0 if fill is None else HIDDEN,
        num_samples=samples,
        segmentation_fn=cut,
    )
    weights = dict(explanation.local_exp[0])
    by_segment = np.array([weights.get(segment, 0.0) for segment in range(int(explanation.segments.max()) + 1)])
    return np.asarray(by_segment[explanation.segments], dtype=np.float64)


def _summed(values: torch.Tensor) -> NDArray[np.float64]:
    summed: NDArray[np.float64] = values.detach()[0].sum(dim=0).double().numpy()
    return summed


STOCK: dict[str, Callable[[Network, torch.Tensor, int, int], NDArray[np.float64]]] = {
    "lrp": lrp,
    "contrastive_lrp": contrastive_lrp,
    "lime": lime,
    "grad_cam": grad_cam,
    "integrated_gradients": integrated_gradients,
}
