"""DICOM to grey pixels. Runs inside the decoder's child process."""

from __future__ import annotations

import struct
import warnings
import zlib
from copy import copy
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pydicom import dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate, get_frame
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.pixels import get_decoder
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    RLELossless,
)

from lightbox.core.errors import UserFacingError
from lightbox.imaging._codestream import codestream_size_hw, jpeg_frame
from lightbox.imaging._dicom_bits import is_lossy, within_stored_bits
from lightbox.imaging._dicom_geometry import SPACINGS, to_usual_view
from lightbox.imaging._dicom_grey import PADDING_TAGS, to_grey
from lightbox.imaging._dicom_values import (
    GROUPED_VALUES,
    GROUPS,
    KEPT,
    UnreadableError,
    drop_the_rest,
    numbers,
    word,
)
from lightbox.imaging._jpeg import check_whole
from lightbox.imaging._limits import check_size
from lightbox.imaging._sniff import PREAMBLE
from lightbox.imaging.scan import Provenance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pydicom import Dataset
    from pydicom.pixels.decoders.base import Decoder
    from pydicom.uid import UID

# All that pydicom and its decoders were seen to raise on damaged files.
DAMAGED = (
    InvalidDicomError,
    BytesLengthException,
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    EOFError,
    RuntimeError,  # NotImplementedError and RecursionError are kinds of it
    struct.error,
    zlib.error,
)
# The only tags that are read. Everything else, private tags included, is dropped at the door.
PIXEL_TAGS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
# Without these there is no picture; all others can be done without.
ESSENTIAL_TAGS = ("Rows", "Columns", "SamplesPerPixel", "BitsAllocated")
TECHNICAL_TAGS = (
    *PIXEL_TAGS,
    *ESSENTIAL_TAGS,
    *PADDING_TAGS,
    *GROUPED_VALUES,
    *GROUPS,
    *SPACINGS,
    "PhotometricInterpretation",
    "PlanarConfiguration",
    "NumberOfFrames",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "RedPaletteColorLookupTableDescriptor",
    "GreenPaletteColorLookupTableDescriptor",
    "BluePaletteColorLookupTableDescriptor",
    "RedPaletteColorLookupTableData",
    "GreenPaletteColorLookupTableData",
    "BluePaletteColorLookupTableData",
    "PresentationLUTShape",
    "AnatomicalOrientationType",
    "Modality",
    "BurnedInAnnotation",
)
JPEG_SYNTAXES = frozenset({JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1})
ORDER_OF_CODECS = ("pyjpegls", "pylibjpeg", "pillow", "pydicom", "gdcm")
EXPORT_HINT = "Export it as PNG, or as DICOM with the transfer syntax Explicit VR Little Endian (uncompressed)."


def read_dicom(content: bytes) -> tuple[NDArray[np.float32], Provenance]:
    """Grey pixels (H, W) float32 in 0..1 as a viewer would show them, and how they came about.

    Raises:
        UserFacingError: no single picture could be read; no sentence quotes the file.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pydicom's warnings quote values of the file
            return _read(content)
    except MemoryError:
        raise UserFacingError(
            "This DICOM file needs more memory than a picture may use.", "Export a smaller picture and upload that."
        ) from None
    except DAMAGED:
        raise UserFacingError(
            "This DICOM file describes its picture in a way that cannot be read: something that its pixels need is "
            "missing, or makes no sense.",
            EXPORT_HINT,
        ) from None


def _read(content: bytes) -> tuple[NDArray[np.float32], Provenance]:
    notes: list[str] = []
    try:
        dataset = _parse(content, notes)
    except DAMAGED:
        raise UserFacingError(
            "The tags of this DICOM file cannot be read to their end: it is damaged or cut short.",
            "Copy or export the file again, then upload the new copy.",
        ) from None
    _check_picture(dataset, notes)
    transfer_syntax = _transfer_syntax(dataset, notes)
    stored, photometric = _stored_values(dataset, transfer_syntax, notes)
    if word(dataset, "BurnedInAnnotation") == "YES":
        notes.append("The file says that text is burned into the picture; check that it names nobody.")
    lossy = is_lossy(dataset, transfer_syntax)
    grey, window = to_grey(within_stored_bits(stored, dataset, lossy=lossy), dataset, photometric, notes)
    grey, sides = to_usual_view(grey, dataset, notes)
    bit_depth = int(dataset.get("BitsStored") or dataset.BitsAllocated)
    named = str(dataset.PhotometricInterpretation)
    size_hw = (int(dataset.Rows), int(dataset.Columns))
    return grey, Provenance("DICOM", named, bit_depth, size_hw, window, tuple(notes), sides)


def _parse(content: bytes, notes: list[str]) -> Dataset:
    """The technical tags of the file, and nothing else of it; with a note where sequences of them are damaged."""
    if content.startswith(b"DICM"):
        content = bytes(PREAMBLE) + content
    with_preamble = content[PREAMBLE : PREAMBLE + 4] == b"DICM"
    dataset = dcmread(BytesIO(content), force=not with_preamble, specific_tags=list(TECHNICAL_TAGS))
    kept = FileMetaDataset()
    stated = dataset.file_meta.get("TransferSyntaxUID")
    if stated:
        kept.TransferSyntaxUID = stated
    dataset.file_meta, dataset.preamble = kept, None
    try:
        drop_the_rest(dataset)
    except DAMAGED:
        for name in (name for name in KEPT if name in dataset):
            del dataset[name]
        notes.append("Lookup tables and functional groups of the file could not be read and were ignored.")
    return dataset


def _check_picture(dataset: Dataset, notes: list[str]) -> None:
    """Refuse what is not one picture of an acceptable size, before any pixel is decoded."""
    if not any(tag in dataset for tag in PIXEL_TAGS):
        raise UserFacingError(
            "This DICOM file holds no picture.", "It may be a report or a measurement: choose the file of the image."
        )
    _check_frames(dataset, notes)
    for name in ESSENTIAL_TAGS:
        try:
            readable = len(numbers(dataset, name, notes)) == 1
        except UnreadableError:
            readable = False
        if not readable:
            raise UserFacingError(
                f"This DICOM file does not say what its {name} is, or not as the standard asks; without it the pixels "
                "cannot be laid out.",
                EXPORT_HINT,
            )
    check_size(int(dataset.Rows), int(dataset.Columns))
    stored, high = dataset.get("BitsStored"), dataset.get("HighBit")
    if stored is not None and high is not None and int(high) != int(stored) - 1:
        # pydicom ignores HighBit and keeps the lowest bits, so the values would wrap. Shifting is no way out:
        # a writer that got only the tag wrong looks the same.
        raise UserFacingError(
            f"This DICOM file says that its {int(stored)}-bit values end at bit {int(high)}, a layout of old files "
            "that Lightbox does not read.",
            EXPORT_HINT,
        )


def _check_frames(dataset: Dataset, notes: list[str]) -> None:
    """Refuse several pictures; a number that cannot be read is taken as one, and said."""
    try:
        frames = int(next(iter(numbers(dataset, "NumberOfFrames", notes)), 1) or 1)
    except (UnreadableError, ArithmeticError, ValueError):
        notes.append("How many pictures the file holds could not be read; the first was used.")
        frames = 1
    if frames > 1:
        raise UserFacingError(
            f"This DICOM file holds {frames} pictures (frames); Lightbox reads one.",
            "Export a single frame or slice and upload that.",
        )
    if "NumberOfFrames" in dataset:
        dataset.NumberOfFrames = 1


def _transfer_syntax(dataset: Dataset, notes: list[str]) -> UID:
    """How the pixels are stored. Files without the leading meta group do not say: then it follows from the tags."""
    stated: UID | None = dataset.file_meta.get("TransferSyntaxUID")
    if stated:
        return stated
    notes.append("The file does not state its transfer syntax; an uncompressed one was assumed.")
    implicit, little = dataset.original_encoding
    assumed = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian if little else ExplicitVRBigEndian
    dataset.file_meta.TransferSyntaxUID = assumed
    return assumed


def _stored_values(dataset: Dataset, transfer_syntax: UID, notes: list[str]) -> tuple[NDArray[Any], str]:
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
