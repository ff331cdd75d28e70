"""Which files of a set are brought as scans, and why each of the others is left out: one rule for every road."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.imaging.annotations import find_annotations
from lightbox.imaging.recognise import is_litter, kind_of_file, looks_like_scan_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# A file so named is brought whatever it holds: if it is no picture, its own row says what it is.
SUFFIXES = (".png", ".jpg", ".jpeg", ".dcm", ".dicom")
LITTER = "An operating system put it there; it is no scan."
EMPTY = "It is empty (0 bytes)."
UNREADABLE = "It cannot be read."


def leave_out(names: Iterable[str], read_head: Callable[[str], bytes]) -> dict[str, str]:
    """The files that are no scans, by name, each with the reason; all others are.

    Args:
        names: paths of all files of the set.
        read_head: the first `recognise.HEAD_BYTES` of a file, asked only where its name does not tell; OSError where it
            cannot be read.
    """
    listed = list(names)
    left_out = {name: LITTER for name in listed if is_litter(name)}
    left_out |= find_annotations(name for name in listed if name not in left_out)
    for name in listed:
        if name not in left_out and not name.lower().endswith(SUFFIXES):
            reason = _why_no_scan(name, read_head)
            if reason:
                left_out[name] = reason
    return {name: left_out[name] for name in listed if name in left_out}


def _why_no_scan(name: str, read_head: Callable[[str], bytes]) -> str:
    """What a file without a scan's suffix is by its first bytes, "" for a scan."""
    try:
        head = read_head(name)
    except OSError:
        return UNREADABLE
    if looks_like_scan_file(name, head):
        return ""
    if not head:
        return EMPTY
    kind = kind_of_file(head)
    if kind == "DICOMDIR":
        return "It is a DICOMDIR, the table of contents of a medium; it holds no picture."
    what = f"Its first bytes are those of {kind}" if kind else "Its first bytes are not those of a picture known here"
    return f"{what}; PNG, JPEG and DICOM are read."
