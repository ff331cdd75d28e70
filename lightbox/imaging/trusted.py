"""Pictures from the user's own disk: training sets and what this project ships. Uploads go through `decode`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from lightbox.imaging.scan import Scan


def read_grey(path: Path) -> NDArray[np.float32]:
    """(H, W) float32 in 0..1 of an 8-bit PNG or JPEG."""
    with Image.open(path, formats=("PNG", "JPEG")) as image:
        return np.asarray(image.convert("L"), dtype=np.float32) / np.float32(255)


def read_scan(content: bytes, modality: str) -> Scan:
    """The scan in a PNG, JPEG or DICOM file, as `decode` reads it, decoded in this process.

    The same pixels and the same limits of size, without the child process: a file that takes the decoder down takes
    this process along. The batch can afford that in its workers, see `lightbox.jobs.batch`; the app cannot.

    Raises:
        UserFacingError: what the file is instead, or why it cannot be read, and what to do.
    """
    from lightbox.imaging._decode_child import decode_here

    return decode_here(content, modality)
