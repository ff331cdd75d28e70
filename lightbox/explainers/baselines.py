"""What "no evidence" looks like: the pictures that Integrated Gradients starts from and that LIME fills with.

All live in pixel space, 0..1. Normalisation comes after: the zero tensor of a normalised
network is some grey, not black.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lightbox.core.errors import UserFacingError
from lightbox.core.registry import Registry
from lightbox.explainers.base import Param

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Black and flat fills look like nothing a network has seen, and LIME's surrogate fits best with a blurred copy:
# ``python -m benchmarks.checks`` measures it, docs/results.md has the figures.
DEFAULT_BASELINE = "blur"
BLUR_SHARE = 1 / 16  # standard deviation of the blur as a share of the picture's longer side: 14 pixels of 224
Draw = Callable[["NDArray[Any]", int], "NDArray[Any]"]


@dataclass(frozen=True, slots=True)
class BaselineSpec:
    """One baseline.

    Args:
        key: parameter value, URL value.
        title: for people.
        help: one sentence: what it looks like.
        draw: ``draw(pixels, seed)`` with pixels (..., H, W) in 0..1 returns something that broadcasts to them.
        random: whether the seed matters, so that averaging over draws makes sense.
        from_training: whether it is the network's training mean instead of ``draw``.
    """

    key: str
    title: str
    help: str
    draw: Draw
    random: bool = False
    from_training: bool = False

    def make(
        self, pixels: NDArray[Any], seed: int = 0, training_mean: NDArray[np.float32] | None = None
    ) -> NDArray[Any]:
        """The baseline of a picture, in pixel space.

        Args:
            pixels: (..., H, W) in 0..1. Leading axes are channels: noise and the training mean are equal over them,
                so that the baseline of a grey picture is grey.
            seed: of the noise.
            training_mean: (h, w) in 0..1, resized to (H, W) where it must be.

        Returns:
            Same shape and dtype as ``pixels``, in 0..1.

        Raises:
            UserFacingError: the training mean is asked for and not known.
        """
        picture = _training_mean(pixels, training_mean) if self.from_training else self.draw(pixels, seed)
        return np.broadcast_to(np.clip(picture, 0, 1), pixels.shape).astype(pixels.dtype)


def picture(
    key: str, pixels: NDArray[np.float32], seed: int = 0, training_mean: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """The baseline of a (H, W) picture as (H, W) float32 in 0..1, for the little picture beside the selector.

    Raises:
        UserFacingError: see `BaselineSpec.make`, and an unknown key.
    """
    return BASELINES[key].make(np.asarray(pixels, dtype=np.float32), seed, training_mean)


def _training_mean(pixels: NDArray[Any], training_mean: NDArray[np.float32] | None) -> NDArray[np.float32]:
    from lightbox.imaging.preprocess import resize

    if training_mean is None:
        raise UserFacingError(
            "This network's checkpoint does not carry the mean of its training scans.",
            "Choose another baseline, or add training_mean.png to the checkpoint's folder.",
        )
    if training_mean.shape == pixels.shape[-2:]:
        return training_mean
    return resize(np.asarray(training_mean, dtype=np.float32), (pixels.shape[-2], pixels.shape[-1]))


def _blur(pixels: NDArray[Any], _seed: int) -> NDArray[Any]:
    from scipy.ndimage import gaussian_filter

    sigma = BLUR_SHARE * max(pixels.shape[-2:])
    blurred: NDArray[Any] = gaussian_filter(pixels, sigma=(0,) * (pixels.ndim - 2) + (sigma, sigma), mode="nearest")
    return blurred


def _gaussian_noise(pixels: NDArray[Any], seed: int) -> NDArray[Any]:
    return np.random.default_rng(seed).normal(pixels.mean(), pixels.std(), size=pixels.shape[-2:])


def _uniform_noise(pixels: NDArray[Any], seed: int) -> NDArray[Any]:
    return np.random.default_rng(seed).uniform(0, 1, size=pixels.shape[-2:])


BASELINES: Registry[BaselineSpec] = Registry("baseline")
for _spec in (
    BaselineSpec("black", "Black", "Every pixel 0.", lambda pixels, _seed: np.zeros_like(pixels)),
    BaselineSpec("white", "White", "Every pixel 1.", lambda pixels, _seed: np.ones_like(pixels)),
    BaselineSpec(
        "mean",
        "Mean of this scan",
        "Every pixel the mean of what the network sees of this scan.",
        lambda pixels, _seed: pixels.mean(axis=(-2, -1), keepdims=True),
    ),
    BaselineSpec(
        "training_mean",
        "Mean of the training scans",
        "The mean picture of the scans this network was trained on.",
        lambda pixels, _seed: pixels,
        from_training=True,
    ),
    BaselineSpec(
        "blur",
        "Blurred scan",
        "The scan itself, blurred with a standard deviation of 1/16 of its side: structure goes, brightness stays.",
        _blur,
    ),
    BaselineSpec(
        "gaussian_noise",
        "Gaussian noise",
        "Noise with the mean and standard deviation of this scan, clipped to black and white; set by the seed.",
        _gaussian_noise,
        random=True,
    ),
    BaselineSpec(
        "uniform_noise",
        "Uniform noise",
        "Every pixel any grey between black and white, equally likely; set by the seed.",
        _uniform_noise,
        random=True,
    ),
):
    BASELINES.add(_spec.key, _spec)


def baseline_param(label: str, explanation: str) -> Param:
    """The shared control that picks a baseline."""
    return Param(
        name="baseline",
        label=label,
        default=DEFAULT_BASELINE,
        choices={spec.title: key for key, spec in BASELINES.items()},
        help=explanation,
        shared="baseline",
    )


SEED_PARAM = Param(
    name="seed",
    label="Seed",
    default=0,
    low=0,
    high=2**31 - 1,
    help="Start of the random numbers; the same seed gives the same map.",
    shared="seed",
)
