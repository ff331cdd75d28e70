"""Layer-wise relevance propagation: the logit handed back, layer by layer, to the pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.explainers.base import Explained, MethodSpec, Target
from lightbox.explainers.composites import BIASES_PARAM, COMPOSITE_PARAM, SET_ASIDE

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from lightbox.networks import Network


def explain(
    network: Network,
    x: Tensor,
    target: Target,
    *,
    progress: Callable[[float], None],
    composite: str = "epsilon_plus_flat",
    biases: str = SET_ASIDE,
) -> Explained:
    """Relevance of each pixel for the logit of the target class.

    Args:
        network: batch norms are merged into their convolutions and residual additions made visible while this runs.
        x: (1, 3, H, W), normalised.
        target: the class.
        progress: called before and after the pass.
        composite: which rule each layer uses; see `COMPOSITE_PARAM`.
        biases: whether biases enter the rules' denominators; see `BIASES_PARAM`.

    Returns:
        (H, W) signed relevance summed over channels. It starts from the logit itself, so that its sum is the logit
        where biases are set aside, and the logit less what biases absorbed where they take their share. Where the
        class's own bias gives the logit its sign and is set aside, it starts from the logit less that bias.

    Raises:
        UserFacingError: epsilon-gamma-box with biases set aside.

    Reference:
        Bach et al. (2015), doi:10.1371/journal.pone.0130140, equations 13, 58 and 60;
        Montavon et al. (2019), doi:10.1007/978-3-030-28954-6_10, for which rule goes where.
    """
    import torch

    from lightbox.explainers.engines import propagation

    progress(0.0)
    logits = network.logits(x)[0]
    start = torch.nn.functional.one_hot(torch.tensor(target.index), logits.shape[0])
    rules = propagation.build_composite(network, x, composite, biases=biases)
    relevance = propagation.propagate(network, x, start, rules)
    progress(1.0)
    logit = float(logits[target.index])
    evidence = propagation.evidence(network, logits[target.index], target.index, biases)
    # Relevance is a share of the evidence: scaled to a logit of the other sign, for and against would change places.
    turned = logit * evidence <= 0
    of_what = "the evidence for the class" if turned else "the logit"
    return Explained(
        values=relevance.values * (evidence if turned else logit),
        checks=(propagation.conservation_check("conservation", relevance, biases=biases, of_what=of_what),),
        caption=_caption(composite, biases, logit, evidence if turned else None),
        withheld=relevance.nonsense,
    )


def _caption(composite: str, biases: str, logit: float, evidence: float | None) -> str:
    sentence = f"{COMPOSITE_PARAM.title_of(composite)}, biases {biases}; relevance starts from the "
    if evidence is not None:
        return (
            f"{sentence}evidence, {evidence:.3f}: the class's own bias, set aside here, turns that into a logit of "
            f"{logit:.3f}. Positive relevance is evidence for the class, negative against."
        )
    sentence += f"logit, {logit:.3f}."
    if logit < 0:
        sentence += (
            " The logit is negative: on balance the network counts this scan against the class. "
            "Positive relevance is still evidence for the class, negative against."
        )
    return sentence


SPEC = MethodSpec(
    key="lrp",
    title="LRP",
    signed=True,
    reference="Bach et al. (2015), doi:10.1371/journal.pone.0130140; Montavon et al. (2019)",
    explain=explain,
    params=(COMPOSITE_PARAM, BIASES_PARAM),
    cost="fast",
    summary="Hands the logit back through the network, layer by layer, until every pixel holds its share of it.",
)
