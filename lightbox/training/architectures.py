"""What can be trained: the networks of the app, and torchvision classifiers as teachers for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.networks import NETWORKS
from lightbox.networks.spec import NetworkSpec

if TYPE_CHECKING:
    from torch import nn

PREFIX = "torchvision/"


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
    from lightbox.networks.engines.torchvision_models import models

    known = models.list_models(module=models)
    if name not in known:
        raise UserFacingError(
            f"There is no classifier named {name!r} in torchvision.",
            f"It has, for example: {', '.join(known[:12])}.",
        )

    def build(class_count: int) -> nn.Module:
        module: nn.Module = models.get_model(name, weights=None, num_classes=class_count)
        return module

    return NetworkSpec(key, name, "torchvision's, as it is; a teacher.", "", build, {})
