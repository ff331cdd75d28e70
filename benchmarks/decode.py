"""What decoding an upload in a process of its own costs, beside decoding it in the asking process.

Run with ``python -m benchmarks.decode``; ``--record`` keeps the figures in ``docs/records/decode.json``.
"""

from __future__ import annotations

import argparse
import io
import statistics
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian, generate_uid

from benchmarks.record import write_record
from lightbox.imaging.decode import decode
from lightbox.imaging.read_local import read_scan

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

REPEATS = 9
# A chest film of the usual size.
HEIGHT, WIDTH = 1300, 1700
TASK = "chest_xray"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", action="store_true", help="keep the figures in docs/records")
    record = parser.parse_args().record
    figures = {}
    for name, content in make_files().items():
        child, here = median_seconds(decode, content), median_seconds(read_scan, content)
        figures[name] = {"child": round(child, 4), "here": round(here, 4)}
        print(f"{name:32} {child:6.3f} s in a process of its own, {here:6.3f} s in this one")
    if record:
        write_record("decode", figures, command="python -m benchmarks.decode")


def median_seconds(read: Callable[[bytes, str], object], content: bytes) -> float:
    """Of the repeats, after one that is not counted."""
    read(content, TASK)
    seconds = []
    for _ in range(REPEATS):
        begun_at = time.perf_counter()
        read(content, TASK)
        seconds.append(time.perf_counter() - begun_at)
    return statistics.median(seconds)


def make_files() -> dict[str, bytes]:
    """One seeded picture in three formats."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH] / HEIGHT
    noise = np.random.default_rng(0).normal(0, 6, rows.shape)
    pixels = np.clip(200 - 140 * np.exp(-(((columns - 0.4) / 0.2) ** 2)) + noise, 0, 255).astype(np.uint8)
    size = f"{WIDTH} x {HEIGHT}"
    return {
        f"PNG, {size}": make_raster(pixels, "PNG"),
        f"JPEG, {size}": make_raster(pixels, "JPEG"),
        f"DICOM, {size}, uncompressed": make_dicom(pixels),
    }


def make_raster(pixels: NDArray[np.uint8], kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind)
    return buffer.getvalue()


def make_dicom(pixels: NDArray[np.uint8]) -> bytes:
    dataset: Any = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = DigitalXRayImageStorageForPresentation, generate_uid()
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.SamplesPerPixel, dataset.PixelRepresentation = 1, 0
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 8, 8, 7
    dataset.PixelData = pixels.tobytes()
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
