"""Which rule each layer uses and what becomes of biases: two controls that the LRP methods share.

The rules themselves are `lightbox.explainers.engines.propagation`.
"""

from __future__ import annotations

from lightbox.explainers.base import Param

SET_ASIDE = "set aside"
TAKE_SHARE = "take their share"

COMPOSITE_PARAM = Param(
    name="composite",
    label="Rules",
    default="epsilon_plus_flat",
    choices={
        "Epsilon-plus-flat": "epsilon_plus_flat",
        "Epsilon-gamma-box": "epsilon_gamma_box",
        "Alpha2-beta1-flat": "alpha2_beta1_flat",
        "Plain epsilon": "epsilon",
    },
    help=(
        "Which rule each layer uses. Epsilon-plus-flat conserves everywhere; alpha2-beta1-flat adds contrast; "
        "epsilon-gamma-box works only with biases that take their share; plain epsilon is noisy, and close to gradient "
        "times input."
    ),
)
BIASES_PARAM = Param(
    name="biases",
    label="Biases",
    default=SET_ASIDE,
    choices={"Set aside": SET_ASIDE, "Take their share": TAKE_SHARE},
    help=(
        "Set aside: all relevance reaches the pixels, and its sum is the logit. Take their share: what biases "
        "contribute stays in them; plain epsilon wants this, and epsilon-gamma-box works with nothing else."
    ),
)
