"""What a compressed picture states of itself: its size, and whether it can be undone exactly."""

from __future__ import annotations

from typing import NamedTuple

START_OF_CODESTREAM = b"\xff\x4f\xff\x51"
STANDALONE = {0x01, 0xD8, *range(0xD0, 0xD8)}
# SOF0..SOF15 without DHT, JPG and DAC, and JPEG-LS's SOF55.
FRAME_HEADERS = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}


class JpegFrame(NamedTuple):
    """What the frame header of a JPEG or JPEG-LS picture says.

    Args:
        process: the second byte of its marker, 0xC0 to 0xCF or 0xF7.
        bits: of a sample.
        size_hw: (height, width).
        components: 1 for grey, 3 for colour, 4 for printing colours.
    """

    process: int
    bits: int
    size_hw: tuple[int, int]
    components: int


def codestream_size_hw(frame: bytes) -> tuple[int, int] | None:
    """(height, width) from the header of a JPEG, JPEG-LS or JPEG 2000 codestream; None where there is none.

    Reference:
        ITU-T T.81 B.2.2 (frame header), T.87 C.2.2, T.800 A.5.1 (SIZ: extent minus offset).
    """
    if frame.startswith(b"\xff\xd8"):
        found = jpeg_frame(frame)
        return found.size_hw if found is not None else None
    start = frame.find(START_OF_CODESTREAM, 0, 4096)  # a JP2 wrapper may stand before it
    if start < 0 or len(frame) < start + 24:
        return None
    width, height, left, top = (int.from_bytes(frame[start + at : start + at + 4], "big") for at in (8, 12, 16, 20))
    return height - top, width - left


def jpeg_frame(frame: bytes) -> JpegFrame | None:
    """The frame header of a JPEG; None where none is found."""
    at = 2
    while at + 10 <= len(frame) and frame[at] == 0xFF:
        marker = frame[at + 1]
        if marker == 0xFF or marker in STANDALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in FRAME_HEADERS:
            height, width = (int.from_bytes(frame[at + place : at + place + 2], "big") for place in (5, 7))
            return JpegFrame(marker, frame[at + 4], (height, width), frame[at + 9])
        at += 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
    return None


def is_reversible(frame: bytes) -> bool:
    """Whether a JPEG 2000 codestream uses the reversible wavelet, which no value overshoots; False where it is none.

    Reference:
        ITU-T T.800 A.6.1 (COD: the last byte of its fixed part is 1 for the 5-3 wavelet).
    """
    start = frame.find(START_OF_CODESTREAM, 0, 4096)
    at = start + 2
    while start >= 0 and at + 14 <= len(frame) and frame[at] == 0xFF and frame[at + 1] != 0x90:
        if frame[at + 1] == 0x52:
            return frame[at + 13] == 1
        at += 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
    return False
