"""What Pillow leaves out of a PNG: whether all rows are there, and the lower half of samples of 16 bits.

Reference:
    W3C PNG (third edition), 7.2 (scanlines), 8 (interlacing), 10.1 (zlib stream), 11.3.1 (transparency).
"""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image

from lightbox.core.errors import UserFacingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

SIGNATURE_BYTES = 8
GREY, COLOUR, PALETTE, GREY_ALPHA, COLOUR_ALPHA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, COLOUR: 3, PALETTE: 1, GREY_ALPHA: 2, COLOUR_ALPHA: 4}
# First row and column, and the steps, of each pass of an interlaced picture.
PASSES = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))
PIECE = 1 << 20


class Header(NamedTuple):
    """The picture's header chunk, IHDR."""

    width: int
    height: int
    bits: int
    kind: int
    interlaced: bool

    @property
    def channels(self) -> int:
        return CHANNELS.get(self.kind, 1)


class Deep(NamedTuple):
    """A picture of 16 bits a sample.

    Args:
        samples: (H, W) or (H, W, 3) uint16.
        opacity: (H, W) float32 in 0..1; None where everything is opaque.
    """

    samples: NDArray[np.uint16]
    opacity: NDArray[np.float32] | None


def read_header(content: bytes) -> Header | None:
    """The header of a PNG; None where the file does not begin with one."""
    if content[12:16] != b"IHDR" or len(content) < 29:
        return None
    width, height, bits, kind, _, _, interlace = struct.unpack(">IIBBBBB", content[16:29])
    return Header(width, height, bits, kind, interlace == 1)


def check_whole(content: bytes) -> None:
    """Refuse a PNG that holds fewer rows than its header states; decoders leave those that are missing black.

    Raises:
        UserFacingError: a part of the rows is missing.
    """
    header = read_header(content)
    if header is None:
        return
    wanted = _expected_bytes(header)
    inflater = zlib.decompressobj()
    counted = 0
    for data in _chunks(content, b"IDAT"):
        rest = bytes(data)
        while rest and counted < wanted and not inflater.eof:
            counted += len(inflater.decompress(rest, PIECE))
            rest = inflater.unconsumed_tail
    while counted < wanted and not inflater.eof and (more := inflater.decompress(inflater.unconsumed_tail, PIECE)):
        counted += len(more)
    if counted < wanted:
        raise UserFacingError(
            f"This PNG ends before its picture does: about {100 * counted // wanted} % of its {header.height} rows are "
            "there.",
            "Copy or export the file again; it was probably cut off on its way.",
        )


def _expected_bytes(header: Header) -> int:
    """How many bytes the rows of the picture take, each with the byte that names its filter."""
    bits = header.bits * header.channels
    if not header.interlaced:
        return header.height * (1 + (header.width * bits + 7) // 8)
    total = 0
    for top, left, down, right in PASSES:
        rows, columns = -(-(header.height - top) // down), -(-(header.width - left) // right)
        if rows > 0 and columns > 0:
            total += rows * (1 + (columns * bits + 7) // 8)
    return total


def _chunks(content: bytes, kind: bytes) -> Iterator[memoryview]:
    """The data of all chunks of one kind. What a broken length leaves is taken as it is."""
    view = memoryview(content)
    at = SIGNATURE_BYTES
    while at + 8 <= len(content):
        length = int.from_bytes(view[at : at + 4], "big")
        if view[at + 4 : at + 8] == kind:
            yield view[at + 8 : at + 8 + length]
        at += 12 + length


def read_deep(content: bytes, header: Header) -> Deep:
    """A picture of 16 bits a sample at its full depth.

    Pillow reads colours and transparency of such files at 8 bits. But it takes off the row filters, which is the hard
    part, and which of the two bytes of a sample it keeps can be chosen: it is asked for the high and for the low ones.
    Grey with opacity it halves in any case; there the four bytes of a pixel are asked for as four channels of 8 bits.

    Args:
        content: the file; of type grey, grey with opacity, colour, or colour with opacity.
        header: of the file.
    """
    if header.kind == GREY:
        with Image.open(BytesIO(content), formats=("PNG",)) as image:
            grey = np.asarray(image).astype(np.uint16)
            marked = image.info.get("transparency")
        return Deep(grey, _where_not(grey == marked) if isinstance(marked, int) else None)
    if header.kind == GREY_ALPHA:
        with Image.open(BytesIO(_as_four_channels(content)), formats=("PNG",)) as image:
            bytes_of_pixels = np.asarray(image)
        return Deep(_joined(bytes_of_pixels, 0, 1), _opacity(_joined(bytes_of_pixels, 2, 3)))
    high, marked = _bytes_of(content, "B")
    low, _ = _bytes_of(content, "L")
    samples = np.empty(high.shape, dtype=np.uint16)
    np.multiply(high, np.uint16(256), out=samples, dtype=np.uint16)
    samples += low
    if header.kind == COLOUR_ALPHA:
        return Deep(samples[..., :3], _opacity(samples[..., 3]))
    if isinstance(marked, tuple) and len(marked) == 3:
        return Deep(samples, _where_not((samples == np.array(marked, dtype=np.uint16)).all(axis=-1)))
    return Deep(samples, None)


def _bytes_of(content: bytes, order: str) -> tuple[NDArray[np.uint8], object]:
    """(H, W, C): the first byte of each sample ("B": Pillow takes it as the high one) or the second ("L")."""
    with Image.open(BytesIO(content), formats=("PNG",)) as image:
        image.tile = [tile._replace(args=f"{image.mode};16{order}") for tile in image.tile]
        return np.asarray(image), image.info.get("transparency")


def _as_four_channels(content: bytes) -> bytes:
    """A file of grey with opacity, 16 bits each, that says of itself that it is of four channels of 8 bits.

    Row filters work on whole pixels of four bytes, and so give the same bytes. A transparent colour is not allowed in
    such a file, and no other chunk is needed.
    """
    stated = bytearray(content[16:29])
    stated[8], stated[9] = 8, COLOUR_ALPHA
    header = b"IHDR" + bytes(stated)
    data = b"".join(
        struct.pack(">I", len(chunk)) + b"IDAT" + chunk + struct.pack(">I", zlib.crc32(chunk, zlib.crc32(b"IDAT")))
        for chunk in _chunks(content, b"IDAT")
    )
    end = struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    return (
        content[:SIGNATURE_BYTES] + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header)) + data + end
    )


def _joined(channels: NDArray[np.uint8], high: int, low: int) -> NDArray[np.uint16]:
    joined: NDArray[np.uint16] = channels[..., high].astype(np.uint16) * np.uint16(256) + channels[..., low]
    return joined


def _opacity(alpha: NDArray[np.uint16]) -> NDArray[np.float32] | None:
    return None if (alpha == 65535).all() else alpha.astype(np.float32) / np.float32(65535)


def _where_not(clear: NDArray[np.bool_]) -> NDArray[np.float32] | None:
    return (~clear).astype(np.float32) if clear.any() else None
