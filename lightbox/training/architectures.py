"""What can be trained: the networks of the app, and others as teachers for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.networks import NETWORKS
from lightbox.networks.spec import NetworkSpec
from lightbox.training import efficientnet_lite

if TYPE_CHECKING:
    from torch import nn

PREFIX = "torchvision/"


def find_architecture(key: str) -> NetworkSpec:
    """The spec of one of our networks, of an EfficientNet-Lite, or of ``torchvision/<model>``.

    The last two can be trained and can teach, but are not explained by the app: their modules are shared or change
    their input in place, which the methods refuse.

    Raises:
        UserFacingError: there is no such network; the known ones are named.
    """
    if key in efficientnet_lite.KEYS:
        return efficientnet_lite.find_efficientnet_lite(key)
    if not key.startswith(PREFIX):
        if key not in NETWORKS:
            raise UserFacingError(
                f"There is no network named {key!r}.",
                f"Choose one of {', '.join(NETWORKS)}, a teacher ({', '.join(efficientnet_lite.KEYS)}), or "
                f"torchvision/<model>, such as {PREFIX}efficientnet_b0.",
            )
        return NETWORKS[key]
    name = key.removeprefix(PREFIX)
    from lightbox.networks.engines.torchvision_import import models

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
