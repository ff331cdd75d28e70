"""Where the weights of a training start: at random, from ImageNet, or from a checkpoint."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.networks import load_checkpoint, read_card
from lightbox.training.architectures import PREFIX, find_architecture

if TYPE_CHECKING:
    from torch import Tensor, nn

RANDOM, IMAGENET = "random", "imagenet"
# Below this share of matching tensors, "initialised from these weights" would be a false statement.
ENOUGH = 0.9


@dataclass(frozen=True, slots=True)
class Start:
    """What the weights are before the first step.

    Args:
        name: as the card says it.
        state: tensors to take over; None for random ones.
    """

    name: str
    state: dict[str, Tensor] | None = None


def find_start(init: str, network: str, *, published_sha256: str, data_sha256: str) -> Start:
    """The weights that ``init`` names.

    Args:
        init: "random", "imagenet", or the folder of a checkpoint.
        network: key of the architecture that is trained.
        published_sha256: of the data before any pictures were held out.
        data_sha256: of the data with those held out.

    Raises:
        UserFacingError: there are no such weights, or they learned from what is held out now.
    """
    if init == RANDOM:
        return Start(RANDOM)
    if init == IMAGENET:
        return Start(IMAGENET, fetch_imagenet_state(network))
    folder = Path(init)
    card = read_card(folder)
    known = card.training
    if known.get("published_sha256") == published_sha256 and known.get("data_sha256") != data_sha256:
        raise UserFacingError(
            f"{folder} was trained on another split of these pictures: it has learned some that are held out now.",
            "Hold out as its card says (seed, --hold-out, --validation-share and --audit), or use --init random.",
        )
    state = load_checkpoint(card, find_architecture(card.network)).module.state_dict()
    return Start(f"checkpoint {card.sha256[:12]}", state)


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
