"""What a user asked for, and the one set of parameters that it means for each method and network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.explainers import METHODS, fill_params
from lightbox.explainers.base import Target

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lightbox.explainers.base import ParamValue
    from lightbox.networks import NetworkSpec

PREDICTED = "predicted"
RUNNER_UP = "runner_up"


@dataclass(frozen=True, slots=True)
class Choice:
    """The choices that decide maps; how maps are drawn is not among them.

    Args:
        methods: keys, in the order wanted.
        explain: a class key, or "predicted".
        against: a class key, or "runner_up"; used by contrastive methods.
        shared: values set once for every method, by `Param.shared`: "baseline", "seed".
        own: values by method key and parameter name; what is left out takes its default.
    """

    methods: tuple[str, ...]
    explain: str = PREDICTED
    against: str = RUNNER_UP
    shared: Mapping[str, ParamValue] = field(default_factory=dict)
    own: Mapping[str, Mapping[str, ParamValue]] = field(default_factory=dict)

    def target(self, method: str, classes: Sequence[str], logits: Sequence[float]) -> Target:
        """The logit to explain, and for a contrastive method the one to set it against.

        Raises:
            UserFacingError: a class that this network does not know.
        """
        index = _class_index(self.explain, classes, max(range(len(classes)), key=lambda each: logits[each]))
        if not METHODS[method].contrastive:
            return Target(index)
        return Target(index, _class_index(self.against, classes, runner_up(logits, index)))

    def params(self, method: str, network: NetworkSpec) -> dict[str, ParamValue]:
        """Every parameter of a method, defaults included.

        Where the choices depend on the network, one that it does not have gives way to its preset: it may be another
        network's. `check_network_choices` refuses what is nobody's.

        Raises:
            UserFacingError: see `fill_params`.
        """
        spec = METHODS[method]
        shared = {row.name: self.shared[row.shared] for row in spec.params if row.shared in self.shared}
        given = {**shared, **self.own.get(method, {})}
        elsewhere = {
            row.name
            for row in spec.params
            if row.choices_from and given.get(row.name) not in getattr(network, row.choices_from).values()
        }
        return fill_params(spec, network, {name: value for name, value in given.items() if name not in elsewhere})


def check_network_choices(choice: Choice, networks: Sequence[NetworkSpec]) -> None:
    """Refuse a value that depends on the network, such as Grad-CAM's layer, where none of ``networks`` has it.

    Raises:
        UserFacingError: names what each network has.
    """
    for method in choice.methods:
        for row in METHODS[method].params:
            value = choice.own.get(method, {}).get(row.name, row.default)
            known = {network.title: getattr(network, row.choices_from) for network in networks if row.choices_from}
            if known and value != row.default and not any(value in each.values() for each in known.values()):
                offers = "; ".join(f"{title}: {', '.join(map(repr, each.values()))}" for title, each in known.items())
                raise UserFacingError(
                    f"{value!r} is not a choice for {row.name!r} of {METHODS[method].title}.",
                    f"Choose one of: {offers}.",
                )


def _class_index(key: str, classes: Sequence[str], default: int) -> int:
    if key in {PREDICTED, RUNNER_UP}:
        return default
    if key not in classes:
        raise UserFacingError(f"The network knows no class {key!r}.", f"Choose one of: {', '.join(classes)}.")
    return list(classes).index(key)


def runner_up(logits: Sequence[float], index: int) -> int:
    """The likeliest class other than ``index``."""
    return max((each for each in range(len(logits)) if each != index), key=lambda each: logits[each])
