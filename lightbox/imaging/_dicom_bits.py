"""Which bits of a decoded sample are picture.

Reference:
    DICOM PS3.5 8.1.1: bits above BitsStored are none of the pixel, whatever decoder they came through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from pydicom.encaps import get_frame
from pydicom.uid import HTJ2K, JPEG2000, JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLSNearLossless

from lightbox.imaging._codestream import is_reversible

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom import Dataset
    from pydicom.uid import UID

ALWAYS_LOSSY = frozenset({JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLSNearLossless})
PERHAPS_LOSSY = frozenset({JPEG2000, HTJ2K})


def is_lossy(dataset: Dataset, transfer_syntax: UID) -> bool:
    """Whether decoded samples may differ from the stored ones."""
    if transfer_syntax in PERHAPS_LOSSY:
        return not is_reversible(get_frame(dataset.PixelData, 0, number_of_frames=1))
    return transfer_syntax in ALWAYS_LOSSY


def within_stored_bits(stored: NDArray[Any], dataset: Dataset, *, lossy: bool) -> NDArray[Any]:
    """The samples with only their stored bits, the sign of signed ones carried on.

    Lossy compression overshoots next to edges. There a value too large means white, not its lower bits, so it is
    cut to the range.

    Args:
        stored: decoded samples, any shape.
        dataset: the technical tags.
        lossy: whether the samples went through lossy compression.
    """
    if stored.dtype.kind not in "iu":
        return stored
    width, bits = stored.dtype.itemsize * 8, int(dataset.get("BitsStored") or dataset.BitsAllocated)
    if not 0 < bits < width:
        return stored
    signed = stored.dtype.kind == "i"
    kept: NDArray[Any]
    if lossy:
        low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
        kept = np.clip(stored, low, high)
    elif signed:
        spare = width - bits
        kept = (stored << spare) >> spare
    else:
        kept = stored & stored.dtype.type(2**bits - 1)
    return kept
