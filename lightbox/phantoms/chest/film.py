"""The film that records a chest: scatter, blur, quantum noise, and the reader's contrast curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import fft

from lightbox.phantoms.fields import noise_field

if TYPE_CHECKING:
    from numpy.typing import NDArray

CURVE = 4.0
KNEE = 0.50
# Radius of the edge enhancement that every digital film reader applies.
EDGE = 0.006


class Developer:
    """From attenuation to a grey picture.

    Everything that adapts to the picture is measured on the healthy one, so that disease
    changes the pixels it covers and not the exposure.
    """

    def __init__(self, clear: NDArray[np.float64], aerated: NDArray[np.bool_], rng: np.random.Generator) -> None:
        size = clear.shape[0]
        self.scatter = rng.uniform(0.12, 0.6)
        self.veil = rng.uniform(0.02, 0.08) * float(np.exp(-clear).mean())
        self.grain = 0.35 * noise_field(rng, clear.shape, size // 3) + 0.65 * rng.normal(0, 1, clear.shape)
        self.blur = rng.uniform(0.0004, 0.0012)
        self.sharpening = rng.uniform(0.8, 2.4)
        self.boost = rng.uniform(0.0, 0.45)
        self.fog = rng.uniform(0.0, 0.02) + (rng.random() < 0.15) * rng.uniform(0.0, 0.08)
        self.white = rng.uniform(0.70, 0.90)
        self.dose = np.exp(rng.uniform(np.log(0.0015), np.log(0.006)))
        self.tilt = rng.uniform(-0.05, 0.05) * np.linspace(-1, 1, size)[None, :]
        level = self._density(clear)
        air, self.high = float(np.percentile(level, 0.5)), float(np.percentile(level, 96.0)) * rng.uniform(1.02, 1.22)
        lung = float(np.percentile(level[aerated], 30))
        self.low = air + rng.uniform(0.05, 0.35) * (lung - air)
        # The reader sets the gamma so that the lungs come out at the grey he likes.
        shown = float(_film_curve(np.array((lung - self.low) / (self.high - self.low))))
        self.gamma = float(np.clip(np.log(rng.uniform(0.36, 0.64)) / np.log(shown), 0.5, 1.6))

    def _density(self, attenuation: NDArray[np.float64]) -> NDArray[np.float64]:
        beam = blurred(np.exp(-attenuation), self.blur)
        total = np.clip(beam + self.scatter * blurred(beam, 0.10) + self.veil, 1e-4, None)
        noisy = total + self.dose * np.sqrt(total) * self.grain
        density: NDArray[np.float64] = -np.log(np.clip(noisy, 2e-3, None))
        return density

    def __call__(self, attenuation: NDArray[np.float64]) -> NDArray[np.float64]:
        density = self._density(attenuation)
        edges = density - blurred(density, EDGE)
        density = density + self.sharpening * edges + self.boost * (density - blurred(density, 0.07))
        shown = np.clip(_film_curve((density - self.low) / (self.high - self.low) + self.tilt), 0, 1.2) ** self.gamma
        pixels: NDArray[np.float64] = np.clip(self.fog + (self.white - self.fog) * shown, 0, 1)
        return pixels


def _film_curve(density: NDArray[np.float64]) -> NDArray[np.float64]:
    """0 to 0 and 1 to 1, with a soft shoulder and toe as a film or a display curve has."""
    low, high = 1 / (1 + np.exp(CURVE * KNEE)), 1 / (1 + np.exp(-CURVE * (1 - KNEE)))
    curve: NDArray[np.float64] = (1 / (1 + np.exp(-CURVE * (density - KNEE))) - low) / (high - low)
    return curve


def blurred(picture: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    """Gaussian blur; sigma in fractions of the side. The border is mirrored."""
    size = picture.shape[0]
    margin = min(size // 2, int(np.ceil(3 * sigma * size)))
    padded = np.pad(picture, margin, mode="symmetric")
    spectrum = fft.rfft2(padded)
    for axis, frequency in ((0, np.fft.fftfreq(padded.shape[0])), (1, np.fft.rfftfreq(padded.shape[1]))):
        window = np.exp(-2 * (np.pi * sigma * size * frequency) ** 2)
        spectrum *= window[:, None] if axis == 0 else window[None, :]
    smooth: NDArray[np.float64] = fft.irfft2(spectrum, s=padded.shape)
    return smooth[margin : margin + size, margin : margin + size]
