"""A checkpoint brought to life: verified weights in their architecture, ready to be explained."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.core.errors import UserFacingError
from lightbox.imaging.preprocess import Preprocessing, prepare
from lightbox.imaging.read_local import read_grey
from lightbox.networks._mismatch import check_fit
from lightbox.networks.architectures import NETWORKS
from lightbox.networks.card import TRAINING_MEAN_NAME, Card, get_card
from lightbox.networks.finite import check_logits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from torch import Tensor, nn

    from lightbox.networks.spec import NetworkSpec


@dataclass(frozen=True, slots=True)
class Network:
    """An architecture with its weights, in evaluation mode and float32 on the CPU unless moved.

    Args:
        spec: the architecture.
        module: (N, 3, size, size) to (N, classes) logits.
        classes: class keys in the order of the logits.
        preprocessing: from scan to input.
        sha256: of the weights.
        temperature: what logits are divided by before softmax; 1 where nobody adjusted the probabilities.
        training_mean: (size, size) float32 in 0..1, the mean of the training set's prepared scans, where known.
    """

    spec: NetworkSpec
    module: nn.Module
    classes: tuple[str, ...]
    preprocessing: Preprocessing
    sha256: str
    training_mean: NDArray[np.float32] | None = None
    temperature: float = 1.0

    def to_input(self, pixels: NDArray[np.float32]) -> Tensor:
        """Prepared pixels, (size, size) or (N, size, size) in 0..1, as a normalised (N, 3, size, size) tensor."""
        import torch

        batch = torch.as_tensor(np.array(pixels, dtype=np.float32))
        batch = batch.reshape(-1, 1, *batch.shape[-2:]).expand(-1, 3, -1, -1)
        return self.normalise(batch)

    def normalise(self, pixels: Tensor) -> Tensor:
        """(N, 3, H, W) in 0..1 to the network's input space. Black is 0 before this, not after."""
        mean, std = self._moments(pixels)
        return (pixels - mean) / std

    def denormalise(self, x: Tensor) -> Tensor:
        """The inverse of `normalise`."""
        mean, std = self._moments(x)
        return x * std + mean

    def _moments(self, like: Tensor) -> tuple[Tensor, Tensor]:
        mean = like.new_tensor(self.preprocessing.mean).reshape(1, 3, 1, 1)
        std = like.new_tensor(self.preprocessing.std).reshape(1, 3, 1, 1)
        return mean, std

    def logits(self, x: Tensor) -> Tensor:
        """(N, classes) before softmax, without gradients, all of them finite.

        Raises:
            LogitError: one is not: the class with the highest of such logits means nothing.
        """
        import torch

        with torch.no_grad():
            logits: Tensor = self.module(x)
        check_logits(logits, self.module, self.spec.title)
        return logits

    def probabilities(self, logits: Tensor) -> Tensor:
        """(N, classes) or (classes,) float32 that sum to 1: see `to_probabilities`."""
        return to_probabilities(logits, self.temperature)

    def check(self) -> None:
        """Ask once about a black picture, before much is built on the answers.

        Raises:
            LogitError: they are no numbers.
        """
        size = self.preprocessing.size
        self.logits(self.to_input(np.zeros((size, size), dtype=np.float32)))


def to_probabilities(logits: Tensor, temperature: float) -> Tensor:
    """(N, classes) or (classes,) float32 that sum to 1: softmax of the logits over the temperature.

    Temperature scaling (Guo, Pleiss, Sun, Weinberger 2017, arXiv:1706.04599, section 4.2) changes how sure a network
    says that it is, never which class it names; maps explain the logits, which stay as they are.
    """
    return (logits.double() / temperature).softmax(-1).float()


def load_network(task: str, network: str) -> Network:
    """The checkpoint of an architecture for a task, its weights checked against its card.

    Raises:
        UserFacingError: no checkpoint, or one whose weights are damaged, altered or of another architecture.
    """
    return load_checkpoint(get_card(task, network))


def load_checkpoint(card: Card, spec: NetworkSpec | None = None) -> Network:
    """The network that a card describes; ``spec`` where its architecture is not one of ours.

    Raises:
        UserFacingError: see `load_network`.
    """
    spec = NETWORKS[card.network] if spec is None else spec
    content = _read_weights(card)
    if hashlib.sha256(content).hexdigest() != card.sha256:
        raise UserFacingError(
            f"The weights of {card.task}/{card.network} are not the ones its card describes (sha256 differs).",
            "Bring both files from where they were published, or write the sha256 of your own file on the card.",
        )
    module = _fill(spec, card, _read_state(content, card, spec.title))
    module.eval().requires_grad_(requires_grad=False)
    mean = read_training_mean(card)
    return Network(spec, module, card.classes, card.preprocessing, card.sha256, mean, card.temperature)


def _read_weights(card: Card) -> bytes:
    try:
        return card.weights_path.read_bytes()
    except OSError as error:
        raise UserFacingError(
            f"The weights of {card.task}/{card.network} cannot be read ({error.strerror}).",
            f"See that {card.weights_path.name} lies beside its card, and that this account may read it.",
        ) from error


def _read_state(content: bytes, card: Card, title: str) -> Mapping[str, Tensor]:
    """The tensors of a weights file, by name.

    Raises:
        UserFacingError: it is no such file.
    """
    import safetensors
    import safetensors.torch

    try:
        return safetensors.torch.load(content)
    except (safetensors.SafetensorError, TypeError, ValueError) as error:
        raise UserFacingError(
            f"The weights of {card.task}/{card.network} do not fit the architecture {title}: their file has the sha256 "
            f"on its card, but is no whole safetensors file ({error}).",
            "Save the weights with safetensors.torch.save_file, and write the new sha256 on the card.",
        ) from error


def _fill(spec: NetworkSpec, card: Card, state: Mapping[str, Tensor]) -> nn.Module:
    """The architecture with these weights in the precision that it has by itself, float32.

    It is built without memory and without random numbers, and takes the weights over: VGG16 is cut out of a network
    nine times its size, whose random start took more than a second and half a gigabyte.

    Raises:
        UserFacingError: the architecture cannot be built as the card says, or the weights are not its own.
        RuntimeError: the architecture keeps something that its weights do not hold.
    """
    import torch

    # torchvision's classifiers, which can teach, may compute with numbers while they are built.
    ours = card.network in NETWORKS and NETWORKS[card.network] is spec
    try:
        with torch.device("meta" if ours else "cpu"):
            module = spec.build(len(card.classes), **card.architecture)
    except (RuntimeError, TypeError, ValueError) as error:
        raise UserFacingError(
            f"{spec.title} cannot be built as the card of {card.task}/{card.network} says ({error}).",
            "Correct [architecture] on the card: it holds what the network is built with beyond its classes.",
        ) from error
    wanted = module.state_dict()
    check_fit(
        {name: tuple(tensor.shape) for name, tensor in wanted.items()},
        {name: tuple(tensor.shape) for name, tensor in state.items()},
        card,
        spec.title,
    )
    own = {name: tensor.to(wanted[name].dtype, copy=True) for name, tensor in state.items()}
    module.load_state_dict(own, assign=ours)
    bare = [name for name, tensor in (*module.named_parameters(), *module.named_buffers()) if tensor.is_meta]
    if bare:
        raise RuntimeError(f"nothing was loaded for {', '.join(bare)}")
    return module


def read_training_mean(card: Card) -> NDArray[np.float32] | None:
    """The 8-bit picture beside the weights, on the network's grid, or None."""
    path = card.folder / TRAINING_MEAN_NAME
    if not path.is_file():
        return None
    pixels = read_grey(path)
    whole = Preprocessing(size=card.preprocessing.size, percentiles=(0.0, 100.0))
    return pixels if pixels.shape == (whole.size, whole.size) else prepare(pixels, whole).pixels
