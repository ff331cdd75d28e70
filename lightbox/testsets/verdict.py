"""What the networks said of one file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """One file's outcome.

    Args:
        sha256: of the file.
        error: why it could not be judged, "" where it could.
        probabilities: by network, (classes,) float32.
        concern: why it may be no upright scan of the kind, "" where nothing seems wrong.
    """

    sha256: str
    error: str
    probabilities: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    concern: str = ""
