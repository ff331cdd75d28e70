"""Which of the files that lie about may be scans: told by their first bytes, never by a suffix.

The batch, the test sets and the upload all ask here, so that a folder holds the same scans on every road.
"""

from __future__ import annotations

from lightbox.imaging._sniff import SCAN_KINDS, kind_of

# As many first bytes as recognition needs; more change nothing.
HEAD_BYTES = 4096
# What operating systems and file servers leave behind. Nobody wants to hear of each.
LITTER_FILES = frozenset({".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".localized", "icon\r"})
LITTER_FOLDERS = frozenset(
    {
        "__macosx",
        ".spotlight-v100",
        ".trashes",
        ".fseventsd",
        ".appledouble",
        "$recycle.bin",
        "system volume information",
        "@eadir",
    }
)


def is_litter(name: str) -> bool:
    """Whether an operating system, not a person, put the file there.

    Args:
        name: of the file, with its folders as far as they are known; slashes of either kind.
    """
    *folders, file = name.replace("\\", "/").lower().split("/")
    # "._one.dcm" is what macOS writes beside "one.dcm" on a medium of another system.
    return file in LITTER_FILES or file.startswith("._") or not LITTER_FOLDERS.isdisjoint(folders)


def kind_of_file(head: bytes) -> str:
    """What a file is by its first `HEAD_BYTES`: "PNG", "JPEG", "DICOM", another type's name, "" for none known.

    A DICOM file is known with its preamble and without.
    """
    return kind_of(head[:HEAD_BYTES])


def looks_like_scan_file(name: str, head: bytes) -> bool:
    """Whether a file may be a scan: no litter by its name, and a PNG, JPEG or DICOM file by its first bytes.

    Args:
        name: of the file, with its folders as far as they are known; its suffix is not asked.
        head: the first `HEAD_BYTES` of its content, or all of it.
    """
    return not is_litter(name) and kind_of_file(head) in SCAN_KINDS
