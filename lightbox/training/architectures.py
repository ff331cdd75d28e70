"""What can be trained: the networks of the app, and torchvision classifiers as teachers for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.networks import NETWORKS
from lightbox.networks.spec import NetworkSpec

if TYPE_CHECKING:
    from torch import Tensor, nn

PREFIX = "torchvision/"
# Below this share of matching tensors, "initialised from ImageNet" would be a false statement.
ENOUGH = 0.9


def find_architecture(key: str) -> NetworkSpec:
    """The spec of one of our networks, or of ``torchvision/<model>``.

    A torchvision classifier can be trained and can teach, but is not explained by the app: its modules are
    shared or change their input in place, which the methods refuse.

    Raises:
        UserFacingError: there is no such network; the known ones are named.
    """
    if not key.startswith(PREFIX):
        if key not in NETWORKS:
            raise UserFacingError(
                f"There is no network named {key!r}.",
                f"Choose one of {', '.join(NETWORKS)}, or torchvision/<model>, such as {PREFIX}efficientnet_b0.",
            )
        return NETWORKS[key]
    name = key.removeprefix(PREFIX)
    from lightbox.networks._torchvision import models

    known = models.list_models(module=models)
    if name not in known:
        raise UserFacingError(
            f"torchvision has no classifier named {name!r}.", f"It has, for example: {', '.join(known[:12])}."
        )

    def build(class_count: int) -> nn.Module:
        module: nn.Module = models.get_model(name, weights=None, num_classes=class_count)
        return module

    return NetworkSpec(key, name, "torchvision's, as it is; a teacher.", "", build, {})


def fetch_imagenet_state(key: str) -> dict[str, Tensor]:
    """ImageNet weights by torchvision of an architecture, downloaded or from torch's cache.

    Raises:
        UserFacingError: there are none for it, or they cannot be downloaded here.
    """
    from lightbox.networks._torchvision import models

    name = {"vgg16": "vgg16_bn"}.get(key, key.removeprefix(PREFIX))
    if name not in models.list_models(module=models):
        raise UserFacingError(f"There are no ImageNet weights of {key}.", "Use --init random.")
    weights = models.get_model_weights(name).DEFAULT
    try:
        state: dict[str, Tensor] = weights.get_state_dict(progress=False, check_hash=True)
    except (OSError, RuntimeError) as error:
        raise UserFacingError(
            f"The ImageNet weights of {name} could not be downloaded ({error}).",
            "Try again with a network connection, or use --init random.",
        ) from error
    return state


def start_from(module: nn.Module, state: dict[str, Tensor]) -> None:
    """Copy all tensors but the classifier's into ``module``, by name and shape.

    Raises:
        UserFacingError: so few fit that this would not be a start from those weights.
    """
    own = module.state_dict()
    fitting = {name: tensor for name, tensor in state.items() if name in own and own[name].shape == tensor.shape}
    if len(fitting) < ENOUGH * len(own):
        raise UserFacingError(
            f"Only {len(fitting)} of the network's {len(own)} tensors are in those weights.",
            "Use weights of the same architecture, or --init random.",
        )
    module.load_state_dict(fitting, strict=False)
