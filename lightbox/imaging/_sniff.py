"""What a file is, told from its first bytes. Its name and extension are never asked."""

from __future__ import annotations

from lightbox.core.errors import UserFacingError

ACCEPTED = "PNG, JPEG and DICOM"
SCAN_KINDS = frozenset({"PNG", "JPEG", "DICOM"})
# The class of a medium's index, which begins as every DICOM file does.
INDEX_OF_A_MEDIUM = b"1.2.840.10008.1.3.10"
PREAMBLE = 128
MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"\xff\xd8\xff", "JPEG"),
    (PREAMBLE, b"DICM", "DICOM"),
    (0, b"DICM", "DICOM"),
    (0, b"II*\x00", "TIFF"),
    (0, b"MM\x00*", "TIFF"),
    (0, b"II+\x00", "TIFF"),
    (0, b"MM\x00+", "TIFF"),
    (0, b"GIF8", "GIF"),
    (0, b"BM", "BMP"),
    (0, b"%PDF-", "PDF"),
    (0, b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000"),
    (4, b"ftyp", "HEIC, AVIF or video"),
    (0, b"PK\x03\x04", "ZIP"),
    (0, b"\x93NUMPY", "NumPy"),
    (0, b"\x89HDF\r\n\x1a\n", "HDF5"),
    (0, b"8BPS", "Photoshop"),
    (0, b"\x1f\x8b", "gzip"),
    (344, b"n+1\x00", "NIfTI"),
    (344, b"ni1\x00", "NIfTI"),
    (4, b"n+2\x00", "NIfTI"),
)
VALUE_REPRESENTATIONS = frozenset(
    b"AE AS AT CS DA DS DT FL FD IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV".split()
)


def sniff(content: bytes) -> str:
    """The type of the file: "PNG", "JPEG" or "DICOM".

    Raises:
        UserFacingError: the bytes are something else; the sentence names what they look like.
    """
    if not content:
        raise UserFacingError("The file is empty (0 bytes).", "Save or export it again, then upload the new copy.")
    kind = kind_of(content)
    if kind in SCAN_KINDS:
        return kind
    if kind == "DICOMDIR":
        raise UserFacingError(
            "This is a DICOMDIR, the table of contents of a medium; it holds no picture.",
            "Upload one of the image files that lie beside it or in the folders next to it.",
        )
    if kind in {"gzip", "NIfTI"}:
        raise UserFacingError(
            "This looks like a compressed (gzip) file, perhaps NIfTI (.nii.gz), which Lightbox does not yet read."
            if kind == "gzip"
            else "This is a NIfTI volume, which Lightbox does not yet read.",
            "Export one slice as PNG or DICOM and upload that.",
        )
    if kind:
        raise UserFacingError(
            f"This is a {kind} file, which Lightbox does not read.", f"Upload one of the accepted types: {ACCEPTED}."
        )
    raise UserFacingError(
        "This file is not a picture of a known type.", f"Upload one of the accepted types: {ACCEPTED}."
    )


def kind_of(content: bytes) -> str:
    """The name of the type that a file's first bytes look like, "" for none; 4096 of them are enough."""
    if content[PREAMBLE : PREAMBLE + 4] == b"DICM":  # first, because the bytes before it may imitate any other type
        return "DICOMDIR" if INDEX_OF_A_MEDIUM in content[:512] else "DICOM"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    for offset, magic, kind in MAGIC:
        if content.startswith(magic, offset):
            return kind
    if _starts_like_dicom(content):
        return "DICOM"
    return _kind_of_text(content[:4096])


def _starts_like_dicom(content: bytes) -> bool:
    """Whether the bytes begin with a data element of group 0002 or 0008, as DICOM without its preamble does."""
    if len(content) < 8:
        return False
    if content[:2] in {b"\x00\x08", b"\x00\x02"}:  # big endian exists in explicit form only
        return content[4:6] in VALUE_REPRESENTATIONS
    if content[:2] not in {b"\x08\x00", b"\x02\x00"}:
        return False
    # Implicit form has a length instead: the first elements of these groups are short.
    return content[4:6] in VALUE_REPRESENTATIONS or int.from_bytes(content[4:8], "little") <= 1024


def _kind_of_text(start: bytes) -> str:
    """What the text is: "SVG", "HTML", "plain text", or "" where the bytes are not text."""
    if b"\x00" in start:
        return ""
    lowered = start.lower()
    if b"<svg" in lowered:
        return "SVG"
    if b"<html" in lowered or b"<!doctype html" in lowered:
        return "HTML"
    try:
        # A multi-byte letter may be cut at the end of the sample.
        start[:-4].decode("utf-8") if len(start) == 4096 else start.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return "plain text"
