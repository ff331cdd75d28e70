"""Grad-CAM: which places of the last convolution speak for the class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.explainers.base import Check, Explained, MethodSpec, Param, Target

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from lightbox.networks import Network

NOTHING = "Nothing in this layer speaks for the class: an empty map here is the answer, not a fault."
ROUNDING = 1e-6  # positive values below this share of the largest are rounding, not evidence

VARIANT_PARAM = Param(
    name="variant",
    label="Variant",
    default="grad_cam",
    choices={
        "Grad-CAM": "grad_cam",
        "Grad-CAM++": "grad_cam_plus_plus",
        "HiResCAM": "hires_cam",
        "LayerCAM": "layer_cam",
    },
    help=(
        "How channels are weighted: by their mean gradient, by its positive part (++), or place by place "
        "(HiRes; Layer: positive gradients only)."
    ),
)


# These drop negative gradients: after a ReLU nothing in their maps can be negative, so a share would say nothing.
POSITIVE_GRADIENTS_ONLY = ("grad_cam_plus_plus", "layer_cam")


def explain(
    network: Network,
    x: Tensor,
    target: Target,
    *,
    progress: Callable[[float], None],
    layer: str = "",
    variant: str = "grad_cam",
    relu: bool = True,
) -> Explained:
    """Activations of one layer, weighted by the gradient of the logit.

    Args:
        network: the one to explain.
        x: (1, 3, H, W), normalised.
        target: the class.
        progress: called before and after the pass.
        layer: module name out of the network spec's layers; "" is the preset, the last convolution.
        variant: see `VARIANT_PARAM`.
        relu: keep only places that speak for the class, as the paper does. Grad-CAM++ and LayerCAM drop negative
            gradients before, whatever this says.

    Returns:
        (H, W) raw values, upsampled bilinearly from the layer's grid; the library rescales each map to 0..1, this
        does not.

    Reference:
        Selvaraju et al. (2016), arXiv:1610.02391, equations 1 and 2.
    """
    from lightbox.explainers.engines import cam

    progress(0.0)
    name = layer or next(iter(network.spec.layers.values()))
    coarse = cam.raw_map(network.module, name, x, target.index, variant)
    progress(1.0)
    one_sided = variant in POSITIVE_GRADIENTS_ONLY
    found = _exceeds_rounding(coarse)
    kept = coarse.clamp(min=0) if relu else coarse
    if relu and not found:
        kept = kept * 0  # what is left is rounding
    caption = (
        f"{VARIANT_PARAM.title_of(variant)} at {_layer_title(network, name)}, a grid of {coarse.shape[0]} x "
        f"{coarse.shape[1]} upsampled bilinearly; "
        f"{'negative gradients dropped' if one_sided else 'positive part only' if relu else 'signed'}."
    )
    return Explained(
        values=cam.upsample(kept, (x.shape[2], x.shape[3])),
        checks=(_places_check(coarse) if one_sided else _evidence_check(coarse, found=found),),
        caption=caption if found else f"{caption} No positive evidence for this class.",
        signed=not relu,
    )


def _exceeds_rounding(values: Tensor) -> bool:
    largest = float(values.max())
    return largest > 0 and largest > ROUNDING * float(values.abs().max())


def _evidence_check(values: Tensor, *, found: bool) -> Check:
    """Whether anything in the layer speaks for the class; the figure is the positive share of all evidence."""
    size = float(values.abs().sum())
    share = float(values.clamp(min=0).sum()) / size if size > 0 else 0.0
    sentence = f"{share:.0%} of the evidence in this layer speaks for the class." if found else NOTHING
    # That something speaks for the class is no proof of the map: it is measured, and only its absence fails.
    return Check("positive_evidence", share, None if found else False, sentence)


def _places_check(values: Tensor) -> Check:
    """How much of the layer has a positive gradient; nothing can be passed, since the rest was never added up."""
    share = float((values != 0).double().mean())
    dropped = "This variant drops negative gradients: it cannot tell how much speaks against the class."
    sentence = f"{share:.0%} of the places in this layer are not zero. {dropped}" if share > 0 else NOTHING
    return Check("places_not_zero", share, None, sentence)


def _layer_title(network: Network, name: str) -> str:
    return next((title for title, module in network.spec.layers.items() if module == name), name)


SPEC = MethodSpec(
    key="grad_cam",
    title="Grad-CAM",
    signed=False,
    reference="Selvaraju et al. (2016), arXiv:1610.02391",
    explain=explain,
    params=(
        Param(
            "layer",
            "Layer",
            "",
            choices_from="layers",
            help="Where the map is read off: the last convolution is coarse and specific, earlier ones fine and vague.",
        ),
        VARIANT_PARAM,
        Param(
            "relu",
            "Positive part only",
            default=True,
            help=(
                "Off shows places that speak against the class too. "
                "Grad-CAM++ and LayerCAM drop negative gradients, so they show none either way."
            ),
        ),
    ),
    cost="fast",
    summary="Shows which places of the last convolution speak for the class; coarse, and quick.",
)
