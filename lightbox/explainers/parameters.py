"""Parameters as a caller gave them, completed with defaults and checked: no torch needed."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.explainers.base import MethodSpec, Param, ParamValue
    from lightbox.networks.spec import NetworkSpec


def complete_params(method: MethodSpec, network: NetworkSpec, params: Mapping[str, object]) -> dict[str, ParamValue]:
    """What a method is called with: `fill_params`, and what a network's preset (Grad-CAM's layer) stands for.

    Raises:
        UserFacingError: see `fill_params`.
    """
    complete = fill_params(method, network, params)
    for param in method.params:
        if param.choices_from and complete[param.name] == param.default:
            complete[param.name] = next(iter((choices_of(param, network) or {}).values()), param.default)
    return complete


def fill_params(method: MethodSpec, network: NetworkSpec, params: Mapping[str, object]) -> dict[str, ParamValue]:
    """Every parameter of a method, in the order of its spec: the given values, checked, and defaults for the rest.

    Raises:
        UserFacingError: an unknown parameter, a value of the wrong type, out of range or not among the choices.
    """
    for name in params:
        find_param(method, name)
    return {
        param.name: _checked(method, param, network, params[param.name]) if param.name in params else param.default
        for param in method.params
    }


def find_param(method: MethodSpec, name: str) -> Param:
    """The parameter of that name.

    Raises:
        UserFacingError: the method has none.
    """
    known = {param.name: param for param in method.params}
    if name not in known:
        raise UserFacingError(
            f"{method.title} has no parameter named {name!r}.", f"It knows: {', '.join(known) or 'none'}."
        )
    return known[name]


def choices_of(param: Param, network: NetworkSpec) -> Mapping[str, ParamValue] | None:
    """A parameter's choices, value by title, on one network; None where any value in range will do."""
    if param.choices_from:
        choices: Mapping[str, ParamValue] = getattr(network, param.choices_from)
        return choices
    return param.choices


def _checked(method: MethodSpec, param: Param, network: NetworkSpec, value: object) -> ParamValue:
    typed = _typed(method, param, value)
    choices = choices_of(param, network)
    # The default stands for "the network's preset" where choices depend on the network.
    if choices is not None and typed not in choices.values() and not (param.choices_from and typed == param.default):
        raise UserFacingError(
            f"{value!r} is not a choice for {param.name!r} of {method.title} on {network.title}.",
            f"Choose one of: {', '.join(repr(choice) for choice in choices.values())}.",
        )
    if isinstance(typed, (int, float)) and not isinstance(typed, bool):
        _check_range(method, param, typed)
    return typed


def _typed(method: MethodSpec, param: Param, value: object) -> ParamValue:
    """The value as the type of the parameter's default. A bool is no number here; an integer is a fine float."""
    kind = type(param.default)
    is_bool = isinstance(value, bool)
    if kind is bool and is_bool:
        return bool(value)
    if kind is str and isinstance(value, str):
        return value
    if kind is int and isinstance(value, Integral) and not is_bool:
        return int(value)
    if kind is float and isinstance(value, Real) and not is_bool and math.isfinite(value):
        return float(value)
    words = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
    raise UserFacingError(f"{value!r} cannot be used for {param.name!r} of {method.title}.", f"Give {words[kind]}.")


def _check_range(method: MethodSpec, param: Param, value: float) -> None:
    low = -math.inf if param.low is None else param.low
    high = math.inf if param.high is None else param.high
    if not low <= value <= high:
        raise UserFacingError(
            f"{value} is out of range for {param.name!r} of {method.title}.", f"Give a value from {low:g} to {high:g}."
        )
