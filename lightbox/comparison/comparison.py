"""What one comparison holds: a scan, and for each network its prediction and its maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from lightbox.explainers.base import Attribution
    from lightbox.imaging.preprocess import Box, Preprocessing
    from lightbox.imaging.scan import Scan
    from lightbox.scan_check.concern import Concern


@dataclass(frozen=True, slots=True)
class Panel:
    """What one network made of the scan.

    Args:
        network: key of the architecture.
        title: for people.
        weights_sha256: of the checkpoint.
        classes: class keys in the order of the logits.
        class_titles: the same in words.
        logits: one a class.
        probabilities: as `Network.probabilities` gives them.
        prepared: (S, S) float32 in 0..1, what the network saw.
        box: where that lies on the native scan.
        preprocessing: how it came about.
        attributions: by method key, in the order asked for.
        errors: sentences, by method key, for maps that could not be made.
    """

    network: str
    title: str
    weights_sha256: str
    classes: tuple[str, ...]
    class_titles: tuple[str, ...]
    logits: tuple[float, ...]
    probabilities: tuple[float, ...]
    prepared: NDArray[np.float32]
    box: Box
    preprocessing: Preprocessing
    attributions: Mapping[str, Attribution]
    errors: Mapping[str, str]

    @property
    def predicted(self) -> int:
        """Index of the likeliest class."""
        return max(range(len(self.probabilities)), key=lambda index: self.probabilities[index])


@dataclass(frozen=True, slots=True)
class Comparison:
    """A scan and one panel a network.

    Args:
        scan: the scan.
        task: key of the task.
        panels: one a network.
        concern: why the scan may be no upright scan of the task's kind; None where nothing seems wrong.
        confirmed: whether a person has said that it is right as it is, all the same.
        checked: False where nothing looked at it: a sample, or a kind that the check does not know.
    """

    scan: Scan
    task: str
    panels: tuple[Panel, ...]
    concern: Concern | None = None
    confirmed: bool = False
    checked: bool = True
