"""Where the pathology of a synthetic scan was placed, and how a map lies to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lightbox.imaging.masks import mask_on_grid, mask_outline
from lightbox.metrics.localisation import localise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lightbox.imaging.preprocess import Box
    from lightbox.metrics.localisation import Localisation


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What was placed in a synthetic scan.

    Args:
        label: key of the class.
        title: the class in words.
        mask: (H, W) on the native scan.
        lines: its outline, each (K, 2) of (row, column) from pixel centres.
    """

    label: str
    title: str
    mask: NDArray[np.bool_]
    lines: tuple[NDArray[np.float64], ...]

    @classmethod
    def place(cls, label: str, title: str, mask: NDArray[np.bool_]) -> Truth:
        """With the outline of ``mask``."""
        return cls(label, title, mask, tuple(mask_outline(mask)))

    def localise(self, values: NDArray[np.float32], box: Box) -> Localisation | None:
        """How a map on the network's grid lies to the mask; None where the network's crop leaves nothing of it."""
        return localise(values, mask_on_grid(self.mask, box, values.shape[0]))

    @property
    def placed(self) -> str:
        """What the outline in an exported picture is."""
        return f"Synthetic scan; outlined: {self.title}."

    def describe_place(self, values: NDArray[np.float32], box: Box) -> str:
        """How a map on the network's grid lies to the mask, in a sentence for an exported picture."""
        found = self.localise(values, box)
        if found is None:
            return "The network's crop leaves nothing of it."
        if not found.positive:
            return "The map has no evidence for the class."
        peak = "does" if found.pointing == 1 else "does not" if found.pointing == 0 else "partly does"
        share = f"{found.mass:.0%} of the evidence for the class lies inside (by chance {found.area:.0%})"
        return f"{share}; the strongest point {peak}."
