"""The decoder that runs in a process of its own: bytes on standard input, pixels on standard output.

It says `READY` once all that it needs is imported, and only then reads the file. The answer is one line of JSON, then
the pixels as little-endian float32. A file that takes this process down, by a bug of a codec or by its size, takes
nothing else with it.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from lightbox.core import settings
from lightbox.core.errors import UserFacingError
from lightbox.imaging._cpu import start_counting
from lightbox.imaging._limits import MEBIBYTE, check_bytes
from lightbox.imaging._sniff import sniff
from lightbox.imaging.scan import Provenance, Scan

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

READY = b"ready\n"
# The last line of defence; a picture's own allowance, in `_cpu`, is smaller.
CPU_SECONDS = 40
# Interpreter, numpy and codecs, as address space.
BASE_MEBIBYTES = 384
# Measured peak: a 16-bit DICOM, and a colour PNG with alpha, both below.
BYTES_PER_PIXEL = 32


def decode_here(content: bytes, modality: str) -> Scan:
    """The scan in ``content``, decoded in this process: without the bounds, for tests and for the child.

    Raises:
        UserFacingError: the bytes are not one picture of an accepted type and size.
    """
    pixels, provenance = read_pixels(content)
    return Scan(pixels, modality, provenance)


def read_pixels(content: bytes) -> tuple[NDArray[np.float32], Provenance]:
    """(H, W) float32 in 0..1, and how they came about.

    Raises:
        UserFacingError: as `decode_here`.
    """
    check_bytes(len(content))
    kind = sniff(content)
    # A picture in PNG need not wait for pydicom, nor one in DICOM for Pillow.
    if kind == "DICOM":
        from lightbox.imaging._dicom import read_dicom

        return read_dicom(content)
    from lightbox.imaging._raster import read_raster

    return read_raster(content, kind)


def main() -> None:
    """Answer the one question on standard input; the argument is the kind of the file, as sniffed."""
    _preload(sys.argv[1])
    _be_silent()
    _bound()
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    content = sys.stdin.buffer.read()
    start_counting()
    try:
        pixels, provenance = read_pixels(content)
    except UserFacingError as error:
        _answer({"message": error.message, "hint": error.hint})
        return
    _answer({"shape": pixels.shape, "provenance": asdict(provenance)})
    sys.stdout.buffer.write(pixels.astype("<f4", copy=False).tobytes())
    sys.stdout.buffer.flush()


def _answer(header: dict[str, object]) -> None:
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n")
    sys.stdout.buffer.flush()


def _preload(kind: str) -> None:
    """Import what will be needed while memory and files are still free."""
    importlib.import_module("lightbox.imaging._dicom" if kind == "DICOM" else "lightbox.imaging._raster")
    if kind != "DICOM":
        importlib.import_module(f"PIL.{kind.title()}ImagePlugin")


def _be_silent() -> None:
    """Close standard error: it goes to the log, and warnings of codecs quote the file."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _bound() -> None:
    """Give up memory, time, and the right to write a file. Where the system cannot, the caller's clock remains."""
    try:
        import resource
    except ImportError:
        return
    megapixels = settings.get_number("MAX_MEGAPIXELS")
    upload = settings.get_number("MAX_UPLOAD_MB")
    memory = int((BASE_MEBIBYTES + 3 * upload) * MEBIBYTE + BYTES_PER_PIXEL * megapixels * 1e6)
    for limited, amount in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limited)[1]
        lowered = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        try:
            resource.setrlimit(limited, (lowered, lowered))
        except (OSError, ValueError):  # macOS refuses some of them
            continue


if __name__ == "__main__":
    main()
    # Skips the tidying up of a large heap.
    os._exit(0)
