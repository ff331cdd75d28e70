"""Pictures that mark something in a scan, and are none: masks and label maps, told by how collections name them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lightbox.core.file_names import fold_name

if TYPE_CHECKING:
    from collections.abc import Iterable

# "masks", "lung masks", "left_mask", "segmentation_labels", "ground truth"; case, blanks and hyphens do not matter.
_KIND = r"(masks?|labels?|label_?maps?|segs?|segmentations?|annotations?|contours?|ground_?truths?|gt)"
_FOLDER = re.compile(rf"(([a-z0-9]+_)*{_KIND}|{_KIND}(_(png|jpe?g|images?|files?|\d+))?)")
# "a_mask.png" beside "a.png", and "a_mask_1.png" where there is more than one of it.
_SUFFIX = re.compile(rf"(?P<scan>.+?)[ _.-]+{_KIND}([ _.-]*\d+)?")


def find_annotations(names: Iterable[str]) -> dict[str, str]:
    """Which of the files are masks or the like, with the reason: by a folder's name, or by a suffix of their own.

    A suffix counts only where the scan is there without it, because a scan may be called anything.

    Args:
        names: paths of all files of a set.
    """
    paths = {name: fold_name(name) for name in names}
    scans = {_stem(path) for path in paths.values()}
    found: dict[str, str] = {}
    for name, path in paths.items():
        folder = next((part for part in path.split("/")[:-1] if _FOLDER.fullmatch(_plain(part))), None)
        place, _, file = _stem(path).rpartition("/")
        suffix = _SUFFIX.fullmatch(file)
        if folder is not None:
            found[name] = f"It lies in the folder {folder!r}, as masks do. Rename that folder if it holds scans."
        elif suffix and (f"{place}/{suffix['scan']}" if place else suffix["scan"]) in scans:
            found[name] = f"By its name it marks something in {suffix['scan']}, which is there too."
    return found


def _stem(path: str) -> str:
    """The path without the suffix of the file."""
    folders, slash, file = path.rpartition("/")
    return f"{folders}{slash}{file.rpartition('.')[0] or file}"


def _plain(folder: str) -> str:
    return re.sub(r"[ -]+", "_", folder)
