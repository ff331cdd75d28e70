"""Letters burned into a picture: side markers as on real films, and shortcuts for Clever Hans training sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightbox.phantoms.fields import Tube, project_tubes

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Strokes on a grid 4 wide and 6 high, y down. Own strokes, because a font's pixels change with its version.
STROKES: dict[str, tuple[str, ...]] = {
    "A": ("06 20 46", "14 34"),
    "C": ("41 30 10 01 05 16 36 45",),
    "D": ("06 00 20 41 45 26 06",),
    "E": ("40 00 06 46", "03 33"),
    "H": ("00 06", "40 46", "03 43"),
    "I": ("20 26",),
    "K": ("00 06", "40 03 46"),
    "L": ("00 06 46",),
    "M": ("06 00 23 40 46",),
    "N": ("06 00 46 40",),
    "O": ("10 30 41 45 36 16 05 01 10",),
    "P": ("06 00 30 41 42 33 03",),
    "R": ("06 00 30 41 42 33 03", "23 46"),
    "S": ("41 30 10 01 02 13 33 44 45 36 16 05",),
    "T": ("00 40", "20 26"),
    "U": ("00 05 16 36 45 40",),
    "V": ("00 26 40",),
    "X": ("00 46", "40 06"),
    "Y": ("00 23 40", "23 26"),
    "0": ("10 30 41 45 36 16 05 01 10",),
    "1": ("11 20 26",),
    "2": ("01 10 30 41 42 06 46",),
    "3": ("00 40 22 33 44 45 36 16 05",),
    "4": ("36 30 04 44",),
    "5": ("40 00 02 32 43 45 36 06",),
    "6": ("30 03 05 16 36 45 44 33 13 04",),
    "7": ("00 40 16",),
    "8": ("10 30 41 42 33 13 02 01 10", "13 04 05 16 36 45 44 33"),
    "9": ("16 43 41 30 10 01 02 13 33 42",),
    "-": ("13 33",),
    " ": (),
}
ADVANCE = 5.5


@dataclass(frozen=True, slots=True)
class Marker:
    """Text to burn in. An empty text burns nothing, not even what real films of the kind carry.

    Args:
        text: capitals A C D E H I K L M N O P R S T U V X Y, digits, hyphen and space.
        top: y of the text's upper edge, as a fraction of the picture.
        left: x of its left edge.
        height: of the letters.
        brightness: of the strokes, 0..1.
        bold: stroke width as a fraction of the height.
        narrow: width of the letters as a fraction of the usual.
    """

    text: str
    top: float = 0.05
    left: float = 0.05
    height: float = 0.05
    brightness: float = 1.0
    bold: float = 0.16
    narrow: float = 1.0

    def __post_init__(self) -> None:
        unknown = sorted(set(self.text) - set(STROKES))
        if unknown:
            raise ValueError(f"no strokes for {unknown}; known are {' '.join(sorted(STROKES))}")


def marker_ink(marker: Marker, size: int) -> NDArray[np.float64]:
    """(size, size), 0..1: how much of each pixel the strokes cover."""
    unit = marker.height / 6
    tubes = []
    for number, letter in enumerate(marker.text):
        for stroke in STROKES[letter]:
            points = [
                (
                    marker.left + (number * ADVANCE + float(pair[0])) * unit * marker.narrow,
                    marker.top + float(pair[1:]) * unit,
                    0.0,
                )
                for pair in stroke.split()
            ]
            tubes.append(Tube(np.array(points), marker.bold * marker.height / 2))
    if not tubes:
        return np.zeros((size, size))
    # A tube's chord reaches its diameter in the middle: a third of that is well inside the stroke.
    return np.clip(project_tubes(tubes, size) / (marker.bold * marker.height * 0.4), 0, 1)


def burn(picture: NDArray[np.float64], marker: Marker) -> NDArray[np.float64]:
    """The picture with the marker over it."""
    ink = marker_ink(marker, picture.shape[0])
    return picture * (1 - ink) + marker.brightness * ink
