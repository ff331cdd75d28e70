"""What damaged DICOM files make their readers raise, and what to do with a file that cannot be read."""

from __future__ import annotations

import struct
import zlib

from pydicom.errors import BytesLengthException, InvalidDicomError

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
EXPORT_HINT = "Export it as PNG, or as DICOM with the transfer syntax Explicit VR Little Endian (uncompressed)."
