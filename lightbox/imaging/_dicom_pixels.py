"""The pixel data of a DICOM file: decoded, and refused where they contradict what the tags say of them."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from pydicom.encaps import encapsulate, get_frame
from pydicom.pixels import get_decoder
from pydicom.uid import JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1, RLELossless

from lightbox.core.errors import UserFacingError
from lightbox.imaging._codestream import codestream_size_hw, jpeg_frame
from lightbox.imaging._dicom_faults import DAMAGED, EXPORT_HINT
from lightbox.imaging._jpeg import check_whole

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom import Dataset
    from pydicom.pixels.decoders.base import Decoder
    from pydicom.uid import UID

PIXEL_TAGS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
JPEG_SYNTAXES = frozenset({JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1})
ORDER_OF_CODECS = ("pyjpegls", "pylibjpeg", "pillow", "pydicom", "gdcm")


def read_stored_values(dataset: Dataset, transfer_syntax: UID, notes: list[str]) -> tuple[NDArray[Any], str]:
    """The decoded samples (H, W) or (H, W, 3), and the photometric interpretation that they now have."""
    name = transfer_syntax.name if transfer_syntax.name != str(transfer_syntax) else "one that is not in the standard"
    try:
        decoder = get_decoder(transfer_syntax)
    except NotImplementedError:
        raise UserFacingError(
            f"This DICOM file holds no still picture that Lightbox can decode (its transfer syntax is {name}).",
            EXPORT_HINT,
        ) from None
    if not decoder.is_available:
        raise UserFacingError(
            f"This DICOM file is compressed as {name}, and no decoder for it is installed.", EXPORT_HINT
        )
    _check_length(dataset, transfer_syntax, notes)
    plugin = _plugin(decoder)
    try:
        stored, properties = decoder.as_array(dataset, index=0, decoding_plugin=plugin)
        if transfer_syntax in JPEG_SYNTAXES:
            _check_jpeg(dataset, stored, decoder, plugin)
    except DAMAGED:
        if not transfer_syntax.is_compressed:
            raise
        raise UserFacingError(
            f"The compressed picture in this DICOM file ({name}) is damaged or of a variant that cannot be decoded.",
            EXPORT_HINT,
        ) from None
    return stored, str(properties["photometric_interpretation"])


def _check_jpeg(dataset: Dataset, stored: NDArray[Any], decoder: Decoder, plugin: str) -> None:
    """Refuse JPEG data that end before their picture does; codecs fill the rest and say nothing."""

    def decode_again(frame: bytes) -> NDArray[Any]:
        twin = copy(dataset)
        twin.PixelData = encapsulate([frame + bytes(len(frame) % 2)])
        again: NDArray[Any] = decoder.as_array(twin, index=0, decoding_plugin=plugin)[0]
        return again

    frame = get_frame(dataset.PixelData, 0, number_of_frames=1)
    check_whole(frame, stored, decode_again=decode_again)


def _plugin(decoder: Decoder) -> str:
    """The codec to use. GDCM aborts the whole process on some damaged files, so only where nothing else can."""
    names = decoder.available_plugins
    return next((name for name in ORDER_OF_CODECS if name in names), "")


def _check_length(dataset: Dataset, transfer_syntax: UID, notes: list[str]) -> None:
    """Refuse Rows and Columns that the pixel data contradict: a wrong width would shear the picture silently."""
    stated = (int(dataset.Rows), int(dataset.Columns))
    if transfer_syntax.is_encapsulated:
        if transfer_syntax != RLELossless:
            frame = get_frame(dataset.PixelData, 0, number_of_frames=1)
            found = codestream_size_hw(frame)
            if found is not None and found != stated:
                raise _contradiction(stated, f"its compressed data say {found[1]} x {found[0]}")
            jpeg = jpeg_frame(frame) if transfer_syntax in {JPEGBaseline8Bit, JPEGExtended12Bit} else None
            if jpeg is not None and jpeg.bits != 8:
                raise UserFacingError(
                    f"The picture in this DICOM file is a JPEG of {jpeg.bits} bits a sample, for which no decoder is "
                    "installed.",
                    EXPORT_HINT,
                )
        return
    pixels = next(dataset[tag].value for tag in PIXEL_TAGS if tag in dataset)
    bits = stated[0] * stated[1] * int(dataset.SamplesPerPixel) * int(dataset.BitsAllocated)
    if dataset.PhotometricInterpretation == "YBR_FULL_422":
        bits = bits * 2 // 3
    expected = (bits + 7) // 8
    excess = pixels[expected + expected % 2 :]
    if len(pixels) < expected:
        raise _contradiction(stated, f"{100 * len(pixels) // expected} % of their bytes are there")
    if any(excess):
        raise _contradiction(stated, f"{100 * len(pixels) // expected} % of the bytes needed follow")
    if excess:
        notes.append("Zeros that follow the pixels in the file were ignored.")


def _contradiction(stated: tuple[int, int], found: str) -> UserFacingError:
    return UserFacingError(
        f"The picture size that this DICOM file states does not match the pixels in it: {stated[1]} x {stated[0]}, but "
        f"{found}.",
        "Copy or export the file again: it was cut off, or its writer made a mistake.",
    )
