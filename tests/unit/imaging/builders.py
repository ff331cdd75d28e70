"""Files made by the tests, byte by byte where the point is in the bytes."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from typing import Any

import numpy as np
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage

MARKER = "DOE^JANE"


def phantom(height: int = 24, width: int = 30, top: int = 255) -> np.ndarray:
    """A picture without symmetry that reaches from 0 to ``top``: a ramp, a bright and a black corner."""
    rows, columns = np.mgrid[:height, :width]
    values = (rows * width + columns) * (top * 0.8) / (height * width - 1)
    values[: height // 4, : width // 3] = top
    values[-1, 0] = 0
    return values.round().astype(np.uint8 if top < 256 else np.uint16)


def png(picture: np.ndarray | Image.Image, **options: Any) -> bytes:
    return _saved(picture, "PNG", **options)


def jpeg(picture: np.ndarray | Image.Image, **options: Any) -> bytes:
    return _saved(picture, "JPEG", **{"quality": 95} | options)


def _saved(picture: np.ndarray | Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that states a size and holds almost no data."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
            (b"IDAT", zlib.compress(bytes(100))),
            (b"IEND", b""),
        )
    )


def dicom(
    samples: np.ndarray | None,
    *,
    transfer_syntax: str = ExplicitVRLittleEndian,
    compressed: bytes | None = None,
    preamble: bool = True,
    named: bool = False,
    **tags: Any,
) -> bytes:
    """A secondary capture of ``samples`` (H, W) or (H, W, 3); ``tags`` are set last and win."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = transfer_syntax
    dataset.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    dataset.SOPClassUID, dataset.SOPInstanceUID = SecondaryCaptureImageStorage, "1.2.3"
    if named:
        _name(dataset)
    if samples is not None:
        _set_pixels(dataset, samples, compressed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, value in tags.items():
            setattr(dataset, name, value)
        buffer = io.BytesIO()
        if preamble:
            dataset.save_as(buffer, enforce_file_format=True)
        else:
            del dataset.file_meta
            dataset.save_as(buffer, implicit_vr=False, little_endian=True)
    return buffer.getvalue()


def _set_pixels(dataset: Dataset, samples: np.ndarray, compressed: bytes | None) -> None:
    dataset.Rows, dataset.Columns = samples.shape[:2]
    dataset.SamplesPerPixel = 1 if samples.ndim == 2 else 3
    dataset.PhotometricInterpretation = "MONOCHROME2" if samples.ndim == 2 else "RGB"
    if samples.ndim == 3:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = samples.itemsize * 8
    if samples.dtype.kind == "f":
        name = {4: "FloatPixelData", 8: "DoubleFloatPixelData"}[samples.itemsize]
        setattr(dataset, name, samples.tobytes())
        return
    dataset.BitsStored = samples.itemsize * 8
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(samples.dtype.kind == "i")
    raw = samples.tobytes()
    dataset.PixelData = encapsulate([compressed]) if compressed is not None else raw + bytes(len(raw) % 2)
    dataset["PixelData"].VR = "OW" if samples.itemsize > 1 and compressed is None else "OB"


def _name(dataset: Dataset) -> None:
    """Put the marker where names, numbers, free text and private data live."""
    for tag in ("PatientName", "PatientID", "InstitutionName", "StudyDescription", "OperatorsName", "ImageComments"):
        setattr(dataset, tag, MARKER)
    dataset.file_meta.SourceApplicationEntityTitle = MARKER
    block = dataset.private_block(0x0011, MARKER, create=True)
    block.add_new(1, "LO", MARKER)
    item = Dataset()
    item.PatientName = MARKER
    dataset.OtherPatientIDsSequence = [item]


def lut(entries: np.ndarray, first: int, bits: int, *, explanation: str = "") -> Dataset:
    """An item of a modality or VOI LUT sequence."""
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [len(entries) % 65536, first, bits])
    item.add_new("LUTData", "OW", entries.astype("<u2").tobytes())
    if explanation:
        item.LUTExplanation = explanation
    return item
