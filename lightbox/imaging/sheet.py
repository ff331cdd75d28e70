"""A sheet of pictures and words, laid out once and written as PNG or as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from PIL import Image, ImageDraw

from lightbox.core import notice
from lightbox.core.file_names import show_name
from lightbox.imaging.film import INK, PAPER, data_uri, png_bytes
from lightbox.imaging.lettering import font, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

Anchor = Literal["start", "middle", "end"]
# DejaVu Sans is as wide as Verdana and wider than the others, so what is wrapped for it fits in any of them.
FAMILY = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif"
LINE_HEIGHT = 1.35
_PILLOW_ANCHORS: dict[Anchor, str] = {"start": "ls", "middle": "ms", "end": "rs"}


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Pixels (h, w, 3) with their upper left corner at (x, y).

    Args:
        x: in pixels of the sheet, from the left.
        y: from the top.
        pixels: shown as they are, one to one.
        alt: the picture in words; "" for an ornament.
    """

    x: int
    y: int
    pixels: NDArray[np.uint8]
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text.

    Args:
        x: where its start, middle or end stands, as ``anchor`` says.
        y: of the line on which the letters stand.
        text: the line; characters that do not print are replaced.
        size: of the font, in pixels.
        ink: colour.
        bold: heavier letters.
        anchor: see ``x``.
    """

    x: int
    y: int
    text: str
    size: int
    ink: tuple[int, int, int] = INK
    bold: bool = False
    anchor: Anchor = "start"


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """What is drawn, pictures first.

    Args:
        width: in pixels.
        height: in pixels.
        title: the sheet in a few words, for who does not see it.
        pictures: drawn in this order.
        words: drawn over them.
    """

    width: int
    height: int
    title: str
    pictures: tuple[Picture, ...]
    words: tuple[Words, ...]

    def to_png(self) -> bytes:
        """The sheet as PNG, with the notice as its only comment."""
        image = Image.new("RGB", (self.width, self.height), PAPER)
        for picture in self.pictures:
            image.paste(Image.fromarray(picture.pixels), (picture.x, picture.y))
        draw = ImageDraw.Draw(image)
        for line in self.words:
            face, anchor = font(line.size, bold=line.bold), _PILLOW_ANCHORS[line.anchor]
            draw.text((line.x, line.y), show_name(line.text), font=face, fill=line.ink, anchor=anchor)
        return png_bytes(np.asarray(image), with_notice=True)

    def to_svg(self) -> bytes:
        """The sheet as SVG: each picture as a PNG inside it, every word as text that can be found and edited."""
        names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        parts = [
            f'<svg {names} role="img" {size} font-family={quoteattr(FAMILY)}>',
            f"<title>{_plain(self.title)}</title>",
            f"<desc>{_plain(notice.TEXT)}</desc>",
            f'<rect width="{self.width}" height="{self.height}" fill="{_hex(PAPER)}"/>',
            *map(_svg_picture, self.pictures),
            *map(_svg_words, self.words),
            "</svg>",
        ]
        return "\n".join(parts).encode()


class Column:
    """Fills a column of a sheet from the top: what is added stands below what was added before.

    Args:
        x: its left edge.
        y: its top.
        width: text is wrapped to it.
        size: of its letters, where nothing else is asked for.
    """

    def __init__(self, x: int, y: int, width: int, size: int) -> None:
        self.x, self.bottom, self.width, self.size = x, y, width, size
        self.pictures: list[Picture] = []
        self.words: list[Words] = []

    def add_picture(self, pixels: NDArray[np.uint8], alt: str = "", *, over: Iterable[str] = ()) -> None:
        """A picture as wide as the column; the lines ``over`` it are wrapped too, and begin at its top."""
        top, inset = self.bottom, self.size
        self.pictures.append(Picture(self.x, top, pixels, alt))
        self.bottom += inset
        self._write(over, self.x + inset, self.width - 2 * inset)
        self.bottom = max(self.bottom, top + pixels.shape[0]) + self.size // 2

    def add_text(
        self,
        lines: Iterable[str],
        *,
        size: int | None = None,
        ink: tuple[int, int, int] = INK,
        bold: bool = False,
    ) -> None:
        """Sentences, each on lines of its own, wrapped to the width."""
        self._write(lines, self.x, self.width, size=size, ink=ink, bold=bold)

    def add_bar(self, bar: NDArray[np.uint8], below: Iterable[tuple[Anchor, str]]) -> None:
        """A colour bar with words under its start, its middle and its end."""
        self.pictures.append(Picture(self.x, self.bottom, bar))
        self.bottom += bar.shape[0] + round(1.15 * self.size)
        places: dict[Anchor, int] = {"start": 0, "middle": self.width // 2, "end": self.width}
        for anchor, text in below:
            self.words.append(Words(self.x + places[anchor], self.bottom, text, self.size, anchor=anchor))
        self.bottom += self.size // 2

    def add_space(self, height: int) -> None:
        self.bottom += height

    def _write(
        self,
        lines: Iterable[str],
        x: int,
        width: int,
        *,
        size: int | None = None,
        ink: tuple[int, int, int] = INK,
        bold: bool = False,
    ) -> None:
        size = size or self.size
        face, step = font(size, bold=bold), round(LINE_HEIGHT * size)
        for line in lines:
            for part in wrap(line, face, width):
                self.words.append(Words(x, self.bottom + size, part, size, ink, bold))
                self.bottom += step


def _svg_picture(picture: Picture) -> str:
    height, width = picture.pixels.shape[:2]
    said = f"aria-label={quoteattr(show_name(picture.alt))}" if picture.alt else 'aria-hidden="true"'
    # Many programs that show SVG know the older xlink:href only; all know it.
    return (
        f'<image x="{picture.x}" y="{picture.y}" width="{width}" height="{height}" {said} '
        f'xlink:href="{data_uri(picture.pixels)}"/>'
    )


def _svg_words(line: Words) -> str:
    weight = ' font-weight="bold"' if line.bold else ""
    anchor = "" if line.anchor == "start" else f' text-anchor="{line.anchor}"'
    return (
        f'<text x="{line.x}" y="{line.y}" font-size="{line.size}" fill="{_hex(line.ink)}"{weight}{anchor}>'
        f"{_plain(line.text)}</text>"
    )


def _plain(text: str) -> str:
    """Text for XML, which knows no control characters, not even escaped ones."""
    return escape(show_name(text))


def _hex(colour: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
