"""Whether a JPEG holds data for all of its picture. Decoders fill what is missing with grey, and say nothing.

A decoder that has run out of data in the middle of a scan would go on with whatever follows, and one that has all it
needs ignores what follows. So the picture is decoded a second time with other bytes put behind each scan: a whole one
comes out the same, bit by bit.

Reference:
    ITU-T T.81 B.1.1 (markers), B.2.3 (scan header), G.1.1 (scans of a progressive picture), F.2.2.5 (data that end).
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from PIL import Image

from lightbox.core.errors import UserFacingError
from lightbox.imaging._codestream import jpeg_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

BASELINE, EXTENDED, PROGRESSIVE = 0xC0, 0xC1, 0xC2
PROCESSES = {
    0xC3: "lossless",
    0xC9: "arithmetic coding",
    0xCA: "arithmetic coding",
    0xCB: "lossless, with arithmetic coding",
    0xF7: "JPEG-LS",
}
# Where entropy-coded data end: a marker that is neither a stuffed byte nor a fill byte. Restarts count as ends.
END_OF_DATA = re.compile(rb"\xff+[^\x00\xff]")
START_OF_SCAN, END_OF_PICTURE = 0xDA, 0xD9
# No code word runs through so many bits of ones and zeros in turn.
FILLING = b"\xaa\x55" * 32
# A decoder without data paints the middle of the range.
GREY, NEAR = 128, 8
LAST_COEFFICIENT = 63


class Scan(NamedTuple):
    """A scan's header: its components, its band of coefficients, and the lowest bit that it brings."""

    components: tuple[int, ...]
    first: int
    last: int
    low_bit: int


def check_readable(content: bytes) -> None:
    """Refuse kinds of JPEG that no decoder here reads, by name.

    Raises:
        UserFacingError: the picture has other than 8 bits a sample, or is coded in a rare way.
    """
    frame = jpeg_frame(content)
    if frame is None:
        return
    hint = "Export it as PNG of 16 bits, or as DICOM (uncompressed)."
    if frame.process in PROCESSES or 0xC5 <= frame.process <= 0xC7 or frame.process >= 0xCD:
        kind = PROCESSES.get(frame.process, "a rare one")
        raise UserFacingError(f"This JPEG is of a kind that Lightbox does not read ({kind}).", hint)
    if frame.bits != 8:
        raise UserFacingError(f"This JPEG holds {frame.bits} bits a sample; Lightbox reads JPEG of 8 bits.", hint)


def decode_once(content: bytes) -> NDArray[Any]:
    """(H, W) or (H, W, C) uint8, as Pillow reads it, before any turn."""
    with Image.open(BytesIO(content), formats=("JPEG",)) as image:
        return np.asarray(image)


def check_whole(
    content: bytes, decoded: NDArray[Any], *, decode_again: Callable[[bytes], NDArray[Any]] = decode_once
) -> None:
    """Refuse a JPEG whose data end before its picture does.

    Args:
        content: the file, or the frame of a DICOM file.
        decoded: (H, W) or (H, W, C), what the decoder made of it.
        decode_again: the same decoder.

    Raises:
        UserFacingError: a part of the data is missing.
    """
    frame = jpeg_frame(content)
    if frame is None:
        return
    corner = np.atleast_1d(decoded[-1, -1]).astype(int)
    if frame.process in {BASELINE, EXTENDED} and corner.size < 4 and (np.abs(corner - GREY) > NEAR).any():
        scans, restarts = _scans(content, first_only=True)
        if scans and len(scans[0].components) == frame.components and not restarts:
            return  # where data of the only scan are missing, everything from there to the last corner is grey
    scans, _ = _scans(content)
    if not _is_covered(scans, frame.components, progressive=frame.process == PROGRESSIVE):
        raise _cut_short()
    if not np.array_equal(decode_again(_filled(content)), decoded):
        raise _cut_short()


def _scans(content: bytes, *, first_only: bool = False) -> tuple[list[Scan], bool]:
    """The headers of all scans or of the first, and whether there are restarts inside them."""
    scans: list[Scan] = []
    restarts = False
    for start, marker in _segments(content):
        if marker == 0xDD:
            restarts = restarts or content[start + 4 : start + 6] != b"\x00\x00"
        if marker == START_OF_SCAN:
            count = content[start + 4]
            body = content[start + 5 : start + 5 + 2 * count + 3]
            if len(body) == 2 * count + 3:
                scans.append(Scan(tuple(body[: 2 * count : 2]), body[-3], body[-2], body[-1] & 15))
            if first_only:
                break
    return scans, restarts


def _segments(content: bytes) -> Iterator[tuple[int, int]]:
    """Where each marker segment starts, and its marker; those inside entropy-coded data are none."""
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:  # stray bytes between segments, which decoders pass over
            at = content.find(b"\xff", at)
            if at < 0:
                break
            continue
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == END_OF_PICTURE:
            break
        if marker <= 0x01 or 0xD0 <= marker <= 0xD8:
            at += 2
            continue
        yield at, marker
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == START_OF_SCAN:
            at = _end_of_scan(content, at)


def _end_of_scan(content: bytes, start: int) -> int:
    """Where the marker behind a scan's data stands, restarts passed over; the end of the file where there is none."""
    for end in END_OF_DATA.finditer(content, start):
        if not 0xD0 <= content[end.end() - 1] <= 0xD7:
            return end.end() - 2
    return len(content)


def _is_covered(scans: list[Scan], components: int, *, progressive: bool) -> bool:
    """Whether the scans bring every component, and in a progressive picture every coefficient to its last bit."""
    seen = {component for scan in scans for component in scan.components}
    if len(seen) < components:
        return False
    if not progressive:
        return True
    for component in seen:
        complete = np.zeros(LAST_COEFFICIENT + 1, dtype=np.bool_)
        for scan in scans:
            if component in scan.components and scan.low_bit == 0:
                complete[scan.first : scan.last + 1] = True
        if not complete.all():
            return False
    return True


def _filled(content: bytes) -> bytes:
    """The file with other bytes put behind the data of each scan and before each restart."""
    pieces = []
    copied = 0
    for start, marker in _segments(content):
        if marker != START_OF_SCAN:
            continue
        data = start + 2 + int.from_bytes(content[start + 2 : start + 4], "big")
        for end in END_OF_DATA.finditer(content, data):
            pieces += [content[copied : end.start()], FILLING]
            copied = end.start()
            if not 0xD0 <= content[end.end() - 1] <= 0xD7:
                break
    return b"".join([*pieces, content[copied:]])


def _cut_short() -> UserFacingError:
    return UserFacingError(
        "The data of this JPEG end before its picture does: a part of it is missing.",
        "Copy or export the file again; it was probably cut off on its way.",
    )
