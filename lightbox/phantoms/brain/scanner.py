"""The scanner: contrast between tissues, coil shading, resolution, Rician noise, the window of the display."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from lightbox.phantoms.fields import noise_field

if TYPE_CHECKING:
    from lightbox.phantoms.arrays import Values

SHARED = {"air": 0.0, "bone": 0.04}
T1_GADOLINIUM = {
    "white": 0.37, "grey": 0.32, "csf": 0.13, "fat": 0.80, "muscle": 0.35, "skin": 0.60, "marrow": 0.36,
    "clivus": 0.50, "dura": 0.55, "sinus": 0.74, "vessel": 0.85, "flow": 0.05, "gland": 0.66, "plexus": 0.6,
    "vitreous": 0.11, "mucosa": 0.62, "oedema": 0.235, "enhancing": 0.80, "necrosis": 0.14, "solid": 0.78,
}  # fmt: skip
T1_PLAIN = {
    "white": 0.62, "grey": 0.46, "csf": 0.14, "fat": 0.98, "muscle": 0.42, "skin": 0.55, "marrow": 0.34,
    "clivus": 0.66, "dura": 0.30, "sinus": 0.30, "vessel": 0.30, "flow": 0.06, "gland": 0.52, "plexus": 0.3,
    "vitreous": 0.15, "mucosa": 0.48, "oedema": 0.38, "enhancing": 0.72, "necrosis": 0.22, "solid": 0.78,
}  # fmt: skip
T2 = {
    "white": 0.34, "grey": 0.48, "csf": 0.95, "fat": 0.70, "muscle": 0.20, "skin": 0.4, "marrow": 0.28,
    "clivus": 0.36, "dura": 0.12, "sinus": 0.10, "vessel": 0.08, "flow": 0.04, "gland": 0.5, "plexus": 0.7,
    "vitreous": 0.95, "mucosa": 0.6, "oedema": 0.72, "enhancing": 0.60, "necrosis": 0.90, "solid": 0.64,
}  # fmt: skip
FLAIR = {
    "white": 0.42, "grey": 0.50, "csf": 0.06, "fat": 0.80, "muscle": 0.30, "skin": 0.45, "marrow": 0.28,
    "clivus": 0.40, "dura": 0.20, "sinus": 0.12, "vessel": 0.12, "flow": 0.04, "gland": 0.5, "plexus": 0.45,
    "vitreous": 0.08, "mucosa": 0.66, "oedema": 0.84, "enhancing": 0.72, "necrosis": 0.34, "solid": 0.78,
}  # fmt: skip
SEQUENCES = (
    ("T1 with gadolinium", T1_GADOLINIUM, 0.74),
    ("T1", T1_PLAIN, 0.08),
    ("T2", T2, 0.10),
    ("FLAIR", FLAIR, 0.08),
)


@dataclass(frozen=True, slots=True)
class Contrast:
    """One acquisition: the signal of each tissue, 0..1, and how well it was recorded."""

    sequence: str
    signals: dict[str, float]
    noise: float
    blur: float
    shading: float
    window: float
    gamma: float
    ghost: float


def draw_contrast(rng: np.random.Generator) -> Contrast:
    """An acquisition, mostly T1 after gadolinium. It does not know the label."""
    pick = rng.random()
    name, base = SEQUENCES[0][:2]
    for sequence, table, share in SEQUENCES:
        name, base = sequence, table
        pick -= share
        if pick < 0:
            break
    signals = {tissue: value * float(np.exp(rng.normal(0, 0.06))) for tissue, value in base.items()}
    signals["white"] = signals["grey"] * base["white"] / base["grey"] * float(np.exp(rng.normal(0, 0.04)))
    return Contrast(
        sequence=name,
        signals={**SHARED, **signals},
        noise=float(np.exp(rng.uniform(np.log(0.005), np.log(0.025)))),
        blur=rng.uniform(0.0009, 0.0017),
        shading=rng.uniform(0.04, 0.16),
        window=rng.uniform(0.62, 1.10),
        gamma=rng.uniform(0.85, 1.15),
        ghost=float(rng.choice([0.0, 0.012, 0.03], p=[0.35, 0.40, 0.25])),
    )


def record(signal: Values, contrast: Contrast, rng: np.random.Generator, *, covered: Values) -> Values:
    """The picture a scanner makes of a slice: shaded, blurred, noisy, windowed to 0..1; black where not covered."""
    size = signal.shape[0]
    shading = np.exp(contrast.shading * noise_field(rng, signal.shape, 2))
    blurred = ndimage.gaussian_filter(signal * shading, contrast.blur * size, truncate=3.0)
    blurred += contrast.ghost * _ghost(blurred)
    real, imaginary = (_grain(rng, signal.shape) * contrast.noise for _ in range(2))
    # The magnitude of a complex signal: Gaussian noise inside the head, Rayleigh in the air around it.
    magnitude = np.hypot(blurred + real, imaginary) * covered
    shown: Values = np.clip(magnitude * contrast.window, 0, 1) ** contrast.gamma
    return shown


def _ghost(signal: Values) -> Values:
    """The bright scalp again, half a picture aside and smeared along: what swallowing and pulsation leave."""
    half = signal.shape[1] // 2
    smeared = ndimage.uniform_filter1d(np.roll(signal, half, axis=1), max(1, signal.shape[1] // 20), axis=1)
    ghost: Values = np.clip(smeared, 0, None)
    return ghost


def _grain(rng: np.random.Generator, shape_hw: tuple[int, int]) -> Values:
    """Unit noise correlated over about two pixels, as after interpolation to the display grid."""
    grain: Values = ndimage.gaussian_filter(rng.standard_normal(shape_hw), 0.95 * shape_hw[0] / 512, truncate=3.0)
    grain /= grain.std()
    return grain
