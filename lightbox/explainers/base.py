"""The types that every explanation method shares. Plain data: importing this loads no torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

ParamValue = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Param:
    """One control of a method. The interface and the command line are generated from it.

    Args:
        name: keyword argument of the method's ``explain``.
        label: for people.
        default: its type is the parameter's type.
        low: smallest number allowed, included.
        high: largest number allowed, included.
        choices: value by title where only some values are allowed. A choice may depend on the network
            (Grad-CAM's layer): then ``choices_from`` names the attribute of `NetworkSpec` that holds them.
        help: one sentence: what it does to the map, what it costs.
        choices_from: see ``choices``; "" where the choices are fixed.
        shared: "baseline" or "seed" where the page sets it once for every method.
    """

    name: str
    label: str
    default: ParamValue
    low: float | None = None
    high: float | None = None
    choices: Mapping[str, ParamValue] | None = None
    help: str = ""
    choices_from: str = ""
    shared: str = ""

    def title_of(self, value: ParamValue) -> str:
        """A choice in words.

        Raises:
            KeyError: it is not among the choices.
        """
        for title, choice in (self.choices or {}).items():
            if choice == value:
                return title
        raise KeyError(value)


@dataclass(frozen=True, slots=True)
class Target:
    """The logit to explain; ``against`` is the class a contrastive method sets it against (None: runner-up)."""

    index: int
    against: int | None = None


@dataclass(frozen=True, slots=True)
class MethodSpec:
    """All that a page, the command line and the guide need about a method.

    Args:
        key: file name, URL value, README row.
        title: for people.
        signed: whether negative values are evidence against the class.
        reference: paper with arXiv number or DOI.
        explain: ``explain(network, x, target, *, progress, **params) -> Explained``; holds the mathematics only.
            ``x`` is its own (1, 3, H, W) copy, the network is in evaluation mode with frozen weights, ``target`` is
            valid and, for contrastive methods, complete. It calls ``progress(fraction)`` between passes; an
            exception raised there cancels it.
        params: the controls, equal to ``explain``'s keyword-only arguments (less ``progress``) and defaults.
        contrastive: whether it sets one class against another.
        cost: "fast" (about one pass), "medium" (tens) or "slow" (hundreds).
        summary: one sentence for people who have not met it.
    """

    key: str
    title: str
    signed: bool
    reference: str
    explain: Callable[..., Explained]
    params: tuple[Param, ...]
    contrastive: bool = False
    cost: str = "fast"
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One measured validity of one map.

    Args:
        key: "conservation", "completeness_gap", "surrogate_r2", ...
        value: the measured figure; nan or infinite only where the map is withheld or the figure is undefined.
        passed: True or False; None where there is no threshold to pass.
        sentence: the figure in words, for the caption: "Relevance at the pixels sums to 0.9997 of the logit."
    """

    key: str
    value: float
    passed: bool | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Explained:
    """What a method's ``explain`` returns to `run`.

    Args:
        values: (H, W) tensor or array on the input grid, raw.
        checks: measured validity.
        caption: rule, layer, baseline, seed: what a reader must know to reproduce the map, in words.
        withheld: the reason why the map is nonsense and must not be drawn, "" where it may be.
        scale_note: how values were normalised before they were combined, "" where they were not.
        signed: whether these values are signed, where that depends on parameters; None: as the method's spec says.
        against_used: whether the class to set against had a part in it; False for a variant of a contrastive method
            that does without.
        used: what a parameter that leaves something to the method ("auto") came to, by its name.
    """

    values: Any
    checks: tuple[Check, ...] = ()
    caption: str = ""
    withheld: str = ""
    scale_note: str = ""
    signed: bool | None = None
    against_used: bool = True
    used: Mapping[str, ParamValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Attribution:
    """One map and everything that reproduces it.

    Args:
        values: (H, W) float32 on the network's input grid, raw: never normalised or clipped by us. Finite unless
            ``withheld`` says why not.
        method: key of the method.
        target: the class explained, with ``against`` filled in for contrastive methods, and None where a variant of
            one does not use it.
        params: every parameter, defaults included; in place of "auto" what it came to.
        seconds: wall time of the method alone.
        checks: measured validity.
        caption: see `Explained`.
        withheld: see `Explained`.
        scale_note: see `Explained`.
        signed: whether negative values mean evidence against.
        logit: of the class explained, before softmax.
    """

    values: NDArray[np.float32]
    method: str
    target: Target
    params: Mapping[str, ParamValue]
    seconds: float
    checks: tuple[Check, ...] = ()
    caption: str = ""
    withheld: str = ""
    scale_note: str = ""
    signed: bool = True
    logit: float = float("nan")

    @property
    def failed(self) -> bool:
        """Whether any check failed."""
        return any(check.passed is False for check in self.checks)
