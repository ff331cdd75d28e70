"""What is made of a scan for networks and for eyes: each thing once, and forgotten with the scan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from lightbox.imaging.film import data_uri
from lightbox.imaging.preprocess import prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from lightbox.imaging.preprocess import Prepared, Preprocessing
    from lightbox.imaging.scan import Scan

T = TypeVar("T")


class Views:
    """A scan, and what is made of it at the first request and kept as long as this object.

    Whoever holds somebody's scan for longer than a moment holds this, and nothing of the scan elsewhere: letting go of
    it forgets all.

    Args:
        scan: the scan.
    """

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self._kept: dict[Hashable, Any] = {}

    def prepared(self, preprocessing: Preprocessing) -> Prepared:
        """What a network sees of the scan: one array for all networks that prepare it in the same way."""
        return self.once(("prepared", preprocessing.steps), lambda: prepare(self.scan.pixels, preprocessing))

    def film(self, max_side: int) -> str:
        """The scan as a ``data:image/png`` address, no side longer than ``max_side``."""
        return self.once(("film", max_side), lambda: data_uri(self.scan.pixels, max_side=max_side))

    def network_film(self, preprocessing: Preprocessing) -> str:
        """What a network sees as a ``data:image/png`` address, on its own grid."""
        return self.once(("film", preprocessing.steps), lambda: data_uri(self.prepared(preprocessing).pixels))

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` returns, called at the first request for this name; an error is raised and not kept."""
        if name not in self._kept:
            self._kept[name] = make()
        kept: T = self._kept[name]
        return kept

    def latest(self, name: Hashable, about: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` returned when it was last called for this name; it is called where ``about`` is another."""
        held = self._kept.get(name)
        if held is None or held[0] != about:
            held = self._kept[name] = (about, make())
        kept: T = held[1]
        return kept

    def read_as(self, modality: str) -> Views:
        """The same pixels taken for a scan of another modality; what is made of them is shared, whoever asks first."""
        if modality == self.scan.modality:
            return self
        other = Views(self.scan.read_as(modality))
        other._kept = self._kept
        return other
