"""Where the weights of a training start: at random, from ImageNet, or from a checkpoint."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.networks import load_checkpoint, read_card
from lightbox.provenance.training_files import find_training_files
from lightbox.training import efficientnet_lite
from lightbox.training.architectures import PREFIX, find_architecture

if TYPE_CHECKING:
    from collections.abc import Collection

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
        seen: what is listed of the files that they have learned from; see `training_files`.
    """

    name: str
    state: dict[str, Tensor] | None = None
    seen: frozenset[str] = frozenset()


def find_start(
    init: str, task: str, network: str, *, data_sha256: str, held_out: Collection[str], target: Path
) -> Start:
    """The weights that ``init`` names.

    Args:
        init: "random", "imagenet", or the folder of a checkpoint.
        task: key of the task that is trained for.
        network: key of the architecture that is trained.
        data_sha256: of the pictures and the split between them.
        held_out: sha256 of the files that are validated on now, and of our own test set.
        target: the folder that the new checkpoint will be written to.

    Raises:
        UserFacingError: there are no such weights, they may have learned from what is held out now, they would be
            overwritten, or they give no numbers.
    """
    if init == RANDOM:
        return Start(RANDOM)
    if init == IMAGENET:
        return Start(IMAGENET, fetch_imagenet_state(network))
    folder = Path(init)
    if folder.resolve() == target.resolve():
        raise UserFacingError(
            f"The new checkpoint would take the place of the one in {folder}, and a stopped run could not go on.",
            "Give another folder with --out.",
        )
    card = read_card(folder)
    # Weights of another task know other pictures; of the same task the card can tell, and the list of what was seen.
    listed = find_training_files(card, shared=card.folder.parent)
    same = card.task != task or card.training.get("data_sha256") == data_sha256
    if not same and (listed is None or any(map(listed.knows, held_out))):
        raise UserFacingError(
            f"{folder} was trained on other pictures or another split: it may have learned what is held out now.",
            "Give the data and hold out as its card says (seed, --hold-out, --validation-share and --audit), or use "
            "--init random.",
        )
    start = load_checkpoint(card, find_architecture(card.network))
    start.check()
    seen = frozenset() if listed is None else listed.hashes
    return Start(f"checkpoint {card.sha256[:12]}", start.module.state_dict(), seen)


def fetch_imagenet_state(key: str) -> dict[str, Tensor]:
    """ImageNet weights of an architecture: from their package, or torchvision's, downloaded or from torch's cache.

    Raises:
        UserFacingError: there are none for it, or they cannot be downloaded here.
    """
    if key in efficientnet_lite.KEYS:
        return efficientnet_lite.read_imagenet_state(key)
    from lightbox.networks.engines.torchvision_import import models

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
    """Copy all tensors that fit into ``module``, by name and shape: the classifier's only if it has as many classes.

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
