"""The explanation methods, and `run`, which runs one. Importing this loads no torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.explainers.base import Attribution, Check, Explained, MethodSpec, Param, ParamValue, Target
from lightbox.explainers.baselines import BASELINES, DEFAULT_BASELINE, BaselineSpec, picture
from lightbox.explainers.methods import METHODS
from lightbox.explainers.parameters import choices_of, complete_params, fill_params, find_param

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from lightbox.networks import Network


def run(
    method: str | MethodSpec,
    network: Network,
    x: Tensor,
    target: Target,
    *,
    progress: Callable[[float], None] | None = None,
    **params: ParamValue,
) -> Attribution:
    """One map, with its checks and everything that reproduces it; the network is left exactly as it was.

    Args:
        method: a key of `METHODS`, or a spec.
        network: must not be used by another thread meanwhile: methods hook and rewrite it while they run.
        x: (1, 3, H, W), normalised as the network's card says; not changed.
        target: the class explained. ``against=None`` means the strongest other class, for contrastive methods.
        progress: called with a fraction in 0..1 between passes. An exception it raises cancels the run, and
            comes out here as it is.
        params: of the method; what is not given has its default.

    Returns:
        The map on the input grid. Where it is not finite, ``withheld`` says so.

    Raises:
        UserFacingError: an unknown method or parameter, a value out of range, a class the network does not have,
            a setting this network cannot be explained with, or an answer that is no number (`LogitError`).
        ValueError: x is not one finite (1, 3, H, W) scan.
        RuntimeError: the method broke its contract: a hook left behind, weights changed, a map of the wrong shape.
    """
    from lightbox.explainers.engines.run import explain_once

    spec = METHODS[method] if isinstance(method, str) else method
    return explain_once(spec, network, x, target, progress=progress, params=params)


def warm_up() -> None:
    """Import the engines (two to four seconds), so that a worker's first map is not late."""
    from lightbox.explainers.engines import load_all  # noqa: F401


__all__ = [
    "BASELINES",
    "DEFAULT_BASELINE",
    "METHODS",
    "Attribution",
    "BaselineSpec",
    "Check",
    "Explained",
    "MethodSpec",
    "Param",
    "ParamValue",
    "Target",
    "choices_of",
    "complete_params",
    "fill_params",
    "find_param",
    "picture",
    "run",
    "warm_up",
]
