"""What the arrays of the generators hold; for type checkers and readers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# (..., 3): places; in a head MNI millimetres.
Points = NDArray[np.float64]
# (...): one number for each place or pixel.
Values = NDArray[np.float64]
