"""What stands on the page below a comparison: pinned rows, and one method's maps for every class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lightbox.comparison.comparison import Comparison
    from lightbox.comparison.truth import Truth


@dataclass(frozen=True, slots=True)
class Part:
    """A comparison of its own beside the main one.

    Args:
        folder: where its files lie in a ZIP, such as "pinned-1" or "every-class/glioma"; "" for the main one.
        title: what it is, in words.
        comparison: its scan and maps.
        truth: what was placed in its scan, where its outline is drawn.
        row: parts with the same words here stand abreast under them, and their maps of one network and method have one
            colour scale; "" for a part that stands alone.
    """

    folder: str
    title: str
    comparison: Comparison
    truth: Truth | None = None
    row: str = ""
