"""DICOM to grey pixels. Runs inside the decoder's child process."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING

from pydicom import dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from lightbox.core.errors import UserFacingError
from lightbox.imaging._dicom_bits import is_lossy, within_stored_bits
from lightbox.imaging._dicom_faults import DAMAGED, EXPORT_HINT
from lightbox.imaging._dicom_geometry import SPACINGS, to_usual_view
from lightbox.imaging._dicom_grey import PADDING_TAGS, to_grey
from lightbox.imaging._dicom_pixels import PIXEL_TAGS, read_stored_values
from lightbox.imaging._dicom_values import (
    GROUPED_VALUES,
    GROUPS,
    KEPT,
    UnreadableError,
    drop_the_rest,
    numbers,
    word,
)
from lightbox.imaging._limits import check_size
from lightbox.imaging._sniff import PREAMBLE
from lightbox.imaging.scan import Provenance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pydicom import Dataset
    from pydicom.uid import UID

# Without these there is no picture; all others can be done without.
ESSENTIAL_TAGS = ("Rows", "Columns", "SamplesPerPixel", "BitsAllocated")
# The only tags that are read. Everything else, private tags included, is dropped at the door.
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
    stored, photometric = read_stored_values(dataset, transfer_syntax, notes)
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
