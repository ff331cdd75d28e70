"""Pictures from the user's own disk: training sets and what this project ships. Uploads go through `decode`."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from lightbox.core.errors import UserFacingError
from lightbox.imaging._raster import DAMAGED, check_whole, find_turn, is_deep
from lightbox.imaging.recognise import HEAD_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from lightbox.imaging.scan import Scan


EIGHT_BITS = ("L", "RGB", "P")
# How the transfer syntaxes of all JPEG families begin.
COMPRESSED = b"1.2.840.10008.1.2.4."
# The whole data set is packed: a few kilobytes may unpack to any size.
DEFLATED = b"1.2.840.10008.1.2.1.99"


def read_grey(path: Path, *, name: str = "", hint: str = "Save or export it again.") -> NDArray[np.float32]:
    """(H, W) float32 in 0..1 of a PNG or JPEG, as `decode` shows it.

    Grey of 8 bits is exactly that. Colours of 8 bits are rounded to 256 grey levels, as for every training so far;
    `decode` does not round. What is deeper, partly transparent or turned by its orientation tag goes through the
    code of `decode`: plain conversion would make 12 bits in 16 white and leave a picture on its side.

    Args:
        path: of the file.
        name: what an error calls it; its file name where empty.
        hint: what to do about a damaged file.

    Raises:
        UserFacingError: the file cannot be opened, is damaged, or has to be decoded and is too large for that.
    """
    try:
        content = path.read_bytes()
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as image:
            image.load()
            if _is_plain(image) and not is_deep(content):
                check_whole(content, image)
                return np.asarray(image.convert("L"), dtype=np.float32) / np.float32(255)
        return _read_as_uploaded(content)
    except UserFacingError as error:
        raise UserFacingError(f"{name or path.name}: {error.message}", error.hint) from error
    except DAMAGED as error:
        raise UserFacingError(f"{name or path.name} cannot be read as a picture.", hint) from error


def _is_plain(image: Image.Image) -> bool:
    """Whether conversion to grey is all that there is to do."""
    return image.mode in EIGHT_BITS and not image.has_transparency_data and find_turn(image, []) is None


def _read_as_uploaded(content: bytes) -> NDArray[np.float32]:
    from lightbox.imaging._decode_child import read_pixels

    return read_pixels(content)[0]


def read_scan(content: bytes, modality: str) -> Scan:
    """The scan in a PNG, JPEG or DICOM file, as `decode` reads it, decoded in this process where that is safe.

    The same pixels and the same limits of size, without the child process: a file that takes the decoder down takes
    this process along. The batch can afford that in its workers, see `lightbox.jobs.batch`; the app cannot. Compressed
    DICOM does go through the child: its codecs can abort, or be kept busy for hours by a few kilobytes.

    Raises:
        UserFacingError: what the file is instead, or why it cannot be read, and what to do.
    """
    if any(mark in content[:HEAD_BYTES] for mark in (COMPRESSED, DEFLATED)):
        from lightbox.imaging.decode import decode

        return decode(content, modality)
    from lightbox.imaging._decode_child import decode_here

    return decode_here(content, modality)
