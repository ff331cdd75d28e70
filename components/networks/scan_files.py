"""The scans behind a network's answers, read from files in the way that their origin allows."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from lightbox.imaging.decode import decode
from lightbox.imaging.film import data_uri
from lightbox.imaging.read_local import read_scan

if TYPE_CHECKING:
    from collections.abc import Callable

    from lightbox.imaging.scan import Scan

THUMBNAIL = 160
MOST_THUMBNAILS = 120


class ScanFiles:
    """Gives the scans of a test set by name and sha256, and keeps a few of them small. Dropping it forgets them.

    Args:
        read: the content of the file with this name and sha256; raises `UserFacingError` where it is not at hand.
        own: whether a visitor brought the files. Then each is decoded in a child process that can be lost, and no
            result of them may be held for others. The operator's files are known by hash, and are read here.
    """

    def __init__(self, read: Callable[[str, str], bytes], *, own: bool) -> None:
        self.own = own
        self._read = read
        self._thumbnails: OrderedDict[tuple[str, str], str] = OrderedDict()

    def scan(self, name: str, sha256: str, task: str) -> Scan:
        """The scan in a file.

        Raises:
            UserFacingError: the file is missing, is another one, or cannot be decoded.
        """
        content = self._read(name, sha256)
        return decode(content, task) if self.own else read_scan(content, task)

    def thumbnail(self, name: str, sha256: str, task: str) -> str:
        """A data URI of the scan, at most `THUMBNAIL` pixels long; decoded once, though the page runs often.

        Raises:
            UserFacingError: as `scan` does.
        """
        key = (name, sha256)
        if key not in self._thumbnails:
            self._thumbnails[key] = data_uri(self.scan(name, sha256, task).pixels, max_side=THUMBNAIL)
            while len(self._thumbnails) > MOST_THUMBNAILS:
                self._thumbnails.popitem(last=False)
        self._thumbnails.move_to_end(key)
        return self._thumbnails[key]
