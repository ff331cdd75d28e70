"""What lies over the child on real films: side marker, exposure text, electrodes, leads, tubes, the collimator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.burn_in import Marker, burn
from lightbox.phantoms.fields import Tube, curve, project_tubes, soft_step

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.phantoms.chest.habitus import Habitus

BARE = 0.02
LETTERS = ((0.030, 0.036, 0.042, 0.055, 0.07), (0.25, 0.3, 0.2, 0.15, 0.1))


class Overlay:
    """Drawn once for a child, laid over any picture of it."""

    def __init__(self, habitus: Habitus, rng: np.random.Generator, marker: Marker | None) -> None:
        self.markers = [marker] if marker is not None else _usual_markers(rng)
        self.electrodes: list[tuple[float, float, float]] = []
        self.lines: list[Tube] = []
        if rng.random() < 0.2:
            self._attach(habitus, rng)
        if rng.random() < 0.07:
            self._intubate(habitus, rng)
        edge = rng.uniform(0.0, 0.03, 4) * (rng.random(4) < 0.5) * (rng.random() < 0.15)
        self.frame = tuple(float(width) for width in edge)

    def _attach(self, habitus: Habitus, rng: np.random.Generator) -> None:
        """One to three electrodes, most with the lead that runs out of the picture."""
        leads = rng.random() < 0.5
        for number in range(rng.integers(1, 4)):
            side = (-1.0, 1.0)[number % 2]
            x = habitus.middle + side * rng.uniform(0.22, 0.40) * habitus.scale
            y = habitus.lung_top + rng.uniform(-0.05, 0.10) + 0.45 * (number == 2)
            self.electrodes.append((x, y, rng.uniform(0.011, 0.018)))
            if leads:
                out = 0.5 + side * 0.55, y + rng.uniform(-0.1, 0.5)
                bend = (x + out[0]) / 2 + rng.normal(0, 0.05), (y + out[1]) / 2 + rng.normal(0, 0.06)
                line = curve((x, y, 0), (*bend, 0), (*out, 0))
                self.lines.append(Tube(line, rng.uniform(0.0016, 0.0026), weight=rng.uniform(0.4, 1.0)))

    def _intubate(self, habitus: Habitus, rng: np.random.Generator) -> None:
        """A tube down the windpipe, or one down the gullet to the stomach."""
        deep = rng.random() < 0.5
        end = habitus.dome + 0.08 if deep else habitus.lung_top + 0.22 * habitus.lung_height
        aside = rng.normal(0.0, 0.012, 3)
        points = [(habitus.middle + aside[0], -0.05, 0.0), (habitus.middle + aside[1], end * 0.5, 0.0)]
        points.append((habitus.middle + aside[2] + 0.07 * deep, end, 0.0))
        self.lines.append(Tube(curve(*points), rng.uniform(0.002, 0.003), weight=rng.uniform(0.4, 0.8)))

    def __call__(self, pixels: NDArray[np.float64]) -> NDArray[np.float64]:
        size = pixels.shape[0]
        y, x = (np.indices(pixels.shape) + 0.5) / size
        for across, down, radius in self.electrodes:
            r = np.hypot(x - across, (y - down) / 1.25) / radius
            ring = 0.45 * soft_step(1 - r, 0.25) + 0.4 * np.exp(-(((r - 0.35) / 0.2) ** 2))
            pixels = pixels + (0.95 - pixels) * np.clip(ring, 0, 0.9)
        if self.lines:
            ink = np.clip(project_tubes(self.lines, size) / 0.004, 0, 1)
            pixels = pixels + 0.45 * (1 - pixels) * ink
        top, bottom, left, right = self.frame
        if any(self.frame):
            open_field = soft_step(y - top, 0.006) * soft_step(1 - bottom - y, 0.006)
            open_field = open_field * soft_step(x - left, 0.006) * soft_step(1 - right - x, 0.006)
            pixels = BARE + (pixels - BARE) * open_field
        for marker in self.markers:
            pixels = burn(pixels, marker)
        return np.clip(pixels, 0, 1)


def _usual_markers(rng: np.random.Generator) -> list[Marker]:
    """An R beside the patient's right shoulder or flank, and now and then the view or the exposure."""
    markers = []
    brightness, bold, narrow = rng.uniform(0.75, 1.0), rng.uniform(0.08, 0.145), rng.uniform(0.65, 0.95)
    if rng.random() < 0.88:
        height = float(rng.choice(LETTERS[0], p=LETTERS[1]))
        top = rng.uniform(0.01, 0.08) if rng.random() < 0.5 else rng.uniform(0.08, 0.6)
        markers.append(Marker("R", top, rng.uniform(0.003, 0.09), height, brightness, bold, narrow))
        if rng.random() < 0.08:
            markers.append(Marker("A-P", top - 1.3 * height, 0.02, height, brightness, bold, narrow))
    if rng.random() < 0.05:
        text = f"KV{rng.integers(52, 74)}"
        markers.append(Marker(text, rng.uniform(0.94, 0.965), rng.uniform(0.86, 0.9), 0.02, 0.85, 0.13))
    return markers
