"""What the viewer is sent: what there is to see and, once it is opened, the pixels and values that it lacks.

The message is a header in JSON and, behind it, blocks of numbers: 4 bytes (little-endian) with the header's length, the
header padded with spaces to a multiple of 4, then the blocks, each padded to a multiple of 4. The header says where in
the last part each block begins and how many bytes it has. All numbers are little-endian.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from components.maps import evidence
from components.maps.heatmap import AGAINST, FOR, ONE_SIDED, width_of_contour
from components.maps.viewer.labels import labels
from components.shell.language import _
from lightbox.core.tasks import TASKS
from lightbox.explainers import METHODS
from lightbox.imaging.colour import STEPS, Scale
from lightbox.imaging.overlay import colour_layer, contour_levels
from lightbox.imaging.preprocess import resize

if TYPE_CHECKING:
    from collections.abc import Container

    from numpy.typing import NDArray

    from components.maps.display_bar import Display
    from lightbox.comparison.truth import Truth
    from lightbox.explainers import Attribution
    from lightbox.imaging.preprocess import Box
    from lightbox.imaging.scan import Scan

# More pixels than this are reduced, and the viewer says so: a phone's browser draws no larger picture.
MOST_PIXELS = 6_000_000
ALIGNED = 4
FASTEST = 1
Put = Callable[[str, Callable[[], bytes]], "list[int] | None"]


@dataclass(frozen=True, slots=True)
class ShownMap:
    """A finished map as it stands on the page.

    Args:
        name: tells it from every other map on the page.
        place: the row that it stands in, in words, such as the network's title.
        result: the map.
        scale: where its colours end.
        box: where its grid lies on the scan.
        class_titles: of the network's classes.
        outlined: whether the outline of the pathology belongs on it.
    """

    name: str
    place: str
    result: Attribution
    scale: Scale
    box: Box
    class_titles: tuple[str, ...]
    outlined: bool = True


@dataclass(frozen=True)  # without slots, so that it can be referred to weakly and keeps what is made of it
class Shown:
    """All maps on the page and how they are drawn there.

    Args:
        maps: in the order of the page.
        display: the drawing choices.
        known: where the pathology is, None where that is not known or not to be drawn.
        doubted: the scan has a concern that is not settled, so that maps should not be read yet.
    """

    maps: tuple[ShownMap, ...]
    display: Display
    known: Truth | None = None
    doubted: bool = False

    @cached_property
    def stamps(self) -> tuple[str, ...]:
        """Of each map: equal where the values are."""
        return tuple(hashlib.blake2b(one.result.values.tobytes(), digest_size=8).hexdigest() for one in self.maps)


def pack(shown: Shown, scan: Scan, have: Container[str] | None = None) -> bytes:
    """The message for the viewer.

    Args:
        shown: the maps.
        scan: that they are of.
        have: stamps of the scan and of maps that the viewer has; None for a viewer that is closed and needs no numbers.
    """
    blocks = _Blocks()

    def put(stamp: str, make: Callable[[], bytes]) -> list[int] | None:
        return None if have is None or stamp in have else blocks.put(make())

    positive_only = shown.display.positive_only
    header = {
        "scan": _describe_scan(scan, put),
        "maps": [
            _describe_map(one, stamp, put, positive_only=positive_only)
            for one, stamp in zip(shown.maps, shown.stamps, strict=True)
        ],
        "outline": [] if shown.known is None else [(line + 0.5).round(2).tolist() for line in shown.known.lines],
        "tables": tables(),
        "steps": evidence.STEPS,
        "view": shown.display.view,
        "opacity": shown.display.opacity,
        "positive_only": positive_only,
        "doubted": shown.doubted,
        "labels": labels(),
    }
    return blocks.behind(header)


def scan_samples(scan: Scan) -> NDArray[Any]:
    """(H, W) bytes or little-endian uint16, from 0 for black to the type's largest for white; reduced where very large.

    A file of more than 8 bits keeps what a narrow window can bring out.
    """
    size_hw, kind = _shown_size(scan), _sample_type(scan)
    pixels = scan.pixels if size_hw == scan.size_hw else resize(scan.pixels, size_hw)
    samples: NDArray[Any] = np.rint(np.clip(pixels, 0, 1) * np.iinfo(kind).max).astype(kind)
    return samples


@cache
def tables() -> dict[str, str]:
    """The colours with their opacities, as base64 of (257, 4) bytes: the rule of `colour_layer`, at full opacity."""
    signed, rising = np.linspace(-1, 1, STEPS)[None], np.linspace(0, 1, STEPS)[None]
    layers = {
        "signed": colour_layer(signed, Scale(1.0, signed=True), opacity=1.0),
        "positive": colour_layer(signed, Scale(1.0, signed=True), opacity=1.0, positive_only=True),
        "unsigned": colour_layer(rising, Scale(1.0, signed=False), opacity=1.0),
    }
    return {name: base64.b64encode(layer.tobytes()).decode("ascii") for name, layer in layers.items()}


class _Blocks:
    """Numbers, one block behind the other."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._length = 0

    def put(self, content: bytes) -> list[int]:
        """Where the block begins and how long it is."""
        place = [self._length, len(content)]
        self._parts.append(content.ljust(_padded(len(content)), b"\0"))
        self._length += len(self._parts[-1])
        return place

    def behind(self, header: dict[str, Any]) -> bytes:
        text = json.dumps(header).encode()
        text = text.ljust(_padded(len(text)))
        return b"".join([len(text).to_bytes(4, "little"), text, *self._parts])


def _padded(length: int) -> int:
    return -(-length // ALIGNED) * ALIGNED


def _describe_scan(scan: Scan, put: Put) -> dict[str, Any]:
    stamp = scan.sha256[:16]
    rows, columns = scan.size_hw
    shown_rows, shown_columns = _shown_size(scan)
    return {
        "stamp": stamp,
        "title": _(TASKS[scan.modality].title),
        "rows": rows,
        "columns": columns,
        "shown_rows": shown_rows,
        "shown_columns": shown_columns,
        "sides": scan.provenance.sides,
        "bytes_each": _sample_type(scan).itemsize,
        "block": put(stamp, lambda: zlib.compress(scan_samples(scan).tobytes(), FASTEST)),
    }


def _describe_map(one: ShownMap, stamp: str, put: Put, *, positive_only: bool) -> dict[str, Any]:
    result, box = one.result, one.box
    rows, columns = result.values.shape
    return {
        "name": one.name,
        "stamp": stamp,
        "method": _(METHODS[result.method].title),
        "place": one.place,
        "outlined": one.outlined,
        "explained": evidence.explained_class(result, one.class_titles),
        "ends": evidence.ends(result, one.class_titles, positive_only=positive_only),
        "rows": rows,
        "columns": columns,
        "box": [box.top, box.left, box.height, box.width],
        "limit": one.scale.limit,
        "scale": _(one.scale.sentence),
        "levels": _levels(one.scale, positive_only=positive_only),
        "signed": one.scale.signed,
        "words": asdict(evidence.wording(result, one.class_titles)),
        "failed": [_(check.sentence) for check in result.checks if check.passed is False],
        "block": put(stamp, lambda: result.values.astype("<f4").tobytes()),
    }


def _levels(scale: Scale, *, positive_only: bool) -> list[dict[str, Any]]:
    """The values that contours are drawn at, in the colours and widths of the page."""
    colours = (FOR, AGAINST) if scale.signed else (ONE_SIDED, ONE_SIDED)
    return [
        {"value": level, "colour": colours[level < 0], "width": width_of_contour(abs(level) / scale.limit)}
        for level in contour_levels(scale, positive_only=positive_only)
    ]


def _shown_size(scan: Scan) -> tuple[int, int]:
    rows, columns = scan.size_hw
    factor = min(1.0, math.sqrt(MOST_PIXELS / (rows * columns)))
    return max(1, int(rows * factor)), max(1, int(columns * factor))


def _sample_type(scan: Scan) -> np.dtype[Any]:
    return np.dtype("<u2" if scan.provenance.bit_depth > 8 else "u1")
