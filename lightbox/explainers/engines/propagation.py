"""Relevance propagated through a network by zennit's rules: shared by LRP and contrastive LRP."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MethodType
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from lightbox.networks.engines import torchvision_import  # noqa: F401  (must precede zennit, which imports torchvision)

# isort: split
from zennit.canonizers import AttributeCanonizer, Canonizer, SequentialMergeBatchNorm
from zennit.composites import (
    EpsilonAlpha2Beta1Flat,
    EpsilonGammaBox,
    EpsilonPlusFlat,
    LayerMapComposite,
    layer_map_base,
)
from zennit.core import Composite, Hook
from zennit.layer import Sum
from zennit.rules import Epsilon, ZPlus
from zennit.types import Linear

from lightbox.core.errors import UserFacingError
from lightbox.explainers.base import Check
from lightbox.explainers.composites import SET_ASIDE, TAKE_SHARE
from lightbox.explainers.engines.rules import SparingZPlus
from lightbox.networks.engines.residual import Add

if TYPE_CHECKING:
    from torch import Tensor

    from lightbox.networks import Network

TOLERANCE = 0.01  # retained relevance may differ from 1 by this much
BLOWN_UP = 1e3  # total absolute relevance beyond this many times the sum is cancellation, not explanation
RUNAWAY = 10.0  # so is a sum this many times what was put in


@dataclass(frozen=True, slots=True)
class Relevance:
    """What arrives at the pixels of a relevance of 1 put in at the logits.

    Args:
        values: (H, W), summed over channels.
        retained: their sum; 1 where the rules conserve.
        total: the sum of their absolute values.
    """

    values: Tensor
    retained: float
    total: float

    @property
    def nonsense(self) -> str:
        """Why this map must not be drawn, "" where it may."""
        if not (math.isfinite(self.retained) and math.isfinite(self.total)):
            return "The relevance overflowed on its way to the pixels."
        if self.total > BLOWN_UP * abs(self.retained) and self.total > TOLERANCE:
            return (
                f"Positive and negative relevance nearly cancel: their sizes add up to {self.total:.2g} "
                f"and their sum is {self.retained:.2g}, for 1 put in."
            )
        if abs(self.retained) > RUNAWAY:
            return f"Of 1 put in at the logit, {self.retained:.3g} arrived at the pixels."
        return ""


def propagate(network: Network, x: Tensor, start: Tensor, composite: Composite) -> Relevance:
    """Relevance at the pixels for a distribution over the logits.

    Args:
        network: rewritten and hooked while this runs, put back afterwards.
        x: (1, 3, H, W), normalised.
        start: (classes,) that sums to 1: the relevance put in.
        composite: from `build_composite`.
    """
    scan = x.detach().clone().requires_grad_()
    try:
        # Not zennit's context manager: that leaves canonizers applied when registering fails half-way.
        composite.register(network.module)
        logits = network.module(scan)
        (relevance,) = torch.autograd.grad(logits, scan, start.to(logits)[None])
    finally:
        composite.remove()
    values = relevance[0].sum(dim=0)
    precise = values.double()
    return Relevance(values, float(precise.sum()), float(precise.abs().sum()))


def build_composite(network: Network, x: Tensor, key: str, *, biases: str, last_rule: Hook | None = None) -> Composite:
    """The zennit composite of that name, with the canonizers that let it conserve on every architecture here.

    Args:
        network: for its normalisation.
        x: (1, 3, H, W), for the shape of the box rule's bounds.
        key: "epsilon_plus_flat", "epsilon_gamma_box", "alpha2_beta1_flat" or "epsilon".
        biases: "set aside" leaves them out of every denominator, so that no relevance ends in them.
        last_rule: for the last linear layer instead of the composite's own.

    Raises:
        UserFacingError: the box rule with biases set aside, which leaves nothing but cancellation.
    """
    options: dict[str, Any] = {
        "canonizers": [SequentialMergeBatchNorm(), _residual_canonizer()],
        "zero_params": zeroed(biases),
    }
    if key == "epsilon_plus_flat":
        composite = _sparing(EpsilonPlusFlat(**options), options["zero_params"])
    elif key == "alpha2_beta1_flat":
        composite = EpsilonAlpha2Beta1Flat(**options)
    elif key == "epsilon_gamma_box":
        composite = _box_composite(network, x, options, biases=biases)
    else:
        epsilon = (Linear, Epsilon(zero_params=options["zero_params"]))
        composite = LayerMapComposite([*layer_map_base(), epsilon], canonizers=options["canonizers"])
    return composite if last_rule is None else _with_last_rule(network.module, composite, last_rule)


def zeroed(biases: str) -> list[str] | None:
    """The ``zero_params`` of zennit for a choice of what biases do."""
    return ["bias"] if biases == SET_ASIDE else None


def evidence(network: Network, logit: Tensor, index: int, biases: str) -> float:
    """What a class's logit owes to the features rather than to the class's own bias.

    Relevance is a share of this. Where biases are set aside it can differ in sign from the logit.
    """
    last = last_linear(network.module)
    if biases != SET_ASIDE or last is None or last.bias is None:
        return float(logit)
    return float(logit - last.bias[index])


def last_linear(module: nn.Module) -> nn.Linear | None:
    """The layer whose outputs are the logits, as all networks here end in one."""
    layers = [child for child in module.modules() if isinstance(child, nn.Linear)]
    return layers[-1] if layers else None


def conservation_check(key: str, relevance: Relevance, *, biases: str, of_what: str) -> Check:
    """How much of what was put in arrived. With biases taking a share there is nothing to pass.

    Args:
        key: of the check.
        relevance: measured.
        biases: the rule in use.
        of_what: "the logit", "the logit of glioma": for the sentence.
    """
    retained = relevance.retained
    sentence = f"Relevance at the pixels sums to {retained:.4f} of {of_what}."
    if biases == SET_ASIDE:
        return Check(key, retained, abs(retained - 1) <= TOLERANCE, sentence)
    return Check(key, retained, None, f"{sentence} Biases absorbed {1 - retained:.4f} of it.")


def _residual_canonizer() -> Canonizer:
    """Lets the Norm rule share relevance between a residual block's two inputs; a plain ``+`` doubles it."""

    def attributes(_name: str, module: nn.Module) -> dict[str, object] | None:
        return {"forward": MethodType(_add_through_sum, module), "sum": Sum()} if isinstance(module, Add) else None

    return AttributeCanonizer(attributes)


def _add_through_sum(self: nn.Module, branch: Tensor, identity: Tensor) -> Tensor:
    return self.sum(torch.stack([branch, identity], dim=-1))  # type: ignore[no-any-return, operator]


def _box_composite(network: Network, x: Tensor, options: dict[str, Any], *, biases: str) -> Composite:
    # Measured on trained networks: what then arrives at the pixels sums to the logit, but only because positive and
    # negative relevance thousands of times its size (10^34 on ResNet50) cancel.
    if biases == SET_ASIDE:
        raise UserFacingError(
            "Epsilon-gamma-box gives nonsense where biases are set aside.",
            f"Choose biases: {TAKE_SHARE}; or another rule, such as epsilon-plus-flat.",
        )
    black, white = network.normalise(torch.zeros_like(x)), network.normalise(torch.ones_like(x))
    return EpsilonGammaBox(low=black, high=white, **options)


def _with_last_rule(module: nn.Module, composite: Composite, rule: Hook) -> Composite:
    last = last_linear(module)

    def choose(context: dict[str, object], name: str, child: nn.Module) -> Hook | None:
        return rule if child is last else composite.module_map(context, name, child)

    return Composite(module_map=choose, canonizers=composite.canonizers)


def _sparing(composite: Composite, zero_params: list[str] | None) -> Composite:
    """The composite with our z-plus for zennit's."""

    def choose(context: dict[str, object], name: str, child: nn.Module) -> Hook | None:
        rule = composite.module_map(context, name, child)
        return SparingZPlus(zero_params) if isinstance(rule, ZPlus) else rule

    return Composite(module_map=choose, canonizers=composite.canonizers)
