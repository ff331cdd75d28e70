"""How finely the many passes of a slow method are computed: a control that LIME and Integrated Gradients share."""

from __future__ import annotations

from lightbox.explainers.base import Param

AUTO, FULL, QUICK = "auto", "float32", "bfloat16"
PRECISION_PARAM = Param(
    name="precision",
    label="Arithmetic",
    default=AUTO,
    choices={"Quick where it is as good": AUTO, "float32": FULL, "bfloat16": QUICK},
    help="Large networks take a third to a half of the time in bfloat16, on processors made for it. It is tried "
    "against float32 on this very scan first, and used only if the two agree; the caption says so.",
)
