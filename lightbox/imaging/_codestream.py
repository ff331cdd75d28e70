"""The size that a compressed picture states of itself."""

from __future__ import annotations

START_OF_CODESTREAM = b"\xff\x4f\xff\x51"
STANDALONE = {0x01, 0xD8, *range(0xD0, 0xD8)}
# SOF0..SOF15 without DHT, JPG and DAC, and JPEG-LS's SOF55.
FRAME_HEADERS = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}


def codestream_size_hw(frame: bytes) -> tuple[int, int] | None:
    """(height, width) from the header of a JPEG, JPEG-LS or JPEG 2000 codestream; None where there is none.

    Reference:
        ITU-T T.81 B.2.2 (frame header), T.87 C.2.2, T.800 A.5.1 (SIZ: extent minus offset).
    """
    if frame.startswith(b"\xff\xd8"):
        return _jpeg_size_hw(frame)
    start = frame.find(START_OF_CODESTREAM, 0, 4096)  # a JP2 wrapper may stand before it
    if start < 0 or len(frame) < start + 24:
        return None
    width, height, left, top = (int.from_bytes(frame[start + at : start + at + 4], "big") for at in (8, 12, 16, 20))
    return height - top, width - left


def _jpeg_size_hw(frame: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(frame) and frame[at] == 0xFF:
        marker = frame[at + 1]
        if marker == 0xFF or marker in STANDALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in FRAME_HEADERS:
            return int.from_bytes(frame[at + 5 : at + 7], "big"), int.from_bytes(frame[at + 7 : at + 9], "big")
        at += 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
    return None
