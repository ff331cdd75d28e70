"""Pictures that are drawn: noise, shapes, writing, charts, gradients. None of them is a scan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

SIDE = 128
WORDS = (
    "chest", "report", "patient", "Lightbox", "the", "of", "2026", "network", "left", "right", "normal", "12.4 %",
    "relevance", "invoice", "total", "hello", "A", "B", "x = 3", "figure 2", "page", "W", "No.", "accuracy",
)  # fmt: skip


def draw_stranger(chance: np.random.Generator) -> NDArray[np.float32]:
    """(128, 128) float32 in 0..1 of one of the kinds below, drawn at random; about half of them on black."""
    kind = _KINDS[int(chance.integers(len(_KINDS)))]
    picture = np.clip(kind(chance), 0, 1).astype(np.float32)
    if chance.random() < 0.3:
        picture = 1 - picture
    if chance.random() < 0.15:
        picture = np.clip(picture + chance.normal(0, chance.uniform(0.01, 0.2), picture.shape), 0, 1)
    return picture.astype(np.float32)


def _blank(chance: np.random.Generator) -> NDArray[np.float64]:
    level = chance.uniform(0, 1)
    return np.clip(level + chance.normal(0, chance.choice([0, 0.002, 0.02]), (SIDE, SIDE)), 0, 1)


def _noise(chance: np.random.Generator) -> NDArray[np.float64]:
    """White noise of any grain, uniform, normal or salt and pepper."""
    cells = int(chance.choice([4, 8, 16, 32, 64, 128]))
    way = chance.integers(3)
    if way == 0:
        small = chance.random((cells, cells))
    elif way == 1:
        small = np.clip(0.5 + chance.uniform(0.05, 0.4) * chance.standard_normal((cells, cells)), 0, 1)
    else:
        small = (chance.random((cells, cells)) < chance.uniform(0.02, 0.6)).astype(float)
    smooth = Image.Resampling.NEAREST if chance.random() < 0.5 else Image.Resampling.BICUBIC
    return _resized(small, smooth)


def _coloured_noise(chance: np.random.Generator) -> NDArray[np.float64]:
    """Noise whose spectrum falls as a power of frequency: clouds, marble, smoke."""
    fy, fx = np.meshgrid(np.fft.fftfreq(SIDE), np.fft.rfftfreq(SIDE), indexing="ij")
    radius = np.hypot(fy * chance.uniform(0.5, 2), fx)
    radius[0, 0] = 1
    spectrum = radius ** -chance.uniform(0.5, 2.5) * np.exp(2j * np.pi * chance.random(radius.shape))
    spectrum[0, 0] = 0
    return _stretched(np.fft.irfft2(spectrum, (SIDE, SIDE)))


def _ramp(chance: np.random.Generator) -> NDArray[np.float64]:
    rows, columns = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    angle = chance.uniform(0, 2 * np.pi)
    along = rows * np.sin(angle) + columns * np.cos(angle)
    if chance.random() < 0.5:
        along = np.hypot(rows - chance.uniform(-1, 1), columns - chance.uniform(-1, 1))
    steps = int(chance.choice([0, 0, 3, 6, 12]))
    along = _stretched(along)
    return np.floor(along * steps) / steps if steps else along ** chance.uniform(0.3, 3)


def _waves(chance: np.random.Generator) -> NDArray[np.float64]:
    """Stripes, checks and interference."""
    rows, columns = np.mgrid[0 : 1 : SIDE * 1j, 0 : 1 : SIDE * 1j]
    total = np.zeros((SIDE, SIDE))
    for _wave in range(int(chance.integers(1, 4))):
        angle, rate = chance.uniform(0, np.pi), chance.uniform(2, 40)
        total += np.sin(2 * np.pi * (rate * (rows * np.sin(angle) + columns * np.cos(angle)) + chance.random()))
    return _stretched(total) if chance.random() < 0.5 else (total > 0).astype(float)


def _shapes(chance: np.random.Generator) -> NDArray[np.float64]:
    """Ellipses, boxes and lines on a plain or shaded ground."""
    canvas, pen = _canvas(chance)
    for _shape in range(int(chance.integers(1, 14))):
        corners = np.sort(chance.uniform(-20, SIDE + 20, (2, 2)), axis=0).ravel()
        box = [float(corners[0]), float(corners[1]), float(corners[2]), float(corners[3])]
        fill = int(chance.integers(256))
        outline = int(chance.integers(256))
        width = int(chance.integers(1, 6))
        way = int(chance.integers(4))
        if way == 0:
            pen.ellipse(box, fill=fill, outline=outline, width=width)
        elif way == 1:
            pen.rectangle(box, fill=fill, outline=outline, width=width)
        elif way == 2:
            pen.line(box, fill=fill, width=width)
        else:
            pen.polygon([tuple(point) for point in chance.uniform(0, SIDE, (int(chance.integers(3, 7)), 2))], fill=fill)
    if chance.random() < 0.4:
        canvas = canvas.filter(ImageFilter.GaussianBlur(float(chance.uniform(0.5, 6))))
    return np.asarray(canvas) / 255


def _lone_blob(chance: np.random.Generator) -> NDArray[np.float64]:
    """One bright oval on black, plain or with noise inside: as round as a head, and none."""
    rows, columns = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    inside = np.hypot(rows / chance.uniform(0.3, 1), columns / chance.uniform(0.3, 1)) < 1
    filling = chance.uniform(0.3, 1)
    if chance.random() < 0.6:
        other = (_noise, _coloured_noise, _ramp, _waves)[int(chance.integers(4))](chance)
        return np.asarray(inside * (filling * 0.5 + 0.5 * other))
    return np.asarray(inside * filling)


def _writing(chance: np.random.Generator) -> NDArray[np.float64]:
    """A page, a slide or a label: lines of words in some size."""
    ground = int(chance.choice([255, 0, int(chance.integers(256))]))
    canvas = Image.new("L", (SIDE, SIDE), ground)
    pen = ImageDraw.Draw(canvas)
    size = float(chance.uniform(6, 60))
    font = ImageFont.load_default(size)
    ink = 0 if ground > 127 else 255
    y = float(chance.uniform(-5, 30))
    while y < SIDE:
        words = " ".join(chance.choice(WORDS, int(chance.integers(1, 8))))
        pen.text((float(chance.uniform(-10, 20)), y), words, fill=ink, font=font)
        y += size * float(chance.uniform(1, 2.2))
        if chance.random() < 0.1:
            break
    return np.asarray(canvas) / 255


def _chart(chance: np.random.Generator) -> NDArray[np.float64]:
    """Axes with a curve, bars or dots, or a table of grey cells."""
    dark = chance.random() < 0.3
    canvas = Image.new("L", (SIDE, SIDE), 20 if dark else 250)
    pen = ImageDraw.Draw(canvas)
    ink = 230 if dark else 30
    if chance.random() < 0.3:
        cells = chance.random((int(chance.integers(2, 9)), int(chance.integers(2, 9))))
        return _resized(cells, Image.Resampling.NEAREST)
    pen.line([(14, 6), (14, 114), (122, 114)], fill=ink, width=1)
    count = int(chance.integers(3, 30))
    heights = chance.uniform(10, 100, count)
    places = np.linspace(18, 118, count)
    way = chance.integers(3)
    if way == 0:
        pen.line(list(zip(places.tolist(), heights.tolist(), strict=True)), fill=ink, width=int(chance.integers(1, 4)))
    for place, height in zip(places.tolist(), heights.tolist(), strict=True):
        if way == 1:
            pen.rectangle([place - 1.5, 114 - height, place + 1.5, 114], fill=int(chance.integers(60, 200)))
        elif way == 2:
            pen.ellipse([place - 2, height - 2, place + 2, height + 2], fill=ink)
    return np.asarray(canvas) / 255


def _screen(chance: np.random.Generator) -> NDArray[np.float64]:
    """A window with panels and lines of text, as a screenshot of a program is."""
    canvas = Image.new("L", (SIDE, SIDE), int(chance.choice([255, 245, 30, 15])))
    pen = ImageDraw.Draw(canvas)
    pen.rectangle([0, 0, int(chance.integers(10, 50)), SIDE], fill=int(chance.integers(256)))
    pen.rectangle([0, 0, SIDE, int(chance.integers(4, 16))], fill=int(chance.integers(256)))
    for _panel in range(int(chance.integers(2, 10))):
        x, y = chance.integers(0, 110, 2).tolist()
        width, height = chance.integers(6, 60, 2).tolist()
        pen.rectangle([x, y, x + width, y + height], fill=int(chance.integers(256)))
    for _line in range(int(chance.integers(3, 25))):
        x, y = chance.integers(0, 120, 2).tolist()
        pen.rectangle([x, y, x + int(chance.integers(5, 50)), y + 1], fill=int(chance.integers(256)))
    return np.asarray(canvas) / 255


def _canvas(chance: np.random.Generator) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    ground = _ramp(chance) if chance.random() < 0.3 else np.full((SIDE, SIDE), chance.choice([0, 1, chance.random()]))
    canvas = Image.fromarray((ground * 255).astype(np.uint8))
    return canvas, ImageDraw.Draw(canvas)


def _resized(small: NDArray[np.float64], way: Image.Resampling) -> NDArray[np.float64]:
    image = Image.fromarray((small * 255).astype(np.uint8)).resize((SIDE, SIDE), way)
    return np.asarray(image) / 255


def _stretched(values: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = float(values.min()), float(values.max())
    return (values - low) / max(high - low, 1e-9)


_KINDS: tuple[Callable[[np.random.Generator], NDArray[np.float64]], ...] = (
    _blank, _noise, _noise, _coloured_noise, _coloured_noise, _ramp, _waves, _shapes, _shapes, _shapes, _lone_blob,
    _lone_blob, _writing, _writing, _chart, _screen,
)  # fmt: skip
