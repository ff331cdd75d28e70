"""One number that makes a network's probabilities mean what they say: the temperature, fitted to validation data.

Guo, Pleiss, Sun, Weinberger: On Calibration of Modern Neural Networks, 2017 (arXiv:1706.04599), section 4.2.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scipy.optimize import minimize_scalar
from torch.nn import functional

from lightbox.metrics.calibration import expected_calibration_error

if TYPE_CHECKING:
    from torch import Tensor

COLDEST, HOTTEST = 0.05, 20.0


def fit_temperature(logits: Tensor, labels: Tensor) -> float:
    """The temperature at which the labels are likeliest, from `COLDEST` to `HOTTEST`.

    The cross-entropy is convex in 1 / temperature, so there is one minimum; where every scan is called right it lies
    at the cold end.

    Args:
        logits: (N, classes) on pictures that the network did not learn from.
        labels: (N,) class indices.
    """
    rows = logits.double()

    def loss(log_temperature: float) -> float:
        return float(functional.cross_entropy(rows / math.exp(log_temperature), labels))

    found = minimize_scalar(
        loss, bounds=(math.log(COLDEST), math.log(HOTTEST)), method="bounded", options={"xatol": 1e-5}
    )
    return math.exp(float(found.x))


def calibrate(logits: Tensor, labels: Tensor) -> dict[str, float | int]:
    """What the card says: the temperature, and how far confidence was from accuracy before and after.

    Args:
        logits: (N, classes) on validation pictures.
        labels: (N,) class indices.
    """
    temperature = round(fit_temperature(logits, labels), 4)
    right = (logits.argmax(1) == labels).numpy()
    errors = {
        name: round(expected_calibration_error((logits.double() / by).softmax(1).max(1).values.numpy(), right), 4)
        for name, by in (("before", 1.0), ("after", temperature))
    }
    return {
        "temperature": temperature,
        "validation_images": len(labels),
        "validation_error_before": errors["before"],
        "validation_error_after": errors["after"],
    }
