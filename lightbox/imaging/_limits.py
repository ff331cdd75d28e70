"""How large a file and a picture may be, asked before any pixel is read."""

from __future__ import annotations

from lightbox.core import settings
from lightbox.core.errors import UserFacingError
from lightbox.imaging._cpu import allow_for

MEBIBYTE = 1024 * 1024


def check_bytes(count: int) -> None:
    """Refuse a file over ``MAX_UPLOAD_MB`` (units of 1024 * 1024 bytes, as Streamlit's own limit).

    Raises:
        UserFacingError: the file is larger.
    """
    limit = settings.get_number("MAX_UPLOAD_MB")
    if count > limit * MEBIBYTE:
        raise UserFacingError(
            f"This file has {count / MEBIBYTE:.1f} MB; the limit is {limit:g} MB.",
            "Export a single picture, or a smaller one, and upload that.",
        )


def check_size(height: int, width: int) -> None:
    """Refuse a picture over ``MAX_MEGAPIXELS`` by the size that its header states; allow the others their time.

    Raises:
        UserFacingError: a side is not positive, or the picture is larger than the limit.
    """
    if height < 1 or width < 1:
        raise UserFacingError("The file states a picture size of zero.", "Export the picture again, then upload it.")
    limit = settings.get_number("MAX_MEGAPIXELS")
    if height * width > limit * 1e6:
        raise UserFacingError(
            f"This picture is {width} x {height}, {height * width / 1e6:.1f} megapixels; the limit is {limit:g}.",
            "Make the picture smaller, or ask whoever runs Lightbox to raise LIGHTBOX_MAX_MEGAPIXELS.",
        )
    allow_for(height * width)
