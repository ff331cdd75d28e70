"""How much a test set may hold: asked before anything is unpacked."""

from __future__ import annotations

MEBIBYTE = 1024 * 1024
MOST_FILES = 20_000
# Of all files, unpacked. They are never in memory together; this bounds the time.
MOST_BYTES = 8192 * MEBIBYTE
# A list of contents of this size names more files than are allowed; a larger one is an attack on our memory.
MOST_DIRECTORY_BYTES = 8 * MEBIBYTE
# Deflate reaches 1032. An honest PNG or JPEG stays below 10; an uncompressed DICOM of a dark slice may not.
MOST_RATIO = 200
RATIO_MATTERS_FROM = MEBIBYTE
MOST_TABLE_BYTES = 8 * MEBIBYTE
LONGEST_NAME = 240
