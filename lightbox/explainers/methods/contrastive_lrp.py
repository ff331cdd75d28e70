"""Contrastive LRP: what makes the network say one class rather than another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.core.tasks import class_title
from lightbox.explainers.base import Explained, MethodSpec, Param, Target
from lightbox.explainers.composites import BIASES_PARAM, COMPOSITE_PARAM, SET_ASIDE

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from lightbox.explainers.engines.propagation import Relevance
    from lightbox.networks import Network

VARIANT_PARAM = Param(
    name="variant",
    label="Contrast",
    default="difference",
    choices={"A minus B": "difference", "CLRP1: all other classes": "clrp1", "CLRP2: negated weights": "clrp2"},
    help=(
        "A minus B sets the class against the one you chose. CLRP1 sets it against all others together, CLRP2 against "
        "its own opposite; both show positive evidence only and do not use B."
    ),
)
SCALE_NOTE = (
    "Each side was divided by the sum of its absolute relevance before subtracting, so that both weigh the same."
)


def explain(
    network: Network,
    x: Tensor,
    target: Target,
    *,
    progress: Callable[[float], None],
    variant: str = "difference",
    composite: str = "epsilon_plus_flat",
    biases: str = SET_ASIDE,
) -> Explained:
    """Relevance for the target class less relevance for what it is set against.

    Args:
        network: see `lightbox.explainers.methods.lrp.explain`.
        x: (1, 3, H, W), normalised.
        target: A in ``index``, B in ``against``.
        progress: called between the two passes.
        variant: "difference": R_A - R_B. "clrp1": max(0, R_A - R_others), relevance put in equally at all other
            classes. "clrp2": max(0, R_A - R_dual), the dual being A with the weights of its logit negated.
        composite: see `lightbox.explainers.composites`.
        biases: see `lightbox.explainers.composites`.

    Returns:
        (H, W), each side scaled to a total absolute relevance of 1 before subtracting. Where all
        relevance is positive, as under the paper's rules, that is the paper's normalisation by the sum; a side whose
        logit is near zero would explode under the latter. "difference" is signed and antisymmetric in A and B.

    Note:
        "clrp1" and "clrp2" use z-plus at the last layer, as the paper does: under the epsilon
        rule, negated weights give the same relevance again and CLRP2 is empty. The paper spreads the score evenly
        over the other classes; the code published with it weighs them by their logits.

    Raises:
        UserFacingError: epsilon-gamma-box with biases set aside.

    Reference:
        Gu, Yang, Tresp (2018), arXiv:1812.02100, section 4.
    """
    from lightbox.explainers.engines import propagation

    progress(0.0)
    logits = network.logits(x)[0]
    sides = _sides(network, x, logits, target, variant=variant, composite=composite, biases=biases, progress=progress)
    (wanted, wanted_sign), (contrast, contrast_sign) = sides
    values = _share(wanted, wanted_sign) - _share(contrast, contrast_sign)
    progress(1.0)
    name, opposite = class_title(network.classes[target.index]), _opposite(network, target, variant)
    return Explained(
        values=values if variant == "difference" else values.clamp(min=0),
        checks=(
            propagation.conservation_check(
                "conservation_a", wanted, biases=biases, of_what=f"what was put in at {name}"
            ),
            propagation.conservation_check(
                "conservation_b", contrast, biases=biases, of_what=f"what was put in at {opposite}"
            ),
        ),
        caption=_caption(network, logits, target, variant=variant, composite=composite, biases=biases),
        withheld=wanted.nonsense or contrast.nonsense,
        scale_note=SCALE_NOTE,
        signed=variant == "difference",
        against_used=variant == "difference",
    )


def _sides(
    network: Network,
    x: Tensor,
    logits: Tensor,
    target: Target,
    *,
    variant: str,
    composite: str,
    biases: str,
    progress: Callable[[float], None],
) -> tuple[tuple[Relevance, float], tuple[Relevance, float]]:
    """Relevance of 1 put in at each side, and the sign of what each side's logit owes to the features."""
    from lightbox.explainers.engines import propagation
    from lightbox.explainers.engines.rules import SparingZPlus

    wanted, against = target.index, wanted_against(target)
    zero_params = propagation.zeroed(biases)
    rules: list[object]
    if variant == "difference":
        starts = [_one_hot(logits, wanted), _one_hot(logits, against)]
        rules = [None, None]
        signs = [_sign(propagation.evidence(network, logits[index], index, biases)) for index in (wanted, against)]
    else:
        others = (1 - _one_hot(logits, wanted)) / (logits.shape[0] - 1)
        starts = [_one_hot(logits, wanted), others if variant == "clrp1" else _one_hot(logits, wanted)]
        rules = [SparingZPlus(zero_params), SparingZPlus(zero_params, negate=variant == "clrp2")]
        signs = [1.0, 1.0]
    found = []
    for start, rule, sign in zip(starts, rules, signs, strict=True):
        chosen = propagation.build_composite(network, x, composite, biases=biases, last_rule=rule)
        found.append((propagation.propagate(network, x, start, chosen), sign))
        progress(len(found) / 2)
    return found[0], found[1]


def wanted_against(target: Target) -> int:
    """B; `run` has filled it in."""
    if target.against is None:
        raise ValueError("a contrastive method needs a complete target")
    return target.against


def _one_hot(logits: Tensor, index: int) -> Tensor:
    start = logits.new_zeros(logits.shape[0])
    start[index] = 1
    return start


def _sign(value: float) -> float:
    return (value > 0) - (value < 0)


def _share(relevance: Relevance, sign: float) -> Tensor:
    """Signed relevance scaled to a total absolute relevance of 1; positive is evidence for the side's class.

    A relevance of 1 put in at a negative logit comes out with signs reversed, hence ``sign``.
    """
    return relevance.values * (sign / relevance.total) if relevance.total > 0 else relevance.values * 0


def _opposite(network: Network, target: Target, variant: str) -> str:
    if variant == "difference":
        return class_title(network.classes[wanted_against(target)])
    return (
        "all other classes" if variant == "clrp1" else f"the opposite of {class_title(network.classes[target.index])}"
    )


def _caption(network: Network, logits: Tensor, target: Target, *, variant: str, composite: str, biases: str) -> str:
    name, opposite = class_title(network.classes[target.index]), _opposite(network, target, variant)
    sentences = [
        f"{name} rather than {opposite}: {VARIANT_PARAM.title_of(variant)}.",
        f"{COMPOSITE_PARAM.title_of(composite)}, biases {biases}.",
    ]
    if variant != "difference":
        sentences.append("The last layer uses z-plus, and negative values are clipped at zero, as in the paper.")
    elif target.index == target.against:
        sentences.append("Both classes are the same, so the map is zero everywhere.")
    negative = [index for index in {target.index, wanted_against(target)} if logits[index] < 0]
    if negative and variant == "difference":
        named = " and ".join(class_title(network.classes[index]) for index in sorted(negative))
        sentences.append(f"Negative logit: {named}. The network counts this scan against it.")
    return " ".join(sentences)


SPEC = MethodSpec(
    key="contrastive_lrp",
    title="Contrastive LRP",
    signed=True,
    reference="Gu, Yang, Tresp (2018), arXiv:1812.02100",
    explain=explain,
    params=(VARIANT_PARAM, COMPOSITE_PARAM, BIASES_PARAM),
    contrastive=True,
    cost="fast",
    summary="Relevance for one class less relevance for another: why this diagnosis rather than that one.",
)
