"""A picture to keep: the drawn map with its caption, its colour bar and the notice under it."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw, PngImagePlugin

from lightbox.core import notice
from lightbox.imaging.colour import Scale, colour
from lightbox.imaging.lettering import font, wrap
from lightbox.imaging.overlay import grey_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SMALLEST_WIDTH = 640
PAPER, INK, FAINT = (255, 255, 255), (20, 20, 20), (90, 90, 90)


def film(
    picture: NDArray[np.uint8], scale: Scale, *, title: str = "", caption: Sequence[str] = ()
) -> NDArray[np.uint8]:
    """(H', W', 3): the picture untouched on top, and under it title, caption, colour bar and the notice.

    A picture narrower than 640 pixels is enlarged by a whole factor, each pixel repeated, so that the
    text below it can be read and no pixel is invented.

    Args:
        picture: (H, W, 3), as from `overlay.render`.
        scale: what the colour bar shows.
        title: first line, such as the method and the class.
        caption: sentences, wrapped to the width.
    """
    factor = -(-SMALLEST_WIDTH // picture.shape[1]) if picture.shape[1] < SMALLEST_WIDTH else 1
    enlarged = picture.repeat(factor, axis=0).repeat(factor, axis=1)
    width = enlarged.shape[1]
    size = max(13, width // 55)
    strips = [
        _text([title] if title else [], width, round(1.25 * size), INK),
        _text(caption, width, size, INK),
        _labelled_bar(scale, width, size),
        _text([notice.TEXT], width, size, FAINT),
    ]
    return np.concatenate([enlarged, *strips])


def colour_bar(scale: Scale, *, width: int = 256, height: int = 16) -> NDArray[np.uint8]:
    """(height, width, 3): the colours from ``-limit`` (0 where unsigned) on the left to ``limit`` on the right."""
    values = np.linspace(-1.0 if scale.signed else 0.0, 1.0, width)
    row = colour(values[None] * scale.limit, scale)
    return np.repeat(row, height, axis=0)


def png_bytes(picture: NDArray[np.uint8], *, with_notice: bool = False) -> bytes:
    """The picture as PNG with no metadata at all, or with the research notice as its only comment."""
    comment = None
    if with_notice:
        comment = PngImagePlugin.PngInfo()
        comment.add_text("Comment", notice.TEXT)
    buffer = BytesIO()
    # Higher levels take much longer and make the file hardly smaller.
    Image.fromarray(picture).save(buffer, "PNG", pnginfo=comment, compress_level=4)
    return buffer.getvalue()


def data_uri(picture: NDArray[Any], *, max_side: int | None = None) -> str:
    """The picture as a ``data:image/png`` address: it travels in the page and is stored nowhere.

    Args:
        picture: (H, W), (H, W, 3) or (H, W, 4) bytes, or (H, W) floats in 0..1.
        max_side: a longer side is reduced to it, antialiased.
    """
    shown = grey_bytes(picture) if np.issubdtype(picture.dtype, np.floating) else picture
    if max_side is not None and max(shown.shape[:2]) > max_side:
        image = Image.fromarray(shown)
        factor = max_side / max(image.size)
        smaller = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
        shown = np.asarray(image.resize(smaller, Image.Resampling.BOX if factor <= 0.5 else Image.Resampling.BILINEAR))
    return "data:image/png;base64," + base64.b64encode(png_bytes(shown)).decode("ascii")


def _text(lines: Sequence[str], width: int, size: int, ink: tuple[int, int, int]) -> NDArray[np.uint8]:
    """A strip (h, width, 3) of paper with the lines wrapped onto it; no height without lines."""
    if not lines:
        return np.empty((0, width, 3), dtype=np.uint8)
    face, margin, step = font(size), size, round(1.4 * size)
    wrapped = [part for line in lines for part in wrap(line, face, width - 2 * margin)]
    image = Image.new("RGB", (width, step * len(wrapped) + margin), PAPER)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(wrapped):
        draw.text((margin, margin // 2 + number * step), line, font=face, fill=ink)
    return np.asarray(image)


def _labelled_bar(scale: Scale, width: int, size: int) -> NDArray[np.uint8]:
    """The colour bar with its ends and its zero in numbers."""
    margin, face = size, font(size)
    bar = colour_bar(scale, width=width - 2 * margin, height=size)
    image = Image.new("RGB", (width, round(3.4 * size)), PAPER)
    image.paste(Image.fromarray(bar), (margin, size // 2))
    draw = ImageDraw.Draw(image)
    draw.rectangle((margin - 1, size // 2 - 1, width - margin, size // 2 + size), outline=FAINT)
    # Clipped scales say that there is more beyond the end.
    top = f"≥ {scale.limit:.3g}" if scale.clipped_percentile is not None else f"{scale.limit:.3g}"
    below = f"≤ −{scale.limit:.3g}" if scale.clipped_percentile is not None else f"−{scale.limit:.3g}"
    labels = [(margin, "la", below), (width // 2, "ma", "0")] if scale.signed else [(margin, "la", "0")]
    for column, anchor, label in [*labels, (width - margin, "ra", top)]:
        draw.text((column, round(1.8 * size)), label, font=face, fill=INK, anchor=anchor)
    return np.asarray(image)
